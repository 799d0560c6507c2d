package bench_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// short is the least profiled pass that makes a profile.
const short = 50 * time.Millisecond

func TestCompare(t *testing.T) {
	t.Parallel()
	spec := runner.Spec{Rounds: 2, Requests: 1200, Concurrency: []int{2}}
	cells := spec.WithDefaults().Cells()
	var results []runner.Result
	var seen []string
	o := bench.Options{
		RunDir: runDir(t), Profile: short,
		Result: func(r runner.Result) error { results = append(results, r); return nil },
		Progress: func(p runner.Progress) {
			seen = append(seen, fmt.Sprint(p.Done, "/", p.Total, " ", p.Round, " ", p.Phase))
		},
	}
	if err := bench.Compare(t.Context(), spec, o); err != nil {
		t.Fatal(err)
	}
	empty(t, o.RunDir)
	want := []string{}
	for i := range 2 * len(cells) {
		for _, phase := range []string{bench.WarmUp, bench.Timing, bench.Profiled} {
			want = append(want, fmt.Sprint(i, "/", 6, " ", i/3+1, " ", phase))
		}
	}
	want = append(want, "6/6 0 ")
	if d := cmp.Diff(want, seen); d != "" {
		t.Errorf("progress (-want +got):\n%s", d)
	}
	got := map[string]int{}
	for i, r := range results {
		got[fmt.Sprint(r.Round, " ", r.Cell)]++
		if r.Round != i/3+1 || r.Position != i%3 {
			t.Errorf("result %d is of round %d, position %d", i, r.Round, r.Position)
		}
		checkResult(t, r, 1200)
	}
	if len(got) != 6 || slices.Max(slices.Collect(maps.Values(got))) != 1 {
		t.Errorf("runs by round and cell: %v", got)
	}
}

// expected tells whether a run of the workload over the socket has a metric.
func expected(name string, k runner.Socket, w runner.Workload, requests, rate int) bool {
	latency := w != runner.Stream
	switch name {
	case profiles.BytesPerSecond:
		return w == runner.Stream
	case profiles.LatencyMean, profiles.LatencyP50:
		return latency
	case profiles.LatencyP90:
		return latency && requests >= 100
	case profiles.LatencyP99:
		return latency && requests >= 1000
	case profiles.LatencyP999:
		return latency && requests >= 100_000
	case profiles.ServiceMean, profiles.ServiceP50, profiles.LateShare:
		return rate > 0
	case profiles.ServiceP90:
		return rate > 0 && requests >= 100
	case profiles.ServiceP99:
		return rate > 0 && requests >= 1000
	case profiles.ServiceP999:
		return rate > 0 && requests >= 100_000
	case profiles.LostShare:
		return k.Lossy()
	case profiles.ClientUser, profiles.ClientSys, profiles.ClientCPU:
		return rate == 0
	case profiles.DialsPerRequest:
		return w.HTTP()
	}
	return true
}

// mayBeZero are the metrics of which a short pass may have none.
func mayBeZero(name string) bool {
	return strings.Contains(name, "alloc") || strings.Contains(name, "_cpu_") || strings.HasSuffix(name, "_share") || name == profiles.DialsPerRequest
}

// checkResult holds a result to what the contract promises of every run.
func checkResult(t *testing.T, r runner.Result, requests int64) {
	t.Helper()
	checkRun(t, r, runner.Unix, runner.DialEcho, requests, 0)
}

func checkRun(t *testing.T, r runner.Result, k runner.Socket, w runner.Workload, requests int64, rate int) {
	t.Helper()
	for _, m := range profiles.Metrics {
		v, ok := r.Metrics[m.Name]
		if want := expected(m.Name, k, w, int(requests), rate); ok != want {
			t.Errorf("%s = %g, present: %t, want %t", m.Name, v, ok, want)
		}
		if ok && (v < 0 || v == 0 && !mayBeZero(m.Name)) {
			t.Errorf("%s = %g", m.Name, v)
		}
	}
	h, err := hdrhistogram.Decode(r.Histogram)
	if err != nil {
		t.Fatal(err)
	}
	latencies := requests - r.Counters["messages_lost"]
	switch {
	case w == runner.Stream && (h.TotalCount() != 0 || r.Counters["messages_sent"] < requests):
		t.Errorf("%d latencies and %d messages of a stream, want none and at least %d", h.TotalCount(), r.Counters["messages_sent"], requests)
	case w != runner.Stream && (h.TotalCount() != latencies || r.Counters["requests"] != latencies):
		t.Errorf("%d latencies, %d requests, want %d", h.TotalCount(), r.Counters["requests"], latencies)
	}
	if w != runner.Stream {
		checkCurve(t, r, requests)
	}
	if r.ProfilingEffect <= 0 || r.Elapsed <= 0 || r.StartedAt.IsZero() || r.Warnings == nil {
		t.Errorf("run %+v", r.Run)
	}
	checkProfiles(t, r, requests)
	if _, err := json.Marshal(r); err != nil {
		t.Errorf("a result cannot travel: %v", err)
	}
}

