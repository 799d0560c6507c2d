package bench_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// honesty is how many comparisons of a socket with itself to make. A few are made
// with every test; SOCKSCOPE_HONESTY=200 makes as many as a claim needs.
func honesty(t *testing.T) (same, different int, asked bool) {
	t.Helper()
	text := os.Getenv("SOCKSCOPE_HONESTY")
	if text == "" {
		return 3, 1, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("SOCKSCOPE_HONESTY=%q is no number of comparisons", text)
	}
	return n, max(n/10, 1), true
}

// TestHonesty compares unix with unix, ten short rounds each time: that a
// difference is called must stay rare.
//
// It measures, so it does not run beside other tests of this package.
func TestHonesty(t *testing.T) {
	n, _, asked := honesty(t)
	called := map[string]int{}
	began := time.Now()
	for i := range n {
		s := compareWith(t, runner.Unix, 500, 30*time.Millisecond)
		for metric, clear := range s.Clear {
			if clear {
				called[metric]++
			}
		}
		r, aa := s.Ratio[profiles.LatencyP50], s.AA[profiles.LatencyP50]
		t.Logf("comparison %d: unix is %.3f [%.3f %.3f] of itself, A/A %.3f [%.3f %.3f], called: %t", i+1,
			r.Estimate, r.Low, r.High, aa.Estimate, aa.Low, aa.High, s.Clear[profiles.LatencyP50])
	}
	calls := called[profiles.LatencyP50]
	t.Logf("%d of %d comparisons of unix with itself (%.1f %%) call a difference of the median latency; by metric: %v; %s a comparison",
		calls, n, 100*float64(calls)/float64(n), called, (time.Since(began) / time.Duration(n)).Round(10*time.Millisecond))
	// Of a few comparisons one may be unlucky.
	if most := max(n*8/100, 1); calls > most {
		t.Errorf("%d of %d comparisons of unix with itself call a difference, and at most %d may (asked for: %t)", calls, n, most, asked)
	}
}

// TestHonestyPower compares tcp4 with unix in the same way: that the difference of
// dialing is called must be the rule.
func TestHonestyPower(t *testing.T) {
	_, n, asked := honesty(t)
	called := 0
	for i := range n {
		s := compareWith(t, runner.TCP4, 2000, 0)
		r := s.Ratio[profiles.LatencyP50]
		t.Logf("comparison %d: tcp4 takes %.2f [%.2f %.2f] of the time of unix, A/A %.3f [%.3f %.3f], called: %t", i+1, r.Estimate, r.Low, r.High,
			s.AA[profiles.LatencyP50].Estimate, s.AA[profiles.LatencyP50].Low, s.AA[profiles.LatencyP50].High, s.Clear[profiles.LatencyP50])
		if s.Clear[profiles.LatencyP50] && r.Estimate > 1 {
			called++
		}
	}
	t.Logf("%d of %d comparisons of tcp4 with unix call the difference", called, n)
	// A machine that is busy with other tests may blur one.
	if asked && called < n {
		t.Errorf("%d of %d comparisons of tcp4 with unix call the difference, want all", called, n)
	}
}

// compareWith makes ten rounds of unix, unix again (A/A) and other, and returns how
// other compares with the first.
func compareWith(t *testing.T, other runner.Socket, requests int, warmUp time.Duration) stats.CellSummary {
	t.Helper()
	const rounds = 10
	cell := profiles.Cell{Socket: string(runner.Unix), Workload: string(runner.DialEcho), Size: 5, Concurrency: 1, Placement: string(runner.Split)}
	cells := []profiles.Cell{cell, cell, cell}
	cells[1].AA, cells[2].Socket = true, string(other)
	spec := runner.Spec{Rounds: rounds, Requests: requests}.WithDefaults()
	c := profiles.Comparison{Base: string(runner.Unix), Cells: append([]profiles.Cell{}, cells...), Total: rounds * len(cells)}
	if other == runner.Unix {
		c.Cells[2].Socket = "unix, a third time" // so that it is no base
	}
	var runs []profiles.Run
	err := bench.Compare(t.Context(), spec, bench.Options{
		Cells: cells, RunDir: runDir(t), WarmUp: warmUp, Profile: -1,
		Result: func(r runner.Result) error {
			if len(r.Profiles) > 0 || r.ProfilingEffect != 0 {
				t.Errorf("a run without a profiled pass has %d profiles and the effect %g", len(r.Profiles), r.ProfilingEffect)
			}
			runs = append(runs, r.Run)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := stats.Summarize(c, runs)
	if s.Rounds != rounds {
		t.Fatalf("%d of %d rounds are complete", s.Rounds, rounds)
	}
	return s.Cells[2]
}
