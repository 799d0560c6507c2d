package waterfall

import (
	"cmp"
	"math"
	"slices"
)

// Rounded is the figures of a waterfall in whole numbers of a unit, so that what is
// shown adds up too: Base + all Changes = Other. Base and Other are rounded to the
// nearest; so is each change, but for the few that were nearest to being rounded the
// other way and make up for what rounding lost.
type Rounded struct {
	Base, Other float64
	Changes     []float64 // one for each step
}

// Total is Other minus Base.
func (r Rounded) Total() float64 { return r.Other - r.Base }

// Round writes the figures in whole numbers of unit, which must be positive.
func (f Fall) Round(unit float64) Rounded {
	r := Rounded{Base: math.Round(f.Base / unit), Other: math.Round(f.Other / unit), Changes: make([]float64, len(f.Steps))}
	missing := r.Total()
	order := make([]int, len(f.Steps))
	lost := make([]float64, len(f.Steps)) // what rounding took away
	for i, s := range f.Steps {
		exact := s.Change() / unit
		r.Changes[i] = math.Round(exact)
		lost[i] = exact - r.Changes[i]
		missing -= r.Changes[i]
		order[i] = i
	}
	sign := math.Copysign(1, missing)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sign*lost[b], sign*lost[a]) })
	for k := 0; k < len(order) && math.Abs(missing) >= 0.5; k++ {
		r.Changes[order[k]] += sign
		missing -= sign
	}
	return r
}