func checkCurve(t *testing.T, r runner.Result, requests int64) {
	t.Helper()
	if n := len(r.Curve); n != len(profiles.Quantiles) || requests >= 200 && r.Curve[0] <= 0 || r.Curve[n-1] != 0 {
		t.Errorf("curve %v", r.Curve)
	}
}

func checkProfiles(t *testing.T, r runner.Result, requests int64) {
	t.Helper()
	sides := map[profiles.Side]bool{}
	for _, p := range r.Profiles {
		sides[p.Side] = true
		sum := sha256.Sum256(p.Data)
		if p.Kind != profiles.Go || p.Ops < min(requests, 100) || p.Duration < short || p.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("profile %s %s of %d requests in %s", p.Side, p.Kind, p.Ops, p.Duration)
		}
		parsed, err := profile.Parse(bytes.NewReader(p.Data))
		if err != nil || parsed.SampleType[1].Type != "cpu" {
			t.Errorf("profile of the %s: %v", p.Side, err)
		}
	}
	if len(r.Profiles) != 2 || !sides[profiles.Client] || !sides[profiles.Server] {
		t.Errorf("%d profiles of %v", len(r.Profiles), sides)
	}
}

func TestSkipKeepsTheOrder(t *testing.T) {
	t.Parallel()
	runs := func(skip func(round, cell int) bool) (all []string) {
		o := bench.Options{RunDir: runDir(t), Profile: short, Seed: 7, Skip: skip, Result: func(r runner.Result) error {
			all = append(all, fmt.Sprint(r.Round, " ", r.Cell, " ", r.Position))
			return nil
		}}
		if err := bench.Compare(t.Context(), runner.Spec{Rounds: 2, Requests: 20}, o); err != nil {
			t.Fatal(err)
		}
		return all
	}
	whole := runs(nil)
	rest := runs(func(round, cell int) bool {
		return slices.ContainsFunc(whole[:4], func(s string) bool { return strings.HasPrefix(s, fmt.Sprint(round, " ", cell, " ")) })
	})
	if d := cmp.Diff(whole[4:], rest); d != "" {
		t.Errorf("runs after an interruption (-want +got):\n%s", d)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	for _, c := range []struct {
		name string
		spec runner.Spec
		o    bench.Options
		want string
	}{
		{"wrong spec", runner.Spec{Rounds: -1}, bench.Options{}, "-1 rounds"},
		{"long run directory", runner.Spec{Requests: 10}, bench.Options{RunDir: longDir(t)}, "fit into a unix address"},
		{"no run directory", runner.Spec{Requests: 10}, bench.Options{RunDir: "/nowhere/at/all"}, "make the run directory"},
		{"result is not taken", runner.Spec{Requests: 10}, bench.Options{Result: func(runner.Result) error { return full }}, "the disk is full"},
		{"client crashes", runner.Spec{Requests: 10}, bench.Options{Env: []string{script + "=crash client"}}, "a script told me to crash"},
		{"server crashes", runner.Spec{Requests: 10}, bench.Options{Env: []string{script + "=crash server"}}, "a script told me to crash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.Profile = short
			if c.o.RunDir == "" {
				c.o.RunDir = runDir(t)
			}
			err := bench.Compare(t.Context(), c.spec, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Compare: %v, want %q in it", err, c.want)
			}
			if c.o.RunDir != "/nowhere/at/all" {
				empty(t, c.o.RunDir)
			}
		})
	}
}

// TestLinesOfTheLoop profiles the article's loop for as long as by default, and
// looks where its time is put: on the lines of the four calls, and on them alone.
func TestLinesOfTheLoop(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../workload/dial_echo.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Split(string(source), "\n")
	lines := map[string]int64{}
	o := bench.Options{RunDir: runDir(t), Skip: func(_, cell int) bool { return cell != 0 }, Result: func(r runner.Result) error {
		p, err := profile.Parse(bytes.NewReader(r.Profiles[0].Data))
		if err != nil {
			return err
		}
		for _, s := range p.Sample {
			for _, l := range s.Location {
				for _, f := range l.Line {
					if strings.HasSuffix(f.Function.Name, "workload.DialEcho") {
						lines[strings.TrimSpace(text[f.Line-1])] += s.Value[0]
					}
				}
			}
		}
		return nil
	}}
	if err := bench.Compare(t.Context(), runner.Spec{Rounds: 1, Requests: 1000}, o); err != nil {
		t.Fatal(err)
	}
	t.Logf("samples by line: %v", lines)
	calls, others := int64(0), int64(0)
	for line, n := range lines {
		if strings.Contains(line, "dialer.Dial()") || strings.Contains(line, "conn.Write(") || strings.Contains(line, "io.ReadFull(") || strings.Contains(line, "conn.Close()") {
			calls += n
		} else {
			others += n
		}
	}
	if calls < 3 || others > calls {
		t.Errorf("%d samples on the four calls and %d on other lines", calls, others)
	}
}
