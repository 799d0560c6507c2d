package waterfall

import (
	"math"

	"github.com/sockscope/sockscope/profiles/stats"
)

// together is the error of a sum of differences of profiles that know nothing of
// each other. A sum is noise when its interval holds zero; of one alone the exact
// test says more.
func together(totals []Step) (half float64, noise bool) {
	change, square := 0.0, 0.0
	for _, t := range totals {
		if t.Base == (Amount{}) && t.Other == (Amount{}) {
			continue // what is not there adds no error
		}
		if t.Error == 0 {
			return 0, false
		}
		change += t.Change()
		square += t.Error * t.Error
	}
	half = math.Sqrt(square)
	if len(totals) == 1 {
		return half, totals[0].Noise
	}
	return half, math.Abs(change) < half
}

// worth is what one sample of each profile stands for, in figures; 0 for unknown.
type worth [2]float64

func worthOf(p Pair, steps []Step) worth {
	t := sum(steps, p)
	base, other := perSample(t.Base), perSample(t.Other)
	// A sample of a profile that has none is worth as much as one of that beside it:
	// the figures still differ by their factors.
	if t.Base == (Amount{}) {
		base = other
	}
	if t.Other == (Amount{}) {
		other = base
	}
	return worth{base * p.Base.Factor, other * p.Other.Factor}
}

func perSample(a Amount) float64 {
	if a.Count <= 0 {
		return 0
	}
	return math.Abs(float64(a.Value)) / float64(a.Count)
}

// judge fills in what sampling says about a step; nothing where the samples are not
// known.
func (w worth) judge(s Step) Step {
	if !(w[0] > 0) || !(w[1] > 0) {
		return s
	}
	square := 0.0
	for i, k := range [2]int64{s.Base.Count, s.Other.Count} {
		low, high := stats.CountInterval(k)
		if k <= 0 {
			low, high = 0, 0 // what was never seen adds no error of its own to the other's
		}
		half := (high - low) / 2 * w[i]
		square += half * half
	}
	s.Error = math.Sqrt(square)
	_, s.Noise = stats.Noise(s.Base.Count, s.Other.Count, 1/w[0], 1/w[1])
	return s
}
