package compare

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
)

func TestMain(m *testing.M) {
	child.Main()
	os.Exit(m.Run())
}

// gated is a report of unix and tcp4 after rounds, tcp4 costing ratio times unix and
// the A/A cell aa times, with a tenth of a percent of noise.
func gated(rounds int, aa, ratio float64, m string) *export.Report {
	cell := profiles.Cell{Socket: "unix", Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split"}
	again, tcp, na := cell, cell, cell
	again.AA, tcp.Socket, na.Socket, na.NA = true, "tcp4", "vsock", "There is none."
	if m == profiles.BytesPerSecond {
		cell.Workload, again.Workload, tcp.Workload, na.Workload = "stream", "stream", "stream", "stream"
	}
	r := &export.Report{Comparison: profiles.Comparison{State: profiles.Done, Base: "unix", Cells: []profiles.Cell{cell, again, tcp, na}}}
	for round := 1; round <= rounds; round++ {
		for i, v := range []float64{1, aa, ratio} {
			r.Runs = append(r.Runs, profiles.Run{Round: round, Cell: i, Metrics: map[string]float64{
				m: 80_000 * v * (1 + 0.001*float64((7*round+3*i)%10)),
			}})
		}
	}
	r.Comparison.Total = 3 * rounds
	r.Summary = stats.Summarize(r.Comparison, r.Runs)
	r.Verdict = verdict.Of(r.Comparison, r.Summary, nil)
	return r
}

// noisyBase is 30 % worse in every round, and the base is up to twice itself, now
// more and now less.
func noisyBase() *export.Report {
	r := gated(10, 1, 1.3, profiles.LatencyP50)
	for i := range r.Runs {
		if r.Runs[i].Cell == 1 {
			r.Runs[i].Metrics[profiles.LatencyP50] *= []float64{2, 0.5}[r.Runs[i].Round%2]
		}
	}
	r.Summary = stats.Summarize(r.Comparison, r.Runs)
	return r
}

func TestGate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		r                *export.Report
		threshold        float64
		failed, unjudged string // what the only sentence has; "" for none
	}{
		{"worse", gated(10, 1, 1.2, profiles.LatencyP50), 0.05, "tcp4 (5 B messages, 1 connection, placement split) is +20", ""},
		{"worse by less than the threshold", gated(10, 1, 1.04, profiles.LatencyP50), 0.05, "", ""},
		{"likely worse, not for sure", gated(10, 1, 1.0505, profiles.LatencyP50), 0.05, "", ""},
		{"better", gated(10, 1, 0.5, profiles.LatencyP50), 0.05, "", ""},
		{"a rate that is lower", gated(10, 1, 0.8, profiles.BytesPerSecond), 0.05, "bytes per second", ""},
		{"a rate that is higher", gated(10, 1, 2, profiles.BytesPerSecond), 0.05, "", ""},
		{"base unlike itself", gated(10, 1.1, 2, profiles.LatencyP50), 0.05, "", "differs from itself"},
		{"as noisy as that", noisyBase(), 0.05, "", "the noise is as large"},
		{"too few rounds", gated(5, 1, 2, profiles.LatencyP50), 0.05, "", "no interval"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			failed, unjudged := Gate(tt.r, tt.threshold)
			for what, got := range map[string][2]string{"failed": {strings.Join(failed, "|"), tt.failed}, "unjudged": {strings.Join(unjudged, "|"), tt.unjudged}} {
				if (got[0] == "") != (got[1] == "") || !strings.Contains(got[0], got[1]) || strings.Contains(got[0], "|") {
					t.Errorf("%s: %q, want %q", what, got[0], got[1])
				}
			}
			var stderr bytes.Buffer
			err := judge(&stderr, []*Outcome{{Report: *tt.r}}, tt.threshold)
			var gate *GateFailed
			if errors.As(err, &gate) != (tt.failed != "") || gate != nil && gate.ExitCode() != 1 {
				t.Errorf("error %v", err)
			}
			if strings.HasPrefix(stderr.String(), "warning: ") != (tt.unjudged != "") {
				t.Errorf("stderr %q", stderr.String())
			}
		})
	}
}

// In an open loop the gate speaks of response time.
func TestGateOfOpenLoop(t *testing.T) {
	t.Parallel()
	r := gated(10, 1, 1.2, profiles.LatencyP50)
	r.Comparison.Spec = json.RawMessage(`{"rate":20000}`)
	if failed, _ := Gate(r, 0.05); len(failed) != 1 || !strings.Contains(failed[0], "by response time p50") {
		t.Errorf("failed %q", failed)
	}
}

