package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Published critical values of the signed-rank statistic: T ≤ value is
// significant at 5 %, two-sided (Wilcoxon and Wilcox 1964).
func TestCriticalValues(t *testing.T) {
	t.Parallel()
	published := map[int]int{
		6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 11: 10, 12: 13, 13: 17, 14: 21, 15: 25, 16: 29, 17: 34, 18: 40,
		19: 46, 20: 52, 21: 58, 22: 65, 23: 73, 24: 81, 25: 89, 30: 137, 40: 264, 50: 434,
	}
	for n, want := range published {
		if got := critical(n) - 1; got != want {
			t.Errorf("n=%d: critical value %d, want %d", n, got, want)
		}
	}
	for n := range MinRounds {
		if c := critical(n); c != 0 {
			t.Errorf("n=%d: critical(n) = %d, but so few values give no 95 %% interval", n, c)
		}
	}
	if got, want := critical(tabled+1), findCritical(tabled+1); got != want {
		t.Errorf("beyond the table: %d, want %d", got, want)
	}
}

// The distribution by dynamic programming equals counting all 2ⁿ signs.
func TestSignedRankEqualsEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Small whole numbers make ties and zeros frequent.
		whole := rapid.SliceOfN(rapid.IntRange(-4, 4), 1, 11).Draw(t, "d")
		d := make([]float64, len(whole))
		for i, v := range whole {
			d[i] = float64(v)
		}
		if got, want := signedRank(d), enumerate(d); math.Abs(got-want) > 1e-12 {
			t.Fatalf("signedRank(%v) = %v, by enumeration %v", d, got, want)
		}
	})
}

// enumerate computes the two-sided p-value from its definition.
func enumerate(d []float64) float64 {
	var ranks []float64
	observed := 0.0
	for i, v := range d {
		if v == 0 {
			continue
		}
		smaller, equal := 0.0, 0.0
		for _, w := range d {
			switch {
			case math.Abs(w) < math.Abs(v):
				smaller++
			case math.Abs(w) == math.Abs(v):
				equal++
			}
		}
		r := smaller + (equal+1)/2
		ranks = append(ranks, r)
		if d[i] > 0 {
			observed += r
		}
	}
	if len(ranks) == 0 {
		return 1
	}
	low, high := 0.0, 0.0
	for signs := range 1 << len(ranks) {
		sum := 0.0
		for i, r := range ranks {
			if signs>>i&1 == 1 {
				sum += r
			}
		}
		if sum <= observed {
			low++
		}
		if sum >= observed {
			high++
		}
	}
	return min(1, 2*min(low, high)/math.Exp2(float64(len(ranks))))
}
