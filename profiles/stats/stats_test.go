package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/perf/benchmath"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/stats"
)

var near = cmpopts.EquateApprox(1e-9, 1e-12)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		xs   []float64
		want stats.Estimate
	}{
		{"none", nil, stats.Estimate{Rounds: []float64{}}},
		{"one", []float64{84}, stats.Estimate{Median: 84, Low: 84, High: 84, N: 1, Rounds: []float64{84}}},
		{
			"five give no interval",
			[]float64{5, 1, 4, 2, 3},
			stats.Estimate{Median: 3, Low: 1, High: 5, N: 5, Rounds: []float64{5, 1, 4, 2, 3}},
		},
		{
			"six span all",
			[]float64{6, 1, 5, 2, 4, 3},
			stats.Estimate{Median: 3.5, Low: 1, High: 6, N: 6, Rounds: []float64{6, 1, 5, 2, 4, 3}, Interval: true},
		},
		{
			// For n = 10 the 2nd to the 9th value hold the median with 97.9 %.
			"ten",
			[]float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1},
			stats.Estimate{Median: 5.5, Low: 2, High: 9, N: 10, Rounds: []float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, Interval: true},
		},
		{
			"not finite",
			[]float64{math.NaN(), 2, math.Inf(1)},
			stats.Estimate{
				Median: 2, Low: 2, High: 2, N: 1, Rounds: []float64{2},
				Warnings: []string{"2 of 3 rounds have no finite value and are left out."},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := slices.Clone(tt.xs)
			if diff := cmp.Diff(tt.want, stats.Median(tt.xs)); diff != "" {
				t.Errorf("Median (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(in, tt.xs, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("Median changed its argument:\n%s", diff)
			}
		})
	}
}

// The interval is that which benchstat prints.
func TestMedianEqualsBenchmath(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(1, 1e9), 6, 40).Draw(t, "xs")
		e := stats.Median(xs)
		thresholds := benchmath.DefaultThresholds
		s := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(xs), &thresholds), 0.95)
		if math.Abs(e.Median-s.Center) > 1e-12*s.Center || e.Low != s.Lo || e.High != s.Hi || !e.Interval {
			t.Fatalf("Median = %+v, benchmath %+v", e, s)
		}
	})
}

func TestCompare(t *testing.T) {
	t.Parallel()
	ten := []float64{10, 11, 12, 13, 14, 15, 16, 17, 18, 19}
	times := func(xs []float64, f float64) []float64 {
		ys := make([]float64, len(xs))
		for i, x := range xs {
			ys[i] = x * f
		}
		return ys
	}
	nan := math.NaN()
	for _, tt := range []struct {
		name        string
		base, other []float64
		want        stats.Ratio
	}{
		{"nothing", nil, nil, stats.Ratio{P: 1}},
		{"one round", []float64{10}, []float64{21}, stats.Ratio{Estimate: 2.1, Low: 2.1, High: 2.1, P: 1, N: 1}},
		{"twice", ten, times(ten, 2), stats.Ratio{Estimate: 2, Low: 2, High: 2, P: 2.0 / 1024, N: 10, Interval: true}},
		{"equal", ten, ten, stats.Ratio{Estimate: 1, Low: 1, High: 1, P: 1, N: 10, Interval: true}},
		{"five rounds", ten[:5], times(ten[:5], 2), stats.Ratio{Estimate: 2, Low: 2, High: 2, P: 2.0 / 32, N: 5}},
		{"a gap", []float64{10, nan, 10}, []float64{20, 20, 20}, stats.Ratio{Estimate: 2, Low: 2, High: 2, P: 0.5, N: 2}},
		{"both zero", []float64{0, 0}, []float64{0, 0}, stats.Ratio{Estimate: 1, Low: 1, High: 1, P: 1, N: 2}},
		{"from zero", []float64{0, 0, 10}, []float64{14, 14, 20}, stats.Ratio{P: 1}},
		{"negative", []float64{-1, 10}, []float64{1, 20}, stats.Ratio{P: 1}},
		{"beyond float64", []float64{5e-324}, []float64{math.MaxFloat64}, stats.Ratio{P: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, stats.Compare(tt.base, tt.other), near); diff != "" {
				t.Errorf("Compare (-want +got):\n%s", diff)
			}
		})
	}
}

