package quantity

import (
	"cmp"
	"math"
	"slices"
)

// AddUp rounds figures to whole numbers that add up to a total, which must be whole:
// each to the nearest, but for the few that were nearest to being rounded the other way
// and make up for what rounding lost.
func AddUp(total float64, figures []float64) []float64 {
	whole, lost, order := make([]float64, len(figures)), make([]float64, len(figures)), make([]int, len(figures))
	missing := total
	for i, v := range figures {
		whole[i] = math.Round(v)
		lost[i] = v - whole[i]
		missing -= whole[i]
		order[i] = i
	}
	sign := math.Copysign(1, missing)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sign*lost[b], sign*lost[a]) })
	for k := 0; k < len(order) && math.Abs(missing) >= 0.5; k++ {
		whole[order[k]] += sign
		missing -= sign
	}
	return whole
}
