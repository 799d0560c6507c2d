package chart

import (
	"math"

	"github.com/sockscope/sockscope/profiles/waterfall"
)

// Fall is where the bars of a waterfall are, on an axis that goes to the right.
type Fall struct {
	Ticks []Tick
	// Zero is where the bars of Base and Other begin.
	Zero, Base, Other float64
	Steps             []Stretch
	// Cut says that the axis does not start at zero: the steps would be too small to
	// see.
	Cut bool
}

// Stretch is a bar from one figure to the next.
type Stretch struct{ From, To float64 }

// cutBelow is the share of the axis below which the steps together are too small to
// be drawn from zero.
const cutBelow = 0.3

// FallOf places a waterfall. Marks are round numbers of the unit; text writes one.
func FallOf(f waterfall.Fall, unit float64, text func(float64) string) Fall {
	low, high := min(f.Base, f.Other), max(f.Base, f.Other)
	for _, s := range f.Steps {
		low, high = min(low, s.To), max(high, s.To)
	}
	d := Fall{Ticks: []Tick{}, Steps: make([]Stretch, 0, len(f.Steps))}
	if !usable(low) || !usable(high) || !(unit > 0) {
		return d
	}
	if low > 0 && high-low < cutBelow*high && high > low {
		d.Cut = true
		low -= (high - low) / 4
	} else {
		low, high = min(low, 0), max(high, 0)
	}
	if low == high {
		high = low + unit
	}
	sp, marks := linearSpan(low/unit, high/unit)
	if !d.Cut && low == 0 {
		sp.low = 0
	}
	at := func(v float64) float64 { return sp.share(v / unit) }
	for _, m := range marks {
		if x := sp.share(m); m >= sp.low && m <= sp.high {
			d.Ticks = append(d.Ticks, Tick{At: x, Label: text(m * unit)})
		}
	}
	d.Base, d.Other = at(f.Base), at(f.Other)
	if !d.Cut {
		d.Zero = at(0)
	}
	for _, s := range f.Steps {
		d.Steps = append(d.Steps, Stretch{From: at(s.From), To: at(s.To)})
	}
	return d
}

// Width is how long a stretch is.
func (s Stretch) Width() float64 { return math.Abs(s.To - s.From) }
