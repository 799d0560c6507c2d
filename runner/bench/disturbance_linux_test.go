package bench_test

import (
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/kernel"
)

// TestDisturbance asks whether sampling changes what it samples: in each round the same
// processes make a pass without and one with, and the ratio of both is the profiling
// effect. SOCKSCOPE_DISTURBANCE says how many rounds; it measures for minutes.
func TestDisturbance(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("SOCKSCOPE_DISTURBANCE"))
	if err != nil || rounds < 1 {
		t.Skip("it measures for minutes: make disturbance")
	}
	if s := kernel.Probe(); !s.Usable() {
		t.Skip(s.Sentence())
	}
	for _, w := range []runner.Workload{runner.DialEcho, runner.Echo} {
		spec := runner.Spec{Workload: w, Rounds: rounds}.WithDefaults()
		cells := spec.Cells()
		effects := map[string][]float64{}
		alone, sampled := map[int]map[string]float64{}, map[int]map[string]float64{} // means by round and cell
		var again []float64                                                          // the base's second cell against its first, unprofiled
		plain := map[int]float64{}
		o := bench.Options{RunDir: runDir(t), Result: func(r runner.Result) error {
			name, mean := cells[r.Cell].Name(), r.Metrics[profiles.LatencyMean]
			effects[name] = append(effects[name], r.ProfilingEffect)
			if sampled[r.Round] == nil {
				alone[r.Round], sampled[r.Round] = map[string]float64{}, map[string]float64{}
			}
			alone[r.Round][name], sampled[r.Round][name] = mean, mean*r.ProfilingEffect
			if cells[r.Cell].Socket == string(spec.Base) {
				if first, ok := plain[r.Round]; ok {
					again = append(again, mean/first)
				}
				plain[r.Round] = mean
			}
			return nil
		}}
		if err := bench.Compare(t.Context(), spec, o); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: unix with itself %s; tcp4 is slower than unix in %d of %d rounds without a profiler and in %d with", w, quartiles(again), slower(alone), rounds, slower(sampled))
		for name, e := range effects {
			t.Logf("%s over %s: profiling effect %s", w, name, quartiles(e))
			if m := stats.Median(e).Median; m > 1.10 {
				t.Errorf("%s over %s: a request takes %.2f times as long while it is profiled", w, name, m)
			}
		}
	}
}

// slower counts the rounds in which tcp4 took longer than unix.
func slower(rounds map[int]map[string]float64) (n int) {
	for _, mean := range rounds {
		if mean["tcp4"] > mean["unix"] {
			n++
		}
	}
	return n
}

// quartiles are the median and the values a quarter of the way from either end.
func quartiles(v []float64) string {
	v = slices.Sorted(slices.Values(v))
	at := func(q float64) string { return strconv.FormatFloat(v[int(q*float64(len(v)-1)+0.5)], 'f', 2, 64) }
	return at(0.5) + " [" + at(0.25) + " " + at(0.75) + "]"
}
