package kernel

import (
	"testing"
	"time"
)

func TestNoTwoCPUsAreSampledAtOnce(t *testing.T) {
	t.Parallel()
	for n := 2; n <= 256; n++ {
		for i := range n {
			if p := phase(i); p < 0 || p >= Period {
				t.Fatalf("CPU %d is sampled at %v of %v", i, p, Period)
			}
			for j := range i {
				apart := (phase(i) - phase(j)).Abs()
				least := Period / time.Duration(3*n)
				if i-j == 1 {
					least = Period / 3
				}
				if apart = min(apart, Period-apart); apart < least {
					t.Fatalf("of %d, CPUs %d and %d are sampled %v apart", n, j, i, apart)
				}
			}
		}
	}
}
