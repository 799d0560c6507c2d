package stats

import "math"

// Ratio is how a cell compares with its base: other divided by base, over
// rounds in which both were measured.
type Ratio struct {
	// Estimate is the Hodges-Lehmann estimate on the paired log ratios; 0 when N
	// is 0.
	Estimate float64
	// Low and High bound its 95 % interval when Interval is true, and are the
	// smallest and the largest ratio of a round otherwise. They are always finite.
	Low, High float64
	// P is the exact two-sided p-value of the Wilcoxon signed-rank test that the
	// ratio is 1; 1 when N is 0.
	P float64
	// N is the number of rounds behind it. It is 0 when a ratio does not exist.
	N int
	// Interval says whether there are enough rounds for an interval. Without one
	// the ratio is indicative.
	Interval bool
}

// ClearOfOne reports whether there is an interval and it lies on one side of 1.
func (r Ratio) ClearOfOne() bool { return r.Interval && (r.Low > 1 || r.High < 1) }

// Beyond reports whether the whole interval lies on one side of 1, of the whole
// interval of noise, which is an A/A ratio, and of its estimate whichever way round:
// which of the two equal cells is called the base is arbitrary.
func (r Ratio) Beyond(noise Ratio) bool {
	s := max(noise.Estimate, 1/noise.Estimate, 1)
	return r.Low > max(s, noise.High) || r.High < min(1/s, noise.Low)
}

// Inverse is the ratio of base to other.
func (r Ratio) Inverse() Ratio {
	if r.N == 0 {
		return r
	}
	r.Estimate, r.Low, r.High = 1/r.Estimate, 1/r.High, 1/r.Low
	return r
}

// Compare estimates other/base from values paired by round. Values at the same
// index belong to one round; a longer slice is cut to the shorter. Pairs with a
// value that is not finite are left out. Two zeros are equal; when a pair has
// only one zero, or a negative value, no ratio exists and N is 0: leaving such a
// pair out would choose the answer.
func Compare(base, other []float64) Ratio {
	d := make([]float64, 0, len(base))
	for i := range min(len(base), len(other)) {
		b, o := base[i], other[i]
		if !finite(b) || !finite(o) {
			continue
		}
		if b == 0 && o == 0 {
			d = append(d, 0)
			continue
		}
		l := logRatio(b, o)
		if b <= 0 || o <= 0 || !finite(l) || !ratioFinite(l) {
			return Ratio{P: 1}
		}
		d = append(d, l)
	}
	if len(d) == 0 {
		return Ratio{P: 1}
	}
	s := locate(d)
	return Ratio{
		Estimate: math.Exp(s.estimate), Low: math.Exp(s.low), High: math.Exp(s.high),
		P: s.p, N: len(d), Interval: s.interval,
	}
}

// logRatio is rounded to a millionth of a millionth, so that 4/2 and 2/1 are a
// tie. Two zeros are equal.
func logRatio(b, o float64) float64 {
	if b == 0 && o == 0 {
		return 0
	}
	return math.Round((math.Log(o)-math.Log(b))*1e12) / 1e12
}

// ratioFinite reports whether a log ratio and its inverse are ratios that a
// float64 holds.
func ratioFinite(l float64) bool { return math.Abs(l) < 700 }

// Difference is other minus base in the metric's own unit, over rounds in which
// both were measured. It exists where a ratio does not: 14 allocations against
// none.
type Difference struct {
	Estimate  float64 // Hodges-Lehmann on the paired differences
	Low, High float64 // as in [Ratio]
	P         float64 // that the difference is 0; 1 when N is 0
	N         int
	Interval  bool
}

// Subtract estimates other-base from values paired by round, as [Compare] does.
func Subtract(base, other []float64) Difference {
	d := make([]float64, 0, len(base))
	for i := range min(len(base), len(other)) {
		if x := other[i] - base[i]; finite(x) {
			d = append(d, x)
		}
	}
	if len(d) == 0 {
		return Difference{P: 1}
	}
	s := locate(d)
	return Difference{Estimate: s.estimate, Low: s.low, High: s.high, P: s.p, N: len(d), Interval: s.interval}
}

// Beyond reports whether the whole interval lies on one side of 0, of the whole
// interval of noise and of its estimate with either sign, as [Ratio.Beyond] does.
func (d Difference) Beyond(noise Difference) bool {
	s := math.Abs(noise.Estimate)
	return d.Low > max(s, noise.High) || d.High < min(-s, noise.Low)
}
