// Package flame lays out a call tree in boxes: a flame graph, or the part of it
// that a person looks at, under a budget.
//
// A tree of a real service has hundreds of thousands of nodes and a page room
// for a few thousand boxes. [Layout] takes these steps:
//
//  1. the zoomed node is found by the hash of its path;
//  2. the widest nodes below it are picked, at most as many as the budget, by a
//     heap over children that the tree keeps in order of weight (pick.go);
//  3. picked nodes get their place; what was not picked of a node's children is
//     merged in one "n smaller" box with exact sums (place.go);
//  4. boxes get their change and its sampling noise (change.go), and matches of
//     the search are marked (search.go).
//
// Time follows the boxes and, with a search, the nodes of the zoomed subtree. The
// first layout of a tree with new factors also orders all children once.
package flame

import (
	"math"
	"regexp"

	"github.com/sockscope/sockscope/profiles/tree"
)

// DefaultBudget is the most frames that are laid out when Options does not say.
const DefaultBudget = 2000

// Width says what the width of a box stands for.
type Width string

// The widths. The empty one is Sum.
const (
	Sum   Width = "sum"   // both sides added: vanished and new frames are visible
	Base  Width = "base"  // frames that only the other side has are not laid out
	Other Width = "other" // frames that only the base has are not laid out
)

// Scale is what one unit of a value is worth in the unit that is displayed: for
// values per operation 1/ops, for shares 1/total. What is not a positive finite
// number counts as 1.
type Scale struct{ Base, Other float64 }

// Options of a layout. The zero value lays out the whole tree.
type Options struct {
	// At is the hash of the node to zoom to, 0 for the root.
	At uint64
	// From leaves out the From widest children of At: what the box "n smaller" of
	// At stands for. See Box.From.
	From int
	// Search marks functions; nil for none.
	Search *regexp.Regexp
	// Budget is the most frames that get a box of their own; 0 for DefaultBudget.
	// Smaller boxes, at most one a frame, come on top.
	Budget int
	// MinWidth leaves out what is narrower, as a part of 1; it goes to smaller
	// boxes, and those that are narrower themselves are left out and counted in
	// View.Hidden.
	MinWidth float64
	Scale    Scale
	Width    Width
}

// View is a laid out part of a tree.
type View struct {
	// Boxes in preorder: a box comes after the one it stands on, siblings from
	// left to right. The first is the zoomed frame, or with Options.From its
	// smaller box; it has Width 1, or 0 when there are no samples.
	Boxes []Box
	// Ancestors of the zoomed frame, root first, each of Width 1 and with its own
	// depth in the tree. With Options.From the last is the zoomed frame.
	Ancestors []Box
	Depth     int // rows of boxes: the greatest Box.Depth + 1
	// Missing is set when the tree has no node At; the root is laid out instead.
	Missing bool

	// Matched is the part, 0 to 1, of the zoomed frame's width that is spent in
	// functions that the search matches, with what they call. Nested matches
	// count once.
	Matched      float64
	MatchedTotal [2]float64 // the same by side, scaled
	MatchedNames int        // functions of the whole profile that match

	Hidden int // frames of the zoomed subtree in no box, not even a smaller one
	Frames int // frames of the zoomed subtree
}

// Box is one rectangle. Arrays hold the base and the other side; the other is 0
// for the tree of one profile.
type Box struct {
	X, Width float64 // as parts of the view's width: 0 ≤ X, X+Width ≤ 1
	Depth    int     // row: 0 for the zoomed frame. Of an ancestor: its depth in the tree
	Node     int     // index in the tree; of a smaller box: of the parent
	Hash     uint64  // of the node's path, for links
	Name     string  // of the function; of a smaller box: of the parent

	Total, Self [2]float64 // scaled
	Raw         [2]int64   // Total before Scale
	Count       [2]int64   // samples behind Total; 0 for unknown

	// Smaller is the number of frames, at any depth, that are merged in this box;
	// 0 for the box of a frame.
	Smaller int
	// From of a smaller box is how many children of its parent have boxes. To see
	// what is inside ask for At: Hash and From: From.
	From int

	Matched bool // the search matches the name; of a smaller box: a name inside
	Inner   bool // the frame calls others: zooming shows them

	// Change is (other − base) / the greater of both, from −1 for gone to 1 for new.
	Change float64
	// Noise is set when the change is within the sampling error (2 σ): it may be
	// nothing. It says nothing about differences from run to run.
	Noise bool
	New   bool // the base does not have it
	Gone  bool // the other does not have it
}

