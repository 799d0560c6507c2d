package waterfall

import (
	"math"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// Rounded is the figures of a waterfall in whole numbers of a unit, so that what is
// shown adds up too: Base + all Changes = Other. Base and Other are rounded to the
// nearest; so is each change, but for the few that [quantity.AddUp] rounds the other
// way.
type Rounded struct {
	Base, Other float64
	Changes     []float64 // one for each step
}

// Total is Other minus Base.
func (r Rounded) Total() float64 { return r.Other - r.Base }

// Round writes the figures in whole numbers of unit, which must be positive.
func (f Fall) Round(unit float64) Rounded {
	r := Rounded{Base: math.Round(f.Base / unit), Other: math.Round(f.Other / unit)}
	exact := make([]float64, len(f.Steps))
	for i, s := range f.Steps {
		exact[i] = s.Change() / unit
	}
	r.Changes = quantity.AddUp(r.Total(), exact)
	return r
}