// typed parses flags as the command does, without running it.
func typed(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	c := Command()
	c.SilenceErrors, c.SilenceUsage = true, true
	var out, errOut bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&errOut)
	c.SetArgs(args)
	err = c.ExecuteContext(t.Context())
	return out.String(), errOut.String(), err
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		says []string
	}{
		{[]string{"--fail-above", "5%", "--rounds", "5"}, []string{"5 rounds", "--rounds 6"}},
		{[]string{"--fail-above", "much"}, []string{`"much"`, "5%"}},
		{[]string{"--sizes", "1..1M*1"}, []string{"--sizes", "1..1M*1", "1..1024*4"}},
		{[]string{"--concurrency", "1K"}, []string{"--concurrency", `"1K"`}},
		{[]string{"--workload", "dance"}, []string{`"dance"`, "dial-echo"}},
		{[]string{"--variants", "loud"}, []string{`"loud"`, "nagle"}},
		{[]string{"--variants", "resume"}, []string{`"resume"`}},
		{[]string{"--ports", "two"}, []string{`"two"`, "rotate"}},
		{[]string{"--budget", "3ms"}, []string{"--budget", "1s"}},
		{[]string{"--budget", "-5m"}, []string{"--budget", "1s"}},
		{[]string{"--budget", "2s", "--workload", "echo,dial-echo,http"}, []string{"--budget of 2s", "3 workloads", "use 3s"}},
		{[]string{"--workload", "http", "--sockets", "unixgram,tcp"}, []string{"base", "HTTP"}},
		{[]string{"--workload", "http,h2c", "--sockets", "unixgram,tcp"}, []string{"none of the workloads"}},
		{[]string{"--workload", "stream", "--rate", "100"}, []string{"stream", "rate"}},
		{[]string{"--sizes", "1..1M*2", "--concurrency", "1..64*2", "--sockets", "all"}, []string{"cells"}},
	} {
		stdout, _, err := typed(t, tt.args...)
		if err == nil || stdout != "" {
			t.Errorf("%q: %v, printed %q", tt.args, err, stdout)
			continue
		}
		for _, s := range tt.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%q: %q does not say %q", tt.args, err, s)
			}
		}
		var failure *Failure
		if errors.As(err, &failure) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %#v is no error of usage in one sentence", tt.args, err)
		}
	}
}

// All sockets and workloads become plans, each cell measured or with its reason.
func TestPlans(t *testing.T) {
	t.Parallel()
	o := flags{
		spec: runner.Article(), workloads: []string{"all"}, sockets: []string{"tcp", "all"}, placements: []string{"split"},
		sizes: []string{"64"}, concurrency: []string{"1"}, variants: []string{"nagle", "flood"}, kernel: "auto", ports: "rotate", budget: 3600e9,
	}
	o.spec.Rounds = 6
	var stderr bytes.Buffer
	plans, err := o.plans(&stderr)
	if err != nil {
		t.Fatal(err)
	}
	var workloads []string
	for _, p := range plans {
		workloads = append(workloads, string(p.spec.Workload))
		if p.spec.Base != runner.TCP4 || len(p.spec.Sockets) != len(runner.Sockets) || p.spec.Budget != 600 || profiles.Measured(p.cells) < 4 {
			t.Errorf("%s: base %s, %d sockets, budget %d s, %d cells", p.spec.Workload, p.spec.Base, len(p.spec.Sockets), p.spec.Budget, profiles.Measured(p.cells))
		}
		if slices.Contains(p.spec.Variants, runner.Flood) != (p.spec.Workload == runner.Stream) {
			t.Errorf("%s: variants %v", p.spec.Workload, p.spec.Variants)
		}
	}
	if len(workloads) != len(runner.Workloads) {
		t.Errorf("plans for %v; %s", workloads, stderr.String())
	}
	announce(&stderr, plans)
	if !strings.Contains(stderr.String(), "not measured: socketpair with dial-echo, http-dial: A socketpair has no address") || !strings.Contains(stderr.String(), "runs, about ") {
		t.Errorf("announced %q", stderr.String())
	}
}

// A budget is for the workloads that are measured.
func TestBudgetOfLeftOut(t *testing.T) {
	t.Parallel()
	o := flags{
		spec: runner.Article(), workloads: []string{"echo", "http"}, sockets: []string{"unixgram", "unix"}, placements: []string{"split"},
		sizes: []string{"64"}, concurrency: []string{"1"}, kernel: "auto", ports: "rotate", budget: 600e9,
	}
	var stderr bytes.Buffer
	plans, err := o.plans(&stderr)
	if err != nil || len(plans) != 1 || plans[0].spec.Budget != 600 || !strings.Contains(stderr.String(), "http is left out") {
		t.Errorf("%d plans, %v; %s", len(plans), err, stderr.String())
	}
}