// Layout lays out the part of t that o asks for.
func Layout(t *tree.Tree, o Options) View {
	l := newLayout(t, o)
	at, found := l.zoom()
	if !found {
		l.o.From = 0
	}
	v := View{Missing: !found, Frames: t.End(at) - at}
	l.ancestors(&v, at)

	root, rest, first, whole := l.frame(at), l.below(at), l.order.First(at), l.order.Weight(at)
	if skipped, next := l.skip(at, rest); skipped.frames > 0 && skipped.frames < rest.frames {
		v.Ancestors = append(v.Ancestors, l.ancestor(at))
		rest, first, whole = skipped, next, l.weigh(skipped)
		root, v.Frames = l.rest(at, rest), rest.frames
		root.From, root.Self = l.o.From, [2]float64{}
	}
	nodes := l.pick(at, first, whole)
	l.place(&v, nodes, root, rest, whole)
	if o.Search != nil {
		l.search(&v, nodes, first, whole)
	}
	return v
}

// skip takes the Options.From heaviest children of at away from rest, and
// returns what is left and the first child that is.
func (l *layout) skip(at int, rest amount) (left amount, first int) {
	first = l.order.First(at)
	for k := 0; k < l.o.From && first >= 0; k++ {
		rest.minus(l.all(first))
		first = l.order.Next(first)
	}
	return rest, first
}

// layout is what the steps share.
type layout struct {
	t            *tree.Tree
	o            Options
	order        *tree.Order
	scale        [2]float64
	budget       int
	sample       [2]float64 // scaled value of one sample; 0 for unknown
	logFactorial [exactBelow]float64
	smaller      []int // by picked node: index of the smaller box on it; 0 for none
}

func newLayout(t *tree.Tree, o Options) *layout {
	l := &layout{t: t, o: o, budget: o.Budget, scale: [2]float64{usable(o.Scale.Base), usable(o.Scale.Other)}}
	if l.budget <= 0 {
		l.budget = DefaultBudget
	}
	switch o.Width {
	case Base:
		l.order = t.Order(1, 0)
	case Other:
		l.order = t.Order(0, 1)
	default:
		l.order = t.Order(1, l.scale[1]/l.scale[0])
	}
	for s := range t.Sides() {
		if n := t.Count(tree.Side(s), 0); n > 0 {
			l.sample[s] = float64(t.Weight(tree.Side(s), 0)) / float64(n) * l.scale[s]
		}
	}
	if t.Sides() > 1 {
		l.logFactorial = logFactorials()
	}
	return l
}

// usable makes a factor positive, and such that no sum of int64 values times it
// leaves the range of float64.
func usable(scale float64) float64 {
	if !(scale > 0) || math.IsInf(scale, 1) {
		return 1
	}
	return min(max(scale, 1e-100), 1e100)
}

// zoom finds the node to zoom to.
func (l *layout) zoom() (at int, found bool) {
	if l.o.At == 0 {
		return 0, true
	}
	at, found = l.t.Find(l.o.At)
	return at, found
}

func (l *layout) ancestors(v *View, at int) {
	for i := l.t.Parent(at); i >= 0; i = l.t.Parent(i) {
		v.Ancestors = append(v.Ancestors, l.ancestor(i))
	}
	for a, b := 0, len(v.Ancestors)-1; a < b; a, b = a+1, b-1 {
		v.Ancestors[a], v.Ancestors[b] = v.Ancestors[b], v.Ancestors[a]
	}
}

func (l *layout) ancestor(i int) Box {
	b := l.frame(i)
	b.Width, b.Depth = 1, l.t.Depth(i)
	return b
}

// frame is the box of node i without its place.
func (l *layout) frame(i int) Box {
	b := Box{Node: i, Hash: l.t.Hash(i), Name: l.t.Name(i), Inner: l.t.End(i) > i+1}
	var weight [2]int64
	for s := range l.t.Sides() {
		side := tree.Side(s)
		b.Raw[s], b.Count[s] = l.t.Total(side, i), l.t.Count(side, i)
		b.Total[s] = float64(b.Raw[s]) * l.scale[s]
		b.Self[s] = float64(l.t.Self(side, i)) * l.scale[s]
		weight[s] = l.t.Weight(side, i)
	}
	l.compare(&b, weight)
	return b
}
