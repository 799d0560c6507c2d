package stats

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// shift is the location of a sample of differences: the Hodges-Lehmann estimate
// with the interval and the p-value that belong to it.
type shift struct {
	estimate, low, high, p float64
	interval               bool
}

// locate estimates the centre of symmetry of d, which must not be empty.
//
// The estimate is the median of the n(n+1)/2 Walsh averages (dᵢ+dⱼ)/2, i ≤ j;
// the interval is between the c-th smallest and the c-th largest of them, where
// c is the largest number with P(T < c) ≤ 2.5 % for the Wilcoxon signed-rank
// statistic T of n values without ties. With ties this interval is conservative.
// Without enough values low and high are the smallest and largest difference.
func locate(d []float64) shift {
	walsh := walshAverages(d)
	m := len(walsh)
	s := shift{
		estimate: middle(walsh),
		low:      walsh[0],
		high:     walsh[m-1],
		p:        signedRank(d),
	}
	if c := critical(len(d)); len(d) >= MinRounds && c > 0 {
		s.low, s.high, s.interval = walsh[c-1], walsh[m-c], true
	}
	return s
}

// walshAverages returns the means of all pairs, each value with itself
// included, in ascending order.
func walshAverages(d []float64) []float64 {
	w := make([]float64, 0, len(d)*(len(d)+1)/2)
	for i, a := range d {
		for _, b := range d[i:] {
			w = append(w, a/2+b/2)
		}
	}
	slices.Sort(w)
	return w
}

// middle is the median of what is sorted and not empty. The halves come first,
// since the sum of two finite values need not be finite.
func middle(sorted []float64) float64 {
	n := len(sorted)
	return sorted[(n-1)/2]/2 + sorted[n/2]/2
}

// signedRank is the exact two-sided p-value of the Wilcoxon signed-rank test
// that d is symmetric around zero. Equal magnitudes share the mean of their
// ranks; zeros take part in the ranking and are then left out (Pratt), since
// dropping them first would make a sample of mostly zeros look decided. The
// distribution is that over all signs given these very ranks, so ties need no
// correction.
func signedRank(d []float64) float64 {
	ranks := doubledRanks(d)
	total, positive := 0, 0
	used := make([]int, 0, len(d))
	for i, r := range ranks {
		if d[i] == 0 {
			continue
		}
		used = append(used, r)
		total += r
		if d[i] > 0 {
			positive += r
		}
	}
	if len(used) == 0 {
		return 1
	}
	tail := min(positive, total-positive)
	return min(1, 2*cumulative(used, tail))
}

// doubledRanks ranks the magnitudes from 1 and doubles the ranks, so that a mean
// of two ranks is whole.
func doubledRanks(d []float64) []int {
	order := make([]int, len(d))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(d[a]), math.Abs(d[b])) })
	ranks := make([]int, len(d))
	for first := 0; first < len(order); {
		end := first + 1
		for end < len(order) && math.Abs(d[order[end]]) == math.Abs(d[order[first]]) {
			end++
		}
		for _, i := range order[first:end] {
			ranks[i] = first + 1 + end // 2 × the mean of first+1 … end
		}
		first = end
	}
	return ranks
}

// cumulative is P(T ≤ t), where T is the sum of those ranks that get a positive
// sign, each with probability one half.
func cumulative(ranks []int, t int) float64 {
	// p[s] is the probability that the sum so far is s; sums above t never come
	// back and are dropped.
	p := make([]float64, t+1)
	p[0] = 1
	for _, r := range ranks {
		for s := t; s >= 0; s-- {
			q := p[s]
			if s >= r {
				q += p[s-r]
			}
			p[s] = q / 2
		}
	}
	sum := 0.0
	for _, q := range p {
		sum += q
	}
	return sum
}

// tabled is up to how many rounds the critical values are kept: as many as a
// comparison may have.
const tabled = 100

// criticals is computed once: entry n is critical(n).
var criticals = sync.OnceValue(func() [tabled + 1]int {
	var table [tabled + 1]int
	for n := range table {
		table[n] = findCritical(n)
	}
	return table
})

// critical is the largest c with P(T < c) ≤ 2.5 % for n values; 0 when even
// P(T < 1) is more.
func critical(n int) int {
	if n <= tabled {
		return criticals()[n]
	}
	return findCritical(n)
}

func findCritical(n int) int {
	const alpha = (1 - confidence) / 2
	half := n * (n + 1) / 4
	p := make([]float64, half+1)
	p[0] = 1
	for r := 1; r <= n; r++ {
		for s := half; s >= 0; s-- {
			q := p[s]
			if s >= r {
				q += p[s-r]
			}
			p[s] = q / 2
		}
	}
	below := 0.0
	for c, q := range p {
		if below += q; below > alpha {
			return c
		}
	}
	return half
}
