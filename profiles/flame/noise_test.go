package flame_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/stats"
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
		{100, 128, 1, 1, true},       // z = 1.86
		{100, 130, 1, 1, false},      // z = 1.98
		{100, 140, 1, 1, false},      // z = 2.58
		{100, 200, 1, 2, true},       // twice the operations
		{100, 100, 1, 2, false},      // half for each operation
		{0, 4, 1, 1, true},           // mid-p = 1/16
		{0, 5, 1, 1, false},          // mid-p = 1/32
		{5, 0, 1, 1, false},          // the same the other way
		{0, 6, 1, 10, true},          // six of ten times the operations is nothing
		{1, 1, 1e9, 1, false},        // one of each, at rates that are worlds apart
		{5, 14, 1, 1, false},         // mid-p = 0.041
		{5, 13, 1, 1, true},          // mid-p = 0.064
		{2000, 1000, 1e6, 5e5, true}, // the same rate
	} {
		if got := within(c.kA, c.kB, c.opsA, c.opsB); got != c.want {
			t.Errorf("%d in %g and %d in %g operations: Noise = %t, want %t", c.kA, c.opsA, c.kB, c.opsB, got, c.want)
		}
	}
}

// A side of which nothing is left is judged by its own operations.
func TestNoiseOfAnEmptySide(t *testing.T) {
	t.Parallel()
	for opsA, want := range map[float64]bool{10: true, 1e5: false} {
		v := flame.Layout(tree.Union(treetest.Folded(""), treetest.Folded("f 60"), 1, 1), flame.Options{Scale: flame.Scale{Base: 1 / opsA, Other: 1e-5}})
		for _, b := range v.Boxes {
			if b.Noise != want {
				t.Errorf("%s: none in %g and 60 in 100,000 operations: Noise = %t, want %t", b.Name, opsA, b.Noise, want)
			}
		}
	}
}

// TestNoiseIsThatOfAllPages: a frame and the line or the row of the same function
// must not say different things.
func TestNoiseIsThatOfAllPages(t *testing.T) {
	t.Parallel()
	for _, ops := range []float64{1, 0.5, 3, 40} {
		for n := 1; n < 130; n += 3 {
			for k := range n + 1 {
				_, want := stats.Noise(int64(n-k), int64(k), 1, ops)
				if got := within(n-k, k, 1, ops); got != want {
					t.Fatalf("%d and %d of rates 1:%g: Noise = %t", n-k, k, ops, got)
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
