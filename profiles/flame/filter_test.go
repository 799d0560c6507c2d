package flame_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// has is the plainest reading of a filter, of one frame.
func has(b flame.Box, o flame.Only) bool {
	switch o {
	case flame.New:
		return b.New
	case flame.Gone:
		return b.Gone
	}
	return b.Change != 0 && !b.Noise
}

// A filtered layout has the frames that are asked for and their callers, no others,
// each with the figures that it has in the whole.
func TestOnly(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 11))
		tr := tree.Union(treetest.Random(rng, seed%3 == 0), treetest.Random(rng, false), 1, 1)
		o := flame.Options{Scale: flame.Scale{Base: rng.ExpFloat64(), Other: rng.ExpFloat64()}, Delta: []flame.Delta{"", flame.OfSelf}[rng.IntN(2)]}
		whole := map[int]flame.Box{}
		for _, b := range flame.Layout(tr, o).Boxes {
			whole[b.Node] = b
		}
		marks := flame.Mark(tr, o.Scale, o.Delta)
		for _, only := range []flame.Only{flame.Changed, flame.New, flame.Gone} {
			want, found := map[int]bool{0: true}, 0
			for i, b := range whole {
				if i == 0 || !has(b, only) {
					continue
				}
				found++
				for ; i > 0; i = tr.Parent(i) {
					want[i] = true
				}
			}
			if n := marks.Count(only); n != found && len(whole) == tr.Len() {
				t.Fatalf("seed %d: %d frames are %s, want %d", seed, n, only, found)
			}
			o := o
			o.Only = only
			v := checkView(t, tr, o)
			for _, b := range v.Boxes {
				if b.Smaller > 0 || !want[b.Node] {
					t.Fatalf("seed %d: %q is drawn among %s ones", seed, b.Name, only)
				}
				delete(want, b.Node)
				same := whole[b.Node]
				if b.Raw != same.Raw || b.Self != same.Self || math.Abs(b.Width-same.Width) > rounding || b.Dim != (b.Node == 0 || !has(b, only)) {
					t.Fatalf("seed %d: %s has %+v, the whole %+v", seed, only, b, same)
				}
			}
			if len(want) > 0 && len(whole) == tr.Len() {
				t.Fatalf("seed %d: %s lacks %v", seed, only, want)
			}
			if v.Frames != len(v.Boxes)+v.Filtered+v.Hidden {
				t.Fatalf("seed %d: %d frames, %d boxes, %d filtered, %d hidden", seed, v.Frames, len(v.Boxes), v.Filtered, v.Hidden)
			}
			o.Marks, o.Budget = marks, 1+rng.IntN(6)
			checkFiltered(t, tr, o)
		}
	}
}

// checkFiltered checks that smaller boxes of a filtered layout under a budget stand
// for what is kept and has no box, exactly.
func checkFiltered(t *testing.T, tr *tree.Tree, o flame.Options) {
	t.Helper()
	v, all := checkView(t, tr, o), o
	all.Budget = 1 << 20
	kept := map[int]bool{}
	for _, b := range flame.Layout(tr, all).Boxes {
		kept[b.Node] = true
	}
	n := v.Filtered + v.Hidden
	drawn := map[int]bool{}
	for _, b := range v.Boxes {
		n += max(b.Smaller, 1)
		drawn[b.Node] = true
	}
	if n != v.Frames {
		t.Fatalf("%d frames in boxes, hidden or filtered, of %d", n, v.Frames)
	}
	for _, b := range v.Boxes {
		if b.Smaller == 0 {
			continue
		}
		var want [2]int64
		for c := b.Node + 1; c < tr.End(b.Node); c = tr.End(c) {
			if kept[c] && !drawn[c] {
				want[0], want[1] = want[0]+tr.Total(tree.Base, c), want[1]+tr.Total(tree.Other, c)
			}
		}
		if b.Raw != want {
			t.Fatalf("the smaller box on %q stands for %v, want %v", b.Name, b.Raw, want)
		}
	}
}

