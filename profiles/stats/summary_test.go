package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
)

// plan is a comparison of unix, its A/A cell, and others.
func plan(rounds int, others ...string) profiles.Comparison {
	cell := profiles.Cell{Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split"}
	c := profiles.Comparison{ID: "C-1", State: profiles.Done, Base: "unix"}
	add := func(socket string, aa bool) {
		cell.Socket, cell.AA = socket, aa
		c.Cells = append(c.Cells, cell)
	}
	add("unix", false)
	add("unix", true)
	for _, o := range others {
		add(o, false)
	}
	c.Total = rounds * len(c.Cells)
	return c
}

// measured returns the runs of rounds 1 to n with one metric, drawn by f.
func measured(c profiles.Comparison, n int, f func(cell, round int) float64) []profiles.Run {
	var runs []profiles.Run
	for round := 1; round <= n; round++ {
		for cell := range c.Cells {
			runs = append(runs, profiles.Run{
				Comparison: c.ID, Round: round, Cell: cell, Attempt: 1,
				Metrics: map[string]float64{profiles.LatencyP50: f(cell, round)},
			})
		}
	}
	return runs
}

func TestSummarize(t *testing.T) {
	t.Parallel()
	c := plan(10, "tcp4")
	factor := []float64{1, 1.01, 2.1}
	runs := measured(c, 10, func(cell, round int) float64 { return (80_000 + 500*float64(round)) * factor[cell] })
	for i := range runs {
		runs[i].Counters = map[string]int64{"dial_retries": int64(i % 3), "time_wait": 100 + int64(i%3)}
		runs[i].ProfilingEffect = 1.05
		runs[i].Curve = []int64{1000, 2000}
		if runs[i].Cell == 2 && runs[i].Round <= 4 {
			runs[i].Warnings = []string{"The load was high.", "The load was high."}
		}
	}
	s := stats.Summarize(c, runs)
	if s.Rounds != 10 || s.Planned != 10 || s.Indicative || len(s.Cells) != 3 {
		t.Fatalf("Summarize: rounds %d of %d, indicative %v, %d cells", s.Rounds, s.Planned, s.Indicative, len(s.Cells))
	}
	for i, want := range []struct{ base, noise int }{{-1, 1}, {0, 1}, {0, 1}} {
		if got := s.Cells[i]; got.Base != want.base || got.Noise != want.noise || got.Index != i {
			t.Errorf("cell %d: base %d, noise %d", i, got.Base, got.Noise)
		}
	}
	tcp := s.Cells[2]
	approx := cmpopts.EquateApprox(1e-9, 0)
	want := stats.Ratio{Estimate: 2.1, Low: 2.1, High: 2.1, P: 2.0 / 1024, N: 10, Interval: true}
	if diff := cmp.Diff(want, tcp.Ratio[profiles.LatencyP50], approx); diff != "" {
		t.Errorf("ratio of tcp4 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(s.Cells[1].Ratio, tcp.AA); diff != "" {
		t.Errorf("A/A of tcp4 (-want +got):\n%s", diff)
	}
	if !tcp.Clear[profiles.LatencyP50] || s.Cells[1].Clear[profiles.LatencyP50] || s.Cells[0].Clear[profiles.LatencyP50] {
		t.Errorf("clear: %v %v %v, want only tcp4", s.Cells[0].Clear, s.Cells[1].Clear, tcp.Clear)
	}
	if got := tcp.Adjusted[profiles.LatencyP50]; got != 2.0/1024 {
		t.Errorf("adjusted p of a family of one = %v", got)
	}
	if diff := cmp.Diff([]stats.Warning{{"The load was high.", 4}}, tcp.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if got := tcp.Counters["dial_retries"]; got != 20 {
		t.Errorf("dial_retries = %d, want 20", got)
	}
	if got := tcp.Counters["time_wait"]; got != 102 {
		t.Errorf("time_wait = %d, want its mean of 102", got)
	}
	if len(tcp.Curve) != len(profiles.Quantiles) || tcp.Curve[1].Median != 2000 || tcp.Curve[2].N != 0 {
		t.Errorf("curve = %+v", tcp.Curve[:3])
	}
	if tcp.Effect.Median != 1.05 || tcp.Effect.N != 10 {
		t.Errorf("profiling effect = %+v", tcp.Effect)
	}
}

// A cell that the A/A cell's own spread could explain is not clear, although its
// interval excludes 1; in whichever direction the A/A cell went.
func TestClearNeedsTheNoiseFloor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		aa, other float64
		want      bool
	}{
		{"quiet base", 1.001, 1.05, true},
		{"same direction", 1.08, 1.05, false},
		{"other direction", 1.08, 0.95, false},
		{"base measured again is faster", 0.92, 1.05, false},
		{"beyond the noise", 1.08, 1.10, true},
		{"beyond the noise, faster", 1.08, 0.9, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := plan(10, "tcp4")
			s := stats.Summarize(c, measured(c, 10, func(cell, round int) float64 {
				return 1000 * float64(round) * []float64{1, tt.aa, tt.other}[cell]
			}))
			if got := s.Cells[2].Clear[profiles.LatencyP50]; got != tt.want {
				t.Errorf("Clear = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestClearWithoutNoiseFloor(t *testing.T) {
	t.Parallel()
	c := plan(10, "tcp4")
	double := func(cell, round int) float64 { return 1000 * float64(round) * float64(1+cell/2) }

	runs := measured(c, 10, double)
	var noAA []profiles.Run
	for _, r := range runs {
		if r.Cell != 1 {
			noAA = append(noAA, r)
		}
	}
	if stats.Summarize(c, noAA).Cells[2].Clear[profiles.LatencyP50] {
		t.Error("clear although the planned A/A cell has not been measured")
	}
	c.Cells = []profiles.Cell{c.Cells[0], c.Cells[2]}
	for i := range noAA {
		noAA[i].Cell /= 2
	}
	if !stats.Summarize(c, noAA).Cells[1].Clear[profiles.LatencyP50] {
		t.Error("not clear in a plan without A/A cell")
	}
}

// Where the base is 0 no ratio exists, and the difference decides.
func TestClearDifference(t *testing.T) {
	t.Parallel()
	c := plan(6, "tcp4")
	s := stats.Summarize(c, measured(c, 6, func(cell, _ int) float64 { return []float64{0, 0, 14}[cell] }))
	tcp := s.Cells[2]
	if _, ok := tcp.Ratio[profiles.LatencyP50]; ok {
		t.Error("14 against 0 has a ratio")
	}
	if d := tcp.Difference[profiles.LatencyP50]; d.Estimate != 14 || !tcp.Clear[profiles.LatencyP50] {
		t.Errorf("difference %+v, clear %v", d, tcp.Clear)
	}
}

func TestSummarizePartial(t *testing.T) {
	t.Parallel()
	c := plan(10, "tcp4", "tcp6")
	t.Run("nothing yet", func(t *testing.T) {
		t.Parallel()
		s := stats.Summarize(c, nil)
		if len(s.Cells) != 4 || s.Rounds != 0 || !s.Indicative || len(s.Cells[2].Ratio) != 0 {
			t.Errorf("Summarize without runs = %+v", s)
		}
		if got := stats.Summarize(profiles.Comparison{}, nil); len(got.Cells) != 0 || got.Rounds != 0 {
			t.Errorf("Summarize of nothing = %+v", got)
		}
	})
	t.Run("within round four", func(t *testing.T) {
		t.Parallel()
		runs := measured(c, 4, func(cell, _ int) float64 { return float64(1000 * (cell + 1)) })
		s := stats.Summarize(c, runs[:len(runs)-1])
		if s.Rounds != 3 || !s.Indicative {
			t.Errorf("rounds %d, indicative %v; want 3, true", s.Rounds, s.Indicative)
		}
		r := s.Cells[2].Ratio[profiles.LatencyP50]
		if r.N != 4 || r.Interval || s.Cells[2].Clear[profiles.LatencyP50] {
			t.Errorf("ratio %+v, clear %v", r, s.Cells[2].Clear)
		}
		if got := s.Cells[3].Ratio[profiles.LatencyP50].N; got != 3 {
			t.Errorf("tcp6 has %d paired rounds, want 3", got)
		}
	})
	t.Run("a later attempt counts, a foreign cell does not", func(t *testing.T) {
		t.Parallel()
		runs := []profiles.Run{
			{Round: 1, Cell: 0, Attempt: 2, Metrics: map[string]float64{profiles.LatencyP50: 2}},
			{Round: 1, Cell: 0, Attempt: 1, Metrics: map[string]float64{profiles.LatencyP50: 1}},
			{Round: 1, Cell: 9, Attempt: 1, Metrics: map[string]float64{profiles.LatencyP50: 1}},
			{Round: 1, Cell: -1, Attempt: 1, Metrics: map[string]float64{profiles.LatencyP50: 1}},
		}
		if got := stats.Summarize(c, runs).Cells[0].Metrics[profiles.LatencyP50]; got.N != 1 || got.Median != 2 {
			t.Errorf("median = %+v, want that of attempt 2", got)
		}
	})
}

// Groups are compared within themselves only.
func TestSummarizeGroups(t *testing.T) {
	t.Parallel()
	c := plan(6, "tcp4")
	for _, cell := range c.Cells[:3] {
		cell.Size = 65536
		c.Cells = append(c.Cells, cell)
	}
	c.Total = 6 * len(c.Cells)
	s := stats.Summarize(c, measured(c, 6, func(cell, _ int) float64 {
		return []float64{10, 10, 20, 100, 100, 300}[cell]
	}))
	if got := s.Cells[5].Ratio[profiles.LatencyP50].Estimate; math.Abs(got-3) > 1e-9 {
		t.Errorf("ratio of the second group = %v, want 3", got)
	}
	if s.Cells[5].Base != 3 || s.Cells[5].Noise != 4 {
		t.Errorf("second group: base %d, noise %d", s.Cells[5].Base, s.Cells[5].Noise)
	}
	if got := s.Cells[5].Adjusted[profiles.LatencyP50]; got != 2.0/64 {
		t.Errorf("adjusted p = %v, want the least that six rounds can show", got)
	}
}

// Whatever the runs hold, no figure of the summary is NaN or infinite.
func TestSummarizeIsFinite(t *testing.T) {
	t.Parallel()
	odd := []float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324}
	rapid.Check(t, func(t *rapid.T) {
		c := plan(8, "tcp4")
		s := stats.Summarize(c, measured(c, rapid.IntRange(0, 8).Draw(t, "n"), func(int, int) float64 {
			if rapid.Bool().Draw(t, "plain") {
				return rapid.Float64Range(1, 100).Draw(t, "v")
			}
			return rapid.SampledFrom(odd).Draw(t, "odd")
		}))
		for _, cell := range s.Cells {
			for _, e := range cell.Metrics {
				mustBeFinite(t, e.Median, e.Low, e.High)
			}
			for _, r := range cell.Ratio {
				mustBeFinite(t, r.Estimate, r.Low, r.High, r.P, r.Inverse().Estimate)
			}
			for _, d := range cell.Difference {
				mustBeFinite(t, d.Estimate, d.Low, d.High, d.P)
			}
		}
	})
}

func mustBeFinite(t *rapid.T, vs ...float64) {
	t.Helper()
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("figures %v", vs)
		}
	}
}

// noisy draws values with a drift that is common to a round and noise of its own
// for each run.
func noisy(rng *rand.Rand, sd, ratio float64) func(cell, round int) float64 {
	drift := map[int]float64{}
	return func(cell, round int) float64 {
		if _, ok := drift[round]; !ok {
			drift[round] = math.Exp(0.2*rng.NormFloat64() + 0.03*float64(round))
		}
		v := 80_000 * drift[round] * math.Exp(sd*rng.NormFloat64())
		if cell >= 2 {
			v *= ratio
		}
		return v
	}
}

// Honesty: without a difference at most 8 % of comparisons may show one; with a
// true ratio of 1.3 and 5 % noise at least 99 % must.
func TestClearIsHonest(t *testing.T) {
	t.Parallel()
	const comparisons = 1000
	for _, tt := range []struct {
		rounds    int
		sd, ratio float64
		others    int
		low, high float64 // share of comparisons with any clear difference
	}{
		{6, 0.05, 1, 1, 0, 0.08},
		{10, 0.05, 1, 1, 0, 0.08},
		{20, 0.05, 1, 1, 0, 0.08},
		{10, 0.30, 1, 1, 0, 0.08},
		{10, 0.05, 1, 9, 0, 0.08}, // nine sockets, any of them
		{10, 0.05, 1.3, 1, 0.99, 1},
		{20, 0.05, 1.3, 1, 0.99, 1},
		{6, 0.05, 1.3, 1, 0.7, 1}, // six rounds span their interval from end to end
		{20, 0.05, 1.1, 1, 0.7, 1},
	} {
		t.Run(fmt.Sprintf("rounds=%d sd=%v ratio=%v sockets=%d", tt.rounds, tt.sd, tt.ratio, tt.others), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(7, uint64(tt.rounds)))
			var sockets []string
			for i := range tt.others {
				sockets = append(sockets, fmt.Sprint("other", i))
			}
			c := plan(tt.rounds, sockets...)
			clear := 0
			for range comparisons {
				s := stats.Summarize(c, measured(c, tt.rounds, noisy(rng, tt.sd, tt.ratio)))
				for _, cell := range s.Cells {
					if cell.Clear[profiles.LatencyP50] {
						clear++
						break
					}
				}
			}
			share := float64(clear) / comparisons
			t.Logf("clear in %.1f %% of %d comparisons", 100*share, comparisons)
			if share < tt.low || share > tt.high {
				t.Errorf("clear in %.3f of comparisons, want %v … %v", share, tt.low, tt.high)
			}
		})
	}
}

func BenchmarkSummarize(b *testing.B) {
	rng := rand.New(rand.NewPCG(8, 9))
	c := plan(10, "tcp4")
	draw := noisy(rng, 0.05, 2)
	runs := measured(c, 10, draw)
	for i := range runs {
		runs[i].Curve = make([]int64, len(profiles.Quantiles))
		for q := range runs[i].Curve {
			runs[i].Curve[q] = int64(80_000 * (1 + q))
		}
		for _, m := range profiles.Metrics {
			runs[i].Metrics[m.Name] = draw(runs[i].Cell, runs[i].Round)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		stats.Summarize(c, runs)
	}
}
