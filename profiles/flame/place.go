package flame

import (
	"math"

	"github.com/sockscope/sockscope/profiles/tree"
)

// amount is what a node, or several merged, stand for, by side. Sums are of
// integers, so that what is left over when children are taken away is exact.
type amount struct {
	total, weight, count [2]int64
	frames               int
}

// all is the amount of i with what it calls.
func (l *layout) all(i int) amount {
	a := amount{frames: l.only.frames(i, l.t.End(i))}
	for s := range l.t.Sides() {
		side := tree.Side(s)
		a.total[s], a.weight[s], a.count[s] = l.t.Total(side, i), l.t.Weight(side, i), l.t.Count(side, i)
	}
	return a
}

// below is the amount of what i calls, of its children that are kept.
func (l *layout) below(i int) amount {
	if l.only != nil {
		var a amount
		for c := i + 1; c < l.t.End(i); c = l.t.End(c) {
			if l.only.keeps(c) {
				a.plus(l.all(c))
			}
		}
		return a
	}
	a := l.all(i)
	a.frames--
	for s := range l.t.Sides() {
		side := tree.Side(s)
		self := l.t.Self(side, i)
		a.total[s] = less(a.total[s], self)
		a.weight[s] = max(less(a.weight[s], max(self, less(0, self))), 0)
		a.count[s] = max(a.count[s]-l.t.SelfCount(side, i), 0)
	}
	return a
}

func (a *amount) plus(b amount) {
	a.frames += b.frames
	for s := range a.total {
		a.total[s] = more(a.total[s], b.total[s])
		a.weight[s] = more(a.weight[s], b.weight[s])
		a.count[s] = more(a.count[s], b.count[s])
	}
}

// minus takes a part away. What never is negative stays so, even where sums
// were cut at 64 bits.
func (a *amount) minus(b amount) {
	a.frames -= b.frames
	for s := range a.total {
		a.total[s] = less(a.total[s], b.total[s])
		a.weight[s] = max(a.weight[s]-b.weight[s], 0)
		a.count[s] = max(a.count[s]-b.count[s], 0)
	}
}

// weigh is the weight of an amount in widths of the view.
func (l *layout) weigh(a amount) float64 { return l.wide(a.weight) }

// wide is a weight in widths of the view. A child's is never more than its
// parent's: rounding is monotone.
func (l *layout) wide(weight [2]int64) float64 {
	return l.width[0]*float64(weight[0]) + l.width[1]*float64(weight[1])
}

// more is a + b, cut to what 64 bits hold.
func more(a, b int64) int64 {
	sum := a + b
	if (sum > a) == (b > 0) {
		return sum
	}
	if b > 0 {
		return math.MaxInt64
	}
	return math.MinInt64
}

// less is a − b, cut to what 64 bits hold.
func less(a, b int64) int64 {
	d := a - b
	if (d < a) == (b > 0) {
		return d
	}
	if b > 0 {
		return math.MinInt64
	}
	return math.MaxInt64
}

// family is a box that is open while the boxes above it are placed.
type family struct {
	node    int
	box     int     // index in View.Boxes
	place   int     // index in the picked nodes
	next, x float64 // where the next child begins; where the box ends
	shown   int     // children with boxes
	rest    amount  // what children without boxes stand for
}

// place gives each picked node its box, and each remainder a smaller one.
// Children stand side by side from the left edge of their parent, the smaller
// box after them; the gap that stays is the parent's own, and what a filter left
// out. A frame that the width does not count has no box.
func (l *layout) place(v *View, p shown, root Box, whole float64) {
	nodes := p.nodes
	v.Boxes = make([]Box, 0, len(nodes)+len(nodes)/4)
	l.smaller = make([]int, len(nodes))
	root.Width = part(l.weigh(p.amount), whole, 1)
	v.Boxes = append(v.Boxes, root)
	open := []family{{node: int(nodes[0]), next: 0, x: root.Width, shown: root.From, rest: p.rest}}
	for k, node := range nodes[1:] {
		i := int(node)
		for i >= l.t.End(open[len(open)-1].node) {
			l.close(v, open[len(open)-1], whole)
			open = open[:len(open)-1]
		}
		f := &open[len(open)-1]
		f.shown++
		f.rest.minus(l.all(i))
		width := part(l.wide(l.weights(i)), whole, f.x-f.next)
		if width <= 0 && l.width[0]*l.width[1] == 0 && l.t.Sides() > 1 {
			open = append(open, family{node: i, box: f.box, place: k + 1, next: f.next, x: f.next, rest: l.below(i)})
			v.Hidden++
			continue
		}
		b := l.frame(i)
		b.X, b.Width, b.Depth = f.next, width, v.Boxes[f.box].Depth+1
		f.next += b.Width
		open = append(open, family{node: i, box: len(v.Boxes), place: k + 1, next: b.X, x: b.X + b.Width, rest: l.below(i)})
		v.Boxes = append(v.Boxes, b)
	}
	for k := len(open) - 1; k >= 0; k-- {
		l.close(v, open[k], whole)
	}
	for i := range v.Boxes {
		v.Depth = max(v.Depth, v.Boxes[i].Depth+1)
	}
}

// close ends a family with the box of what was not picked of it.
func (l *layout) close(v *View, f family, whole float64) {
	if f.rest.frames <= 0 {
		return
	}
	width := part(l.weigh(f.rest), whole, f.x-f.next)
	if width <= 0 || width < l.o.MinWidth {
		v.Hidden += f.rest.frames
		return
	}
	b := l.rest(f.node, f.rest)
	b.From = f.shown
	b.X, b.Width, b.Depth = f.next, width, v.Boxes[f.box].Depth+1
	l.smaller[f.place] = len(v.Boxes)
	v.Boxes = append(v.Boxes, b)
}

// rest is the smaller box for a part of what i calls, without its place.
func (l *layout) rest(i int, a amount) Box {
	b := Box{
		Node: i, Hash: l.t.Hash(i), Name: l.t.Name(i), Inner: true,
		Raw: a.total, Count: a.count, Smaller: a.frames,
	}
	for s := range b.Total {
		b.Total[s] = float64(a.total[s]) * l.scale[s]
		b.Self[s] = b.Total[s]
	}
	l.compare(&b, a.weight, -1)
	return b
}

// part is weight as a part of whole, at most room.
func part(weight, whole, room float64) float64 {
	if whole <= 0 {
		return 0
	}
	return max(min(weight/whole, room), 0)
}
