package flame_test

import (
	"math"
	"math/rand/v2"
	"regexp"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

func exercise(t *testing.T, seed uint64, negative bool) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	a, b := treetest.Random(rng, negative), treetest.Random(rng, false)
	trees := []*tree.Tree{tree.Build(a, 1), tree.Union(a, b, 1, 1)}
	callers, callees := trees[1].Pivot("a")
	for _, tr := range append(trees, callers, callees) {
		o := flame.Options{
			At:     tr.Hash(rng.IntN(tr.Len())),
			Budget: rng.IntN(12),
			Width:  []flame.Width{"", flame.Sum, flame.Base, flame.Other}[rng.IntN(4)],
			Scale:  flame.Scale{Base: rng.ExpFloat64(), Other: rng.ExpFloat64()},
			Search: regexp.MustCompile([]string{"a", "[bc]", ".", "zz"}[rng.IntN(4)]),
		}
		v := checkView(t, tr, o)
		checkSearch(t, tr, v, o)
		if !negative || tr == trees[0] {
			checkSums(t, tr, v, o)
		}
		page(t, tr, o)
		o.MinWidth = rng.Float64() / 10
		checkView(t, tr, o)
	}
}

func TestInvariants(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		exercise(t, seed, seed%4 == 0)
	}
}

func FuzzInvariants(f *testing.F) {
	f.Add(uint64(1), false)
	f.Add(uint64(1), true)
	f.Fuzz(exercise)
}

func TestUnionWithItselfHasNoChange(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		p := treetest.Random(rand.New(rand.NewPCG(seed, 5)), false)
		v := flame.Layout(tree.Union(p, p, 1, 1), flame.Options{Scale: flame.Scale{Base: 0.3, Other: 0.3}})
		for _, b := range v.Boxes {
			if b.Change != 0 || b.New || b.Gone || b.Total[0] != b.Total[1] || b.Count[0] > 0 && !b.Noise {
				t.Fatalf("seed %d: %+v", seed, b)
			}
		}
	}
}

// TestScaleIsOnlyAUnit: the same factor on both sides moves no box.
func TestScaleIsOnlyAUnit(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 6))
		tr := tree.Union(treetest.Random(rng, false), treetest.Random(rng, false), 1, 1)
		one := flame.Layout(tr, flame.Options{Budget: 20, Scale: flame.Scale{Base: 1, Other: 2}})
		thousand := flame.Layout(tr, flame.Options{Budget: 20, Scale: flame.Scale{Base: 1024, Other: 2048}})
		for i := range one.Boxes {
			a, b := one.Boxes[i], thousand.Boxes[i]
			for s := range b.Total {
				b.Total[s] /= 1024
				b.Self[s] /= 1024
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Fatalf("seed %d (-1 +1024):\n%s", seed, diff)
			}
		}
	}
}

func TestManyReaders(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 8))
	tr := tree.Union(treetest.Random(rng, false), treetest.Random(rng, false), 1, 1)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 40 {
				o := flame.Options{Scale: flame.Scale{Base: 1, Other: float64(1 + (i+k)%6)}, Search: regexp.MustCompile("a")}
				if v := flame.Layout(tr, o); v.Boxes[0].Width != 1 {
					t.Errorf("root of width %v", v.Boxes[0].Width)
				}
			}
		})
	}
	wg.Wait()
}

// TestBudgetOfALargeTree: frames that are picked are the widest ones.
func TestBudgetOfALargeTree(t *testing.T) {
	t.Parallel()
	tr := tree.Build(treetest.Large(3), 1)
	if n := tr.Len(); n < 400_000 {
		t.Fatalf("%d nodes: not large", n)
	}
	o := flame.Options{}
	v := checkView(t, tr, o)
	checkSums(t, tr, v, o)
	picked, least := map[int]bool{}, int64(math.MaxInt64)
	for _, b := range v.Boxes {
		if b.Smaller == 0 {
			picked[b.Node] = true
			least = min(least, b.Raw[0])
		}
	}
	if len(picked) != flame.DefaultBudget {
		t.Errorf("%d frames, want %d", len(picked), flame.DefaultBudget)
	}
	for i := range tr.Len() {
		if tr.Total(tree.Base, i) > least && !picked[i] {
			t.Fatalf("%q of %d has no box, one of %d has", tr.Name(i), tr.Total(tree.Base, i), least)
		}
	}
}