// Both graphs of a pair are on one scale and have the same frames at the same
// paths.
func TestPair(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 12))
		tr := tree.Union(treetest.Random(rng, false), treetest.Random(rng, false), 1, 1)
		at := rng.IntN(tr.Len())
		o := flame.Options{At: tr.Hash(at), Budget: 1 + rng.IntN(40), Scale: flame.Scale{Base: rng.ExpFloat64(), Other: rng.ExpFloat64()}}
		pair := flame.Pair(tr, o)
		most := max(pair[0].Boxes[0].Total[0], pair[1].Boxes[0].Total[1])
		for s, v := range pair {
			if v.Absent != (v.Boxes[0].Total[s] == 0) {
				t.Fatalf("seed %d: side %d has %v of the zoomed frame, Absent is %t", seed, s, v.Boxes[0].Total[s], v.Absent)
			}
			for _, b := range v.Boxes {
				checkNumbers(t, b)
				if most > 0 && math.Abs(b.Width*most-b.Total[s]) > 1e-9*most {
					t.Fatalf("seed %d: side %d: %q is %v wide for %v of %v", seed, s, b.Name, b.Width, b.Total[s], most)
				}
				if b.Width > 0 && b.Smaller == 0 && b.Total[1-s] > 0 && !slices.ContainsFunc(pair[1-s].Boxes, func(c flame.Box) bool { return c.Hash == b.Hash && c.Smaller == 0 }) {
					t.Fatalf("seed %d: the other graph lacks %q", seed, b.Name)
				}
			}
			checkNested(t, v)
		}
	}
}

// checkNested checks that children stand on their parent, side by side.
func checkNested(t *testing.T, v flame.View) {
	t.Helper()
	open := []flame.Box{}
	taken := []float64{}
	for i, b := range v.Boxes {
		open, taken = open[:min(b.Depth, len(open))], taken[:min(b.Depth, len(open))]
		if len(open) != b.Depth {
			t.Fatalf("%q stands on nothing", b.Name)
		}
		if i > 0 {
			p := open[b.Depth-1]
			taken[b.Depth-1] += b.Width
			if b.X < p.X-rounding || b.X+b.Width > p.X+p.Width+rounding || taken[b.Depth-1] > p.Width+rounding {
				t.Fatalf("%q is not inside %q", b.Name, p.Name)
			}
		}
		open, taken = append(open, b), append(taken, 0)
	}
}

// The difference of a profile to itself has nothing to filter, and its pair is
// twice the same picture.
func TestPairWithItself(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		p := treetest.Random(rand.New(rand.NewPCG(seed, 13)), false)
		tr, o := tree.Union(p, p, 1, 1), flame.Options{Scale: flame.Scale{Base: 0.3, Other: 0.3}}
		pair := flame.Pair(tr, o)
		if diff := cmp.Diff(pair[0].Boxes, pair[1].Boxes); diff != "" {
			t.Fatalf("seed %d:\n%s", seed, diff)
		}
		for _, d := range []flame.Delta{flame.OfTotal, flame.OfSelf} {
			marks := flame.Mark(tr, o.Scale, d)
			for _, only := range []flame.Only{flame.Changed, flame.New, flame.Gone} {
				o := flame.Options{Scale: o.Scale, Only: only, Marks: marks, Delta: d}
				if v := flame.Layout(tr, o); marks.Count(only) != 0 || len(v.Boxes) != 1 {
					t.Fatalf("seed %d: %d are %s, %d boxes", seed, marks.Count(only), only, len(v.Boxes))
				}
			}
		}
	}
}

// Changes of self values add up to the change of the whole.
func TestDeltaOfSelf(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 14))
		tr := tree.Union(treetest.Random(rng, false), treetest.Random(rng, false), 1, 1)
		v := flame.Layout(tr, flame.Options{Scale: flame.Scale{Base: 2, Other: 3}, Delta: flame.OfSelf})
		sum := 0.0
		for _, b := range v.Boxes {
			sum += b.Self[1] - b.Self[0]
			if (b.Change > 0) != (b.Self[1] > b.Self[0]) || (b.Change < 0) != (b.Self[1] < b.Self[0]) {
				t.Fatalf("seed %d: %+v", seed, b)
			}
		}
		if want := v.Boxes[0].Total[1] - v.Boxes[0].Total[0]; math.Abs(sum-want) > 1e-9*(1+math.Abs(want)) {
			t.Fatalf("seed %d: self values differ by %v, all by %v", seed, sum, want)
		}
	}
}
