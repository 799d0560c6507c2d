package flame_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// within lays out two counts of one function and says whether their difference
// is called noise. Ops are the operations that each side was measured over.
func within(kA, kB int, opsA, opsB float64) bool {
	base := treetest.Folded(fmt.Sprintf("f %d\nrest 1000", kA))
	other := treetest.Folded(fmt.Sprintf("f %d\nrest 1000", kB))
	v := flame.Layout(tree.Union(base, other, 1, 1), flame.Options{Scale: flame.Scale{Base: 1 / opsA, Other: 1 / opsB}})
	for _, b := range v.Boxes {
		if b.Name == "f" {
			return b.Noise
		}
	}
	return false
}

func TestNoise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kA, kB     int
		opsA, opsB float64
		want       bool
	}{
		{100, 100, 1, 1, true},
		{100, 125, 1, 1, true},       // z = 25/√225 = 1.67
		{100, 130, 1, 1, true},       // z = 30/√230 = 1.98
		{100, 140, 1, 1, false},      // z = 2.58
		{100, 200, 1, 2, true},       // twice the operations
		{100, 100, 1, 2, false},      // half for each operation
		{0, 5, 1, 1, true},           // p = 2/32
		{0, 6, 1, 1, false},          // p = 2/64
		{6, 0, 1, 1, false},          // the same the other way
		{0, 6, 1, 10, true},          // six of ten times the operations is nothing
		{1, 1, 1e9, 1, false},        // one of each, at rates that are worlds apart
		{5, 15, 1, 1, false},         // p = 0.041
		{5, 14, 1, 1, true},          // p = 0.064
		{2000, 1000, 1e6, 5e5, true}, // the same rate
	} {
		if got := within(c.kA, c.kB, c.opsA, c.opsB); got != c.want {
			t.Errorf("%d in %g and %d in %g operations: Noise = %t, want %t", c.kA, c.opsA, c.kB, c.opsB, got, c.want)
		}
	}
}

// TestNoiseIsExactForFew compares with the sum of all binomial terms.
func TestNoiseIsExactForFew(t *testing.T) {
	t.Parallel()
	choose := func(n, k int) float64 {
		c := 1.0
		for i := range k {
			c = c * float64(n-i) / float64(i+1)
		}
		return c
	}
	for _, ops := range []float64{1, 0.5, 3, 40} {
		p := ops / (1 + ops) // the chance of a sample to be of the other side
		for n := 1; n < 50; n++ {
			for k := range n + 1 {
				low, high := 0.0, 0.0
				for i := range n + 1 {
					term := choose(n, i) * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
					if i <= k {
						low += term
					}
					if i >= k {
						high += term
					}
				}
				want := 2*min(low, high) > 0.0455
				if got := within(n-k, k, 1, ops); got != want {
					t.Fatalf("%d and %d of rates 1:%g: Noise = %t; p = %v", n-k, k, ops, got, 2*min(low, high))
				}
			}
		}
	}
}

// TestNoiseIsRarelyDenied draws both sides from the same rate: about 1 in 20 may
// be called a difference, and with few samples fewer.
func TestNoiseIsRarelyDenied(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 9))
	for _, mean := range []float64{4, 20, 200} {
		denied := 0
		const trials = 4000
		for range trials {
			if !within(poisson(rng, mean)+1, poisson(rng, 3*mean)+3, 1, 3) {
				denied++
			}
		}
		if part := float64(denied) / trials; part > 0.06 || mean > 100 && part < 0.03 {
			t.Errorf("mean %v: %.3f of equal rates are called different", mean, part)
		}
	}
}

func poisson(rng *rand.Rand, mean float64) int {
	n, at := 0, rng.ExpFloat64()
	for at < mean {
		n++
		at += rng.ExpFloat64()
	}
	return n
}

func TestNoiseNeedsCounts(t *testing.T) {
	t.Parallel()
	a, b := treetest.Folded("f 3"), treetest.Folded("f 3")
	a.SampleType[0].Type, a.PeriodType.Type = "alloc_objects", "space"
	v := flame.Layout(tree.Union(a, b, 1, 1), flame.Options{})
	for _, box := range v.Boxes {
		if box.Noise || box.Count[0] != 0 {
			t.Errorf("%q: Noise = %t with %v samples", box.Name, box.Noise, box.Count)
		}
	}
}
