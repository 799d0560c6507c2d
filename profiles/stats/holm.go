package stats

import (
	"cmp"
	"slices"
)

// Holm adjusts the p-values of a family of tests by Holm's step-down method, so
// that rejecting those below 5 % is wrong about any of them at most 5 % of the
// time. The result is in the order of ps; values that are not probabilities
// count as 1.
func Holm(ps []float64) []float64 {
	adjusted := make([]float64, len(ps))
	order := make([]int, len(ps))
	for i, p := range ps {
		order[i] = i
		adjusted[i] = 1
		if p >= 0 && p < 1 {
			adjusted[i] = p
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(adjusted[a], adjusted[b]) })
	worst := 0.0
	for rank, i := range order {
		worst = max(worst, min(1, adjusted[i]*float64(len(ps)-rank)))
		adjusted[i] = worst
	}
	return adjusted
}
