package flame

import "slices"

// pick takes the widest nodes below at, and at itself, and returns them in
// preorder. The heap holds, of each family whose parent is taken, the heaviest
// child that is not: as a child is never heavier than its parent, the heaviest
// node that is left is always on it. So at most two candidates a box are
// looked at, however many children a node has.
//
// First is the heaviest child of at that may be taken, and whole the weight
// that the view's width stands for.
func (l *layout) pick(at, first int, whole float64) []int32 {
	nodes := []int32{int32(at)}
	least := l.o.MinWidth * whole
	var queue candidates
	add := func(i int) {
		if i < 0 {
			return
		}
		if w := l.order.Weight(i); w > 0 && w >= least {
			queue.push(candidate{w, int32(i)})
		}
	}
	add(first)
	for len(queue) > 0 && len(nodes) < l.budget {
		i := queue.pop().node
		nodes = append(nodes, i)
		add(l.first(int(i)))
		add(l.next(int(i)))
	}
	slices.Sort(nodes)
	return nodes
}

// candidate is a node that may get the next box.
type candidate struct {
	weight float64
	node   int32
}

// before orders by weight, equal ones in preorder: the same request always
// gives the same boxes.
func (c candidate) before(d candidate) bool {
	if c.weight != d.weight {
		return c.weight > d.weight
	}
	return c.node < d.node
}

// candidates is a binary heap, the heaviest first. Note: container/heap
// allocates for each push.
type candidates []candidate

func (q *candidates) push(c candidate) {
	h := append(*q, c)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !c.before(h[up]) {
			break
		}
		h[i], i = h[up], up
	}
	h[i], *q = c, h
}

func (q *candidates) pop() candidate {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(h) {
			break
		}
		if down+1 < len(h) && h[down+1].before(h[down]) {
			down++
		}
		if !h[down].before(last) {
			break
		}
		h[i], i = h[down], down
	}
	h[i] = last
	return top
}
