package templates

import (
	"math"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// ratioEnd ends the scale of ratio bars: a third to three times the base. What is
// beyond is drawn at the end.
const ratioEnd = 3.0

// NewRatioBar places a ratio and its interval on the logarithmic scale that all
// ratio bars share. A ratio that is not a positive number is drawn at 1.
func NewRatioBar(estimate, low, high float64, tone Tone) RatioBar {
	return RatioBar{
		Text: quantity.Ratio(estimate), Interval: quantity.Range(low, high), Tone: tone,
		One: ratioPlace(1), At: ratioPlace(estimate), Low: ratioPlace(low), High: ratioPlace(high),
	}
}

// ratioPlace maps 1/ratioEnd … ratioEnd to 0.02 … 0.98, so that marks at the ends are whole.
func ratioPlace(r float64) float64 {
	if !(r > 0) { // also NaN
		r = 1
	}
	x := math.Log(r) / math.Log(ratioEnd) // -1 … 1
	return 0.5 + 0.48*max(-1, min(1, x))
}

func (b RatioBar) label() string { return "ratio " + b.Text + ", interval " + b.Interval }

// series of the nth column of values, 0 without one.
func (c CodeCard) series(i int) int {
	if i >= len(c.Columns) {
		return 0
	}
	return c.Columns[i].Series
}