// A worked example. By size the differences rank −0.01, 0.02, −0.05, 0.11, …: the
// negative ones have ranks 1 and 3, so T = 4, and 7 of the 2⁸ sets of ranks sum
// to 4 or less. Estimate and interval are the median, and the 4th from either
// end, of the 36 Walsh averages.
func TestCompareWorkedExample(t *testing.T) {
	t.Parallel()
	logs := []float64{0.11, 0.23, -0.05, 0.31, 0.17, 0.02, -0.01, 0.42}
	base, other := make([]float64, len(logs)), make([]float64, len(logs))
	var walsh []float64
	for i, l := range logs {
		base[i], other[i] = 100+float64(i), (100+float64(i))*math.Exp(l)
		for _, m := range logs[i:] {
			walsh = append(walsh, (l+m)/2)
		}
	}
	slices.Sort(walsh)
	want := stats.Ratio{
		Estimate: math.Exp((walsh[17] + walsh[18]) / 2), Low: math.Exp(walsh[3]), High: math.Exp(walsh[32]),
		P: 14.0 / 256, N: 8, Interval: true,
	}
	if diff := cmp.Diff(want, stats.Compare(base, other), near); diff != "" {
		t.Errorf("Compare (-want +got):\n%s", diff)
	}
}

func positives(t *rapid.T, n int, label string) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(1, 1e6), n, n).Draw(t, label)
}

// Exchanging the two sides inverts the ratio; a common factor and the order of
// rounds do not matter; the estimate lies within its interval.
func TestCompareProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		base, other := positives(t, n, "base"), positives(t, n, "other")
		r := stats.Compare(base, other)
		if !(r.Low <= r.Estimate && r.Estimate <= r.High) || r.P < 0 || r.P > 1 || r.N != n || r.Interval != (n >= stats.MinRounds) {
			t.Fatalf("Compare(%v, %v) = %+v", base, other, r)
		}
		if diff := cmp.Diff(r, stats.Compare(other, base).Inverse(), cmpopts.EquateApprox(1e-6, 0)); diff != "" {
			t.Fatalf("exchanged sides:\n%s", diff)
		}
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		b2, o2 := make([]float64, n), make([]float64, n)
		for i, k := range order {
			b2[i], o2[i] = base[k]*4, other[k]*4
		}
		if diff := cmp.Diff(r, stats.Compare(b2, o2), near); diff != "" {
			t.Fatalf("other order and unit:\n%s", diff)
		}
		if r.Beyond(r) || r.Beyond(stats.Ratio{Estimate: 1, Low: 1, High: 1}) != (r.Low > 1 || r.High < 1) {
			t.Fatalf("%+v is beyond itself, or not beyond 1 although it is", r)
		}
	})
}

func indices(n int) []int {
	is := make([]int, n)
	for i := range is {
		is[i] = i
	}
	return is
}

// The 95 % interval holds the true ratio at least 95 % of the time.
func TestCompareCoverage(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{6, 7, 10, 20} {
		const trials = 4000
		held, rejected := 0, 0
		for range trials {
			base, other := make([]float64, n), make([]float64, n)
			for i := range n {
				drift := math.Exp(0.3 * rng.NormFloat64()) // common to the round
				base[i] = drift * math.Exp(0.05*rng.NormFloat64())
				other[i] = 1.3 * drift * math.Exp(0.05*rng.NormFloat64())
			}
			r := stats.Compare(base, other)
			if r.Low <= 1.3 && 1.3 <= r.High {
				held++
			}
			for i := range n {
				other[i] /= 1.3
			}
			if stats.Compare(base, other).P < 0.05 {
				rejected++
			}
		}
		coverage, alpha := float64(held)/trials, float64(rejected)/trials
		t.Logf("n=%d: interval holds the truth %.3f of the time; p < 0.05 without a difference %.3f", n, coverage, alpha)
		if coverage < 0.945 || alpha > 0.055 {
			t.Errorf("n=%d: coverage %.3f, false alarms %.3f", n, coverage, alpha)
		}
	}
}

func TestSubtract(t *testing.T) {
	t.Parallel()
	got := stats.Subtract([]float64{0, 0, 0, 0, 0, 0}, []float64{14, 14, 14, 14, 14, 14})
	want := stats.Difference{Estimate: 14, Low: 14, High: 14, P: 2.0 / 64, N: 6, Interval: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Subtract (-want +got):\n%s", diff)
	}
	if got := stats.Subtract([]float64{math.Inf(1)}, []float64{math.Inf(1)}); got != (stats.Difference{P: 1}) {
		t.Errorf("Inf - Inf = %+v", got)
	}
}

func TestHolm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		ps, want []float64
	}{
		{"none", nil, []float64{}},
		{"one", []float64{0.04}, []float64{0.04}},
		{"textbook", []float64{0.01, 0.04, 0.03, 0.005}, []float64{0.03, 0.06, 0.06, 0.02}},
		{"at most 1", []float64{0.6, 0.7}, []float64{1, 1}},
		{"broken", []float64{math.NaN(), -1, 0.01}, []float64{1, 1, 0.03}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, stats.Holm(tt.ps), near); diff != "" {
				t.Errorf("Holm (-want +got):\n%s", diff)
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 4))
	base, other := make([]float64, 10), make([]float64, 10)
	for i := range base {
		base[i], other[i] = 80+rng.Float64(), 170+rng.Float64()
	}
	b.ReportAllocs()
	for b.Loop() {
		stats.Compare(base, other)
	}
}
