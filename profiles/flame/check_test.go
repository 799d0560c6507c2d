package flame_test

import (
	"math"
	"testing"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
)

const rounding = 1e-9

// checkView lays out a tree and checks what is true of every view.
func checkView(t *testing.T, tr *tree.Tree, o flame.Options) flame.View {
	t.Helper()
	v := flame.Layout(tr, o)
	budget := o.Budget
	if budget == 0 {
		budget = flame.DefaultBudget
	}
	frames, parents := 0, []*flame.Box{}
	taken := make([]float64, len(v.Boxes)) // width of the children of a box
	index := map[*flame.Box]int{}
	for i := range v.Boxes {
		b := &v.Boxes[i]
		index[b] = i
		checkNumbers(t, *b)
		if b.Smaller == 0 {
			frames++
		}
		parents = parents[:min(b.Depth, len(parents))]
		if len(parents) != b.Depth || b.Depth >= v.Depth {
			t.Fatalf("box %d at depth %d of %d stands on nothing", i, b.Depth, v.Depth)
		}
		if i > 0 {
			p := parents[b.Depth-1]
			if b.X < p.X-rounding || b.X+b.Width > p.X+p.Width+rounding || b.Width <= 0 && !tr.Saturated() {
				t.Fatalf("box %+v is not inside its parent %+v", *b, *p)
			}
			if b.X < p.X+taken[index[p]]-rounding {
				t.Fatalf("box %+v lies over the one before it", *b)
			}
			taken[index[p]] = b.X + b.Width - p.X
		}
		parents = append(parents, b)
	}
	if frames > budget || len(v.Boxes) > 2*budget+1 {
		t.Fatalf("%d frames, %d boxes on a budget of %d", frames, len(v.Boxes), budget)
	}
	if v.Matched < 0 || v.Matched > 1 || math.IsNaN(v.Matched) {
		t.Fatalf("Matched = %v", v.Matched)
	}
	for i, a := range v.Ancestors {
		checkNumbers(t, a)
		if a.Depth != i || a.Width != 1 {
			t.Fatalf("ancestor %d = %+v", i, a)
		}
	}
	return v
}

func checkNumbers(t *testing.T, b flame.Box) {
	t.Helper()
	for _, x := range []float64{b.X, b.Width, b.Total[0], b.Total[1], b.Self[0], b.Self[1], b.Change} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Fatalf("not a number in %+v", b)
		}
	}
	if b.X < 0 || b.X+b.Width > 1+rounding || b.Width < 0 || b.Change < -1 || b.Change > 1 || b.Count[0] < 0 || b.Count[1] < 0 || b.New && b.Gone {
		t.Fatalf("out of range: %+v", b)
	}
}

// checkSums checks that self times of frames, smaller boxes and what is hidden
// are the whole; MinWidth must be 0.
func checkSums(t *testing.T, tr *tree.Tree, v flame.View, o flame.Options) {
	t.Helper()
	var sum [2]int64
	n := v.Hidden
	for i, b := range v.Boxes {
		if b.Smaller > 0 && i > 0 {
			sum[0], sum[1] = sum[0]+b.Raw[0], sum[1]+b.Raw[1]
			n += b.Smaller
			continue
		}
		if b.Smaller == 0 {
			n++
			for s := range tr.Sides() {
				sum[s] += tr.Self(tree.Side(s), b.Node)
			}
		}
	}
	if n != v.Frames {
		t.Fatalf("%d frames in boxes or hidden, of %d", n, v.Frames)
	}
	for s := range tr.Sides() {
		if o.Width == flame.Width([]string{"other", "base"}[s]) {
			continue // what has no width on the side that is shown is left out
		}
		if sum[s] != v.Boxes[0].Raw[s] {
			t.Fatalf("side %d: boxes add up to %d of %d", s, sum[s], v.Boxes[0].Raw[s])
		}
	}
}

// checkSearch compares the matched part with the plainest count: the self time
// of each node that has a match on its path from the zoomed one.
func checkSearch(t *testing.T, tr *tree.Tree, v flame.View, o flame.Options) {
	t.Helper()
	at := v.Boxes[0].Node
	var want [2]float64
	for i := at; i < tr.End(at); i++ {
		for j := i; j >= at; j = tr.Parent(j) {
			if j > 0 && o.Search.MatchString(tr.Name(j)) {
				want[0] += float64(tr.Self(tree.Base, i)) * o.Scale.Base
				want[1] += float64(tr.Self(tree.Other, i)) * o.Scale.Other
				break
			}
		}
	}
	for s := range want {
		if math.Abs(want[s]-v.MatchedTotal[s]) > 1e-9*(1+math.Abs(want[s])) {
			t.Fatalf("MatchedTotal = %v, want %v", v.MatchedTotal, want)
		}
	}
	for _, b := range v.Boxes {
		want := b.Node > 0 && o.Search.MatchString(b.Name)
		if b.Smaller > 0 {
			continue // TestSearch has these
		}
		if b.Matched != want {
			t.Fatalf("%q: Matched = %t", b.Name, b.Matched)
		}
	}
}

// page opens the smaller box of the zoomed frame again and again: every child
// must come up once.
func page(t *testing.T, tr *tree.Tree, o flame.Options) {
	t.Helper()
	o.Budget, o.Width = 3, flame.Sum
	seen := map[uint64]int{}
	for range tr.Len() + 1 {
		v := checkView(t, tr, o)
		next := -1
		for _, b := range v.Boxes[1:] {
			switch {
			case b.Depth == 1 && b.Smaller == 0:
				seen[b.Hash]++
			case b.Depth == 1:
				next = b.From
			}
		}
		if next < 0 {
			break
		}
		if next <= o.From {
			t.Fatalf("the smaller box from %d leads to %d", o.From, next)
		}
		o.From = next
	}
	at, _ := tr.Find(o.At)
	for c := at + 1; c < tr.End(at); c = tr.End(c) {
		weightless := tr.Weight(tree.Base, c) == 0 && tr.Weight(tree.Other, c) == 0
		if n := seen[tr.Hash(c)]; n != 1 && !weightless {
			t.Fatalf("child %q came up %d times", tr.Name(c), n)
		}
	}
}