// Where nothing can be kept nothing is measured, and what cannot be kept is still
// written to stdout.
func TestOutFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, err := typed(t, "--requests", "10", "--rounds", "1", "--out", filepath.Join(file, "out"))
	if err == nil || !strings.Contains(err.Error(), "--out") || stdout+stderr != "" {
		t.Errorf("%v; printed %q and %q", err, stdout, stderr)
	}
	if testing.Short() {
		t.Skip("runs real processes")
	}
	if err := os.MkdirAll(filepath.Join(dir, "out", "result.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	stdout, _, err = typed(t, "--workload", "echo", "--sockets", "unix", "--requests", "200", "--rounds", "1", "--format", "json", "--out", filepath.Join(dir, "out"))
	var d export.Comparison
	if jsonErr := json.Unmarshal([]byte(stdout), &d); jsonErr != nil || len(d.Cells) != 2 {
		t.Errorf("%d cells, %v", len(d.Cells), jsonErr)
	}
	var failure *Failure
	if !errors.As(err, &failure) || !strings.Contains(err.Error(), "write the result") {
		t.Errorf("error %v", err)
	}
}

// The command measures, writes every format, and its gate ends with its own error.
func TestCommand(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs real processes")
	}
	dir := filepath.Join(t.TempDir(), "out")
	args := []string{"--workload", "echo,dial-echo", "--sockets", "unix,socketpair", "--rounds", "1", "--requests", "200", "--out", dir}
	stdout, stderr, err := typed(t, append(args, "--format", "json")...)
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	var documents []export.Comparison
	if err := json.Unmarshal([]byte(stdout), &documents); err != nil || len(documents) != 2 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	if na := documents[1].Cells[2]; na.NA == "" || na.Socket != "socketpair" || len(na.Metrics) != 0 || documents[1].Progress.Total != 2 {
		t.Errorf("socketpair with dial-echo: %+v of %d runs", na, documents[1].Progress.Total)
	}
	for _, name := range []string{"echo/result.json", "echo/socketpair.client.go.pprof", "dial-echo/unix-aa.server.go.pprof"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}

	out, err := Run(t.Context(), runner.Spec{Workload: runner.Echo, Sockets: []runner.Socket{runner.Unix}, Rounds: 2, Requests: 200}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range formats() {
		var b strings.Builder
		if err := write(&b, []*Outcome{out, out}, true); err != nil || b.Len() == 0 {
			t.Errorf("%s: %v", name, err)
		}
		switch name {
		case "hdr":
			h, err := hdrhistogram.NewHistogramLogReader(strings.NewReader(b.String())).NextIntervalHistogram()
			if err != nil || h == nil || h.TotalCount() != 200 {
				t.Errorf("hdr: %v, %v", h, err)
			}
		case "csv":
			first, _, _ := strings.Cut(b.String(), "\n\n")
			if rows, err := csv.NewReader(strings.NewReader(first)).ReadAll(); err != nil || len(rows) != 5 {
				t.Errorf("csv: %d rows, %v", len(rows), err)
			}
		}
	}
}

// What is done already is written when a later workload fails.
func TestFailureKeepsWhatIsDone(t *testing.T) {
	t.Parallel()
	done := &Outcome{Report: *gated(6, 1, 2, profiles.LatencyP50)}
	var b bytes.Buffer
	err := (&flags{}).stopped(&b, formats()["json"], []*Outcome{done}, true, errors.New("the port is gone"))
	var documents []export.Comparison
	if jsonErr := json.Unmarshal(b.Bytes(), &documents); jsonErr != nil || len(documents) != 1 {
		t.Errorf("%d documents, %v", len(documents), jsonErr)
	}
	var failure *Failure
	if !errors.As(err, &failure) || err.Error() != "the port is gone" {
		t.Errorf("error %v", err)
	}
	b.Reset()
	if err := (&flags{}).stopped(&b, formats()["json"], nil, false, errors.New("no")); err == nil || b.Len() != 0 {
		t.Errorf("nothing was done: %v, printed %q", err, b.String())
	}
}

// A run that is stopped ends as a failure of the run, not of usage.
func TestStopped(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := Command()
	c.SilenceErrors, c.SilenceUsage = true, true
	c.SetOut(&bytes.Buffer{})
	c.SetErr(&bytes.Buffer{})
	c.SetArgs([]string{"--requests", "10", "--rounds", "1"})
	err := c.ExecuteContext(ctx)
	var failure *Failure
	if !errors.As(err, &failure) || failure.ExitCode() != 3 {
		t.Errorf("error %v", err)
	}
}
