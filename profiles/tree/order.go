package tree

import (
	"cmp"
	"slices"
	"sync"
)

// keptOrders is how many orders a tree remembers. A page asks for one or two.
const keptOrders = 4

// Order knows the children of each node from the heaviest to the lightest,
// equal ones in preorder. The weight of a node is base·Weight(Base) +
// other·Weight(Other).
type Order struct {
	base, other float64
	first, next []int32 // -1 for none
	t           *Tree
}

// orders is a small cache: making an order takes time for the whole tree,
// using it only for the boxes that are drawn.
type orders struct {
	mu   sync.Mutex
	kept []*Order // the last used one first
}

// Order returns the order for these factors, which must not be negative. It is
// made on first use and remembered.
func (t *Tree) Order(base, other float64) *Order {
	if len(t.sides) == 1 {
		base, other = 1, 0
	}
	t.orders.mu.Lock()
	defer t.orders.mu.Unlock()
	kept := t.orders.kept
	for i, o := range kept {
		if o.base == base && o.other == other {
			copy(kept[1:i+1], kept[:i])
			kept[0] = o
			return o
		}
	}
	o := &Order{base: base, other: other, t: t}
	o.sort()
	t.orders.kept = append([]*Order{o}, kept[:min(len(kept), keptOrders-1)]...)
	return o
}

// First returns the heaviest child of i, -1 when it has none.
func (o *Order) First(i int) int { return int(o.first[i]) }

// Next returns the sibling after i, -1 when i is the lightest.
func (o *Order) Next(i int) int { return int(o.next[i]) }

// Weight is the weight of i that the order is made by. A child never weighs
// more than its parent: rounding is monotone.
func (o *Order) Weight(i int) float64 {
	if len(o.t.sides) == 1 {
		return o.Of(o.t.sides[0].weight[i], 0)
	}
	return o.Of(o.t.sides[0].weight[i], o.t.sides[1].weight[i])
}

// Of is the weight that the order gives to these values of the two sides.
func (o *Order) Of(base, other int64) float64 {
	return o.base*float64(base) + o.other*float64(other)
}

func (o *Order) sort() {
	n := o.t.Len()
	o.first, o.next = make([]int32, n), make([]int32, n)
	for i := range o.first {
		o.first[i] = -1
	}
	// From the back, each list of children comes out in preorder.
	for i := n - 1; i > 0; i-- {
		p := o.t.parent[i]
		o.next[i] = o.first[p]
		o.first[p] = int32(i)
	}
	o.next[0] = -1
	var siblings []weighed
	for p, c := range o.first {
		if c < 0 || o.next[c] < 0 {
			continue
		}
		siblings = siblings[:0]
		for ; c >= 0; c = o.next[c] {
			siblings = append(siblings, weighed{c, o.Weight(int(c))})
		}
		slices.SortFunc(siblings, func(a, b weighed) int {
			if a.weight != b.weight {
				return cmp.Compare(b.weight, a.weight)
			}
			return int(a.node) - int(b.node)
		})
		o.first[p] = siblings[0].node
		for k := range siblings[1:] {
			o.next[siblings[k].node] = siblings[k+1].node
		}
		o.next[siblings[len(siblings)-1].node] = -1
	}
}

type weighed struct {
	node   int32
	weight float64
}
