package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	alpha = 1 - confidence
	// roomForHolm is how small Holm's smallest possible p-value must be for the
	// method to be of use.
	roomForHolm = alpha / 5
	// exactFlips is up to how many rounds all patterns of signs are tried, and
	// sampledFlips how many of them beyond.
	exactFlips, sampledFlips = 11, 1 << 10
)

// Adjust turns the p-values of a family of tests into ones of which to reject
// those below 5 % is wrong about any of them at most 5 % of the time. ps are the
// exact Wilcoxon p-values and ds the paired differences (log ratios) behind them,
// a row for each test with its rounds at the same index; 0 where a test lacks the
// round.
//
// With n rounds the Wilcoxon p-value is at least 2^(1−n). Where that times the
// number of tests leaves room, the method is Holm's. Where it does not, Holm could
// never reject anything: with six rounds two cells are too many, with ten rounds
// 26, although some of them may be twice as slow. There the method is that of
// Westfall and Young: had nothing any effect, then the signs of all differences of
// a round could as well be the other way, so each pattern of signs over the rounds
// shows how large the largest of all statistics becomes by noise alone. A test's
// p-value is the share of patterns that bring a statistic as large as its own among
// those that are not larger already (step-down). Its least value is 2^(1−n) whatever
// the number of tests. Which method it is hangs on the numbers of rounds and of
// tests alone, never on what was measured.
//
// The statistic is the mean difference over its noise, which is the standard
// deviation of the magnitudes (it does not change with the signs) plus the median
// of that over the family, so that few rounds that happen to agree do not look like
// certainty.
func Adjust(ps []float64, ds [][]float64) []float64 {
	rounds := 0
	for _, d := range ds {
		rounds = max(rounds, len(d))
	}
	if len(ps) < 2 || rounds < 2 || float64(len(ps))*math.Ldexp(1, 1-rounds) <= roomForHolm {
		return Holm(ps)
	}
	f := newFlips(ds, rounds)
	f.run(rounds)
	return f.pvalues()
}

// flips is Westfall and Young's step-down method by the largest statistic.
type flips struct {
	rows     [][]float64 // differences in units of their noise, the largest statistic first
	order    []int       // which test stands where
	observed []float64   // by row
	count    []int       // patterns that reach it
	patterns int
}

func newFlips(ds [][]float64, rounds int) *flips {
	noise := make([]float64, len(ds))
	for i, d := range ds {
		noise[i] = magnitudeSpread(d)
	}
	common := slices.Sorted(slices.Values(noise))[len(noise)/2]
	f := &flips{
		rows: make([][]float64, len(ds)), order: make([]int, len(ds)),
		observed: make([]float64, len(ds)), count: make([]int, len(ds)),
	}
	statistic := make([]float64, len(ds))
	scaled := make([][]float64, len(ds))
	for i, d := range ds {
		f.order[i] = i
		scaled[i] = make([]float64, rounds)
		for r, v := range d {
			// The last term keeps differences without any noise apart by their size.
			scaled[i][r] = v / (noise[i] + common + 1e-9)
			statistic[i] += scaled[i][r]
		}
		statistic[i] = math.Abs(statistic[i])
	}
	slices.SortStableFunc(f.order, func(a, b int) int { return cmp.Compare(statistic[b], statistic[a]) })
	for row, i := range f.order {
		f.rows[row], f.observed[row] = scaled[i], statistic[i]*(1-1e-9)
	}
	return f
}

// magnitudeSpread is the standard deviation of the magnitudes.
func magnitudeSpread(d []float64) float64 {
	if len(d) < 2 {
		return 0
	}
	mean, square := 0.0, 0.0
	for _, v := range d {
		mean += math.Abs(v) / float64(len(d))
	}
	for _, v := range d {
		square += (math.Abs(v) - mean) * (math.Abs(v) - mean)
	}
	return math.Sqrt(square / float64(len(d)-1))
}

// run tries the patterns. A pattern and its opposite are one, so the sign of the
// first round stands.
func (f *flips) run(rounds int) {
	if rounds <= exactFlips {
		for pattern := range uint64(1) << (rounds - 1) {
			f.try(pattern << 1)
		}
		return
	}
	// What was measured is one of the patterns. The seed is fixed: the same runs
	// give the same verdict.
	f.try(0)
	rng := rand.New(rand.NewPCG(uint64(rounds), uint64(len(f.rows))))
	for range sampledFlips - 1 {
		f.try(rng.Uint64() << 1)
	}
}

func (f *flips) try(pattern uint64) {
	f.patterns++
	largest := 0.0
	for i := len(f.rows) - 1; i >= 0; i-- {
		sum := 0.0
		for r, v := range f.rows[i] {
			if pattern>>r&1 == 1 {
				v = -v
			}
			sum += v
		}
		largest = max(largest, math.Abs(sum))
		if largest >= f.observed[i] {
			f.count[i]++
		}
	}
}

func (f *flips) pvalues() []float64 {
	ps := make([]float64, len(f.order))
	worst := 0.0
	for row, i := range f.order {
		worst = max(worst, float64(f.count[row])/float64(f.patterns))
		ps[i] = worst
	}
	return ps
}
