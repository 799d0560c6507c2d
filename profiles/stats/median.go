package stats

import (
	"fmt"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// MinRounds is the least number of rounds that gives a 95 % interval: with five
// the probability that all of them lie on one side of the truth is 2/2⁵ = 6 %.
// Fewer rounds are indicative.
const MinRounds = 6

const confidence = 0.95

// Estimate is a metric of one cell over its rounds. The round is the datum:
// requests within a run are not independent and never counted as if they were.
type Estimate struct {
	// Median over the rounds; 0 when N is 0.
	Median float64
	// Low and High bound the 95 % interval of the median when Interval is true,
	// and are the smallest and the largest round otherwise. They are always
	// finite.
	Low, High float64
	// N is the number of rounds behind it.
	N int
	// Rounds are the values in the order of the rounds.
	Rounds []float64
	// Interval says whether there are enough rounds for an interval.
	Interval bool
	// Warnings are sentences for people.
	Warnings []string
}

// Median estimates a metric from its values, one a round, by their median and
// its order-statistic interval, as benchstat does. Values that are not finite
// are left out with a warning.
func Median(xs []float64) Estimate {
	e := Estimate{Rounds: make([]float64, 0, len(xs))}
	for _, x := range xs {
		if finite(x) {
			e.Rounds = append(e.Rounds, x)
		}
	}
	e.N = len(e.Rounds)
	if left := len(xs) - e.N; left > 0 {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d of %d rounds have no finite value and are left out.", left, len(xs)))
	}
	if e.N == 0 {
		return e
	}
	sorted := slices.Clone(e.Rounds)
	thresholds := benchmath.DefaultThresholds
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(sorted, &thresholds), confidence)
	e.Median, e.Low, e.High = middle(sorted), s.Lo, s.Hi
	e.Interval = e.N >= MinRounds && finite(s.Lo) && finite(s.Hi)
	if !e.Interval {
		e.Low, e.High = sorted[0], sorted[e.N-1]
	}
	return e
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
