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

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		parts []string
		units bool
		want  []int
		says  string // of the error
	}{
		{[]string{"64", "1K", " 64KiB", "1M"}, true, []int{64, 1024, 65536, 1 << 20}, ""},
		{[]string{"1..1MiB×4"}, true, []int{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1 << 20}, ""},
		{[]string{"1..1M*16"}, true, []int{1, 16, 256, 4096, 65536, 1 << 20}, ""},
		{[]string{"1..100*4"}, false, []int{1, 4, 16, 64, 100}, ""},
		{[]string{"1..4*2", "4..16*2"}, false, []int{1, 2, 4, 8, 16}, ""},
		{[]string{"5..5*2"}, false, []int{5}, ""},
		{[]string{"0"}, true, []int{0}, ""}, // for Validate to refuse
		{[]string{"1..1M"}, true, nil, "1..1M*4"},
		{[]string{"1..10*1"}, false, nil, "factor of 2"},
		{[]string{"10..1*2"}, false, nil, "upwards"},
		{[]string{"0..8*2"}, false, nil, "from 1"},
		{[]string{"ten"}, false, nil, `"ten"`},
		{[]string{"8K"}, false, nil, `"8K"`},
		{[]string{"8iK"}, true, nil, `"8iK"`},
		{[]string{"8G"}, true, nil, "64KiB"},
		{[]string{""}, true, nil, "size"},
		{[]string{"99999999999M"}, true, nil, "99999999999M"},
		{[]string{"3000000000000000000000"}, false, nil, "3000000000000000000000"},
		{[]string{"1..2147483647*2"}, false, append(powers(31), 2147483647), ""},
	} {
		got, err := numbers("--sizes", tt.parts, tt.units)
		if !slices.Equal(got, tt.want) || (err != nil) != (tt.says != "") {
			t.Errorf("%q: %v, %v; want %v", tt.parts, got, err, tt.want)
		}
		if err != nil && (!strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(err.Error(), "--sizes: ")) {
			t.Errorf("%q: %q does not say %q", tt.parts, err, tt.says)
		}
	}
}

func powers(n int) []int {
	var ps []int
	for i := range n {
		ps = append(ps, 1<<i)
	}
	return ps
}

func FuzzNumbers(f *testing.F) {
	f.Add("1..1MiB×4")
	f.Add("-9223372036854775808K")
	f.Fuzz(func(t *testing.T, s string) {
		if ns, err := numbers("--sizes", []string{s}, true); err == nil && (len(ns) == 0 || len(ns) > mostNumbers) {
			t.Errorf("%q: %d numbers", s, len(ns))
		}
	})
}

func TestParseThreshold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]float64{"5%": 0.05, "0.05": 0.05, " 5 % ": 0.05, "150%": 1.5, "0": 0} {
		if got, err := parseThreshold(s); err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "5", "NaN", "-1%", "1e999", "five", "Inf%"} {
		if got, err := parseThreshold(s); err == nil || !strings.Contains(err.Error(), "--fail-above") {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
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
		{[]string{"--sizes", "1..1M"}, []string{"--sizes", "1..1M*4"}},
		{[]string{"--concurrency", "1K"}, []string{"--concurrency", `"1K"`}},
		{[]string{"--workload", "dance"}, []string{`"dance"`, "dial-echo"}},
		{[]string{"--variants", "loud"}, []string{`"loud"`, "nagle"}},
		{[]string{"--variants", "resume"}, []string{`"resume"`}},
		{[]string{"--ports", "two"}, []string{`"two"`, "rotate"}},
		{[]string{"--budget", "3ms"}, []string{"--budget", "1s"}},
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
