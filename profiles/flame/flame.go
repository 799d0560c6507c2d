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
// A union can be filtered to what changed, is new or is gone (marks.go), and laid
// out as two views on one scale (pair.go).
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
	// Search marks functions; nil for none. Matches are those of the tree's names,
	// from Match, where the caller kept them.
	Search  *regexp.Regexp
	Matches Matches
	// Budget is the most frames that get a box of their own; 0 for DefaultBudget.
	// Smaller boxes, at most one a frame, come on top.
	Budget int
	// MinWidth leaves out what is narrower, as a part of 1; it goes to smaller
	// boxes, and those that are narrower themselves are left out and counted in
	// View.Hidden.
	MinWidth float64
	Scale    Scale
	Width    Width
	// Only leaves out frames of a union, Marks is what Mark made of the same tree,
	// Scale and Delta; nil makes it again.
	Only  Only
	Marks *Marks
	Delta Delta // what Box.Change and Box.Noise are about
}

// Layout lays out the part of t that o asks for.
func Layout(t *tree.Tree, o Options) View {
	l := newLayout(t, o)
	p := l.part()
	return l.view(p, l.weigh(p.amount))
}

// shown is the part of the tree that a view shows.
type shown struct {
	at      int
	missing bool
	from    int    // children of at that are left out
	first   int    // heaviest child that is not
	amount  amount // what it stands for
	rest    amount // the same without what is at's own: what its children may take
	nodes   []int32
}

// part finds what is asked for, and picks its frames.
func (l *layout) part() shown {
	at, found := l.zoom()
	p := shown{at: at, missing: !found, first: l.first(at), amount: l.all(at), rest: l.below(at)}
	if found && l.o.From > 0 {
		left, next := l.skip(at, p.rest)
		if left.frames > 0 && left.frames < p.rest.frames {
			p.from, p.first, p.amount, p.rest = l.o.From, next, left, left
		}
	}
	p.nodes = l.pick(p.at, p.first, l.order.Of(p.amount.weight[0], p.amount.weight[1]))
	return p
}

// view places the picked frames; whole is the weight that the whole width is.
func (l *layout) view(p shown, whole float64) View {
	v := View{Missing: p.missing, Frames: l.t.End(p.at) - p.at}
	v.Filtered = v.Frames - l.only.frames(p.at, l.t.End(p.at))
	if !l.only.keeps(p.at) {
		v.Filtered-- // the zoomed frame is there all the same
	}
	l.ancestors(&v, p.at)
	root := l.frame(p.at)
	if p.from > 0 {
		v.Ancestors = append(v.Ancestors, l.ancestor(p.at))
		root, v.Frames, v.Filtered = l.rest(p.at, p.rest), p.rest.frames, 0
		root.From, root.Self = p.from, [2]float64{}
	}
	l.place(&v, p, root, whole)
	if l.o.Search != nil {
		l.search(&v, p)
	}
	return v
}

// skip takes the Options.From heaviest children of at away from rest, and
// returns what is left and the first child that is.
func (l *layout) skip(at int, rest amount) (left amount, first int) {
	first = l.first(at)
	for k := 0; k < l.o.From && first >= 0; k++ {
		rest.minus(l.all(first))
		first = l.next(first)
	}
	return rest, first
}

// layout is what the steps share.
type layout struct {
	t       *tree.Tree
	o       Options
	order   *tree.Order
	width   [2]float64 // what the weights of the sides count for in widths
	scale   [2]float64
	budget  int
	only    *filter
	chance  chance
	smaller []int // by picked node: index of the smaller box on it; 0 for none
}

func newLayout(t *tree.Tree, o Options) *layout {
	l := &layout{t: t, o: o, budget: o.Budget, scale: [2]float64{usable(o.Scale.Base), usable(o.Scale.Other)}}
	if l.budget <= 0 {
		l.budget = DefaultBudget
	}
	switch o.Width {
	case Base:
		l.width = [2]float64{1, 0}
	case Other:
		l.width = [2]float64{0, 1}
	default:
		l.width = [2]float64{1, l.scale[1] / l.scale[0]}
	}
	if t.Sides() == 1 {
		l.width = [2]float64{1, 0}
	}
	l.order = t.Order(l.width[0], l.width[1])
	l.chance.sample = l.samples()
	l.only = l.filter()
	return l
}

// first is the heaviest child of i that is not filtered out, -1 for none.
func (l *layout) first(i int) int { return l.kept(l.order.First(i)) }

// next is the sibling after i that is not filtered out, -1 for none.
func (l *layout) next(i int) int { return l.kept(l.order.Next(i)) }

func (l *layout) kept(i int) int {
	for i >= 0 && !l.only.keeps(i) {
		i = l.order.Next(i)
	}
	return i
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
	b := l.values(i)
	b.Hash, b.Name, b.Inner, b.Dim = l.t.Hash(i), l.t.Name(i), l.t.End(i) > i+1, !l.only.has(i)
	l.compare(&b, l.weights(i), i)
	return b
}

// values is a box with the figures of node i.
func (l *layout) values(i int) Box {
	b := Box{Node: i}
	for s := range l.t.Sides() {
		side := tree.Side(s)
		b.Raw[s], b.Count[s] = l.t.Total(side, i), l.t.Count(side, i)
		b.Total[s] = float64(b.Raw[s]) * l.scale[s]
		b.Self[s] = float64(l.t.Self(side, i)) * l.scale[s]
	}
	return b
}

func (l *layout) weights(i int) [2]int64 {
	return [2]int64{l.t.Weight(tree.Base, i), l.t.Weight(tree.Other, i)}
}
