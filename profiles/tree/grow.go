package tree

import "slices"

// functions are what the trees of the same profiles share, by rank.
type functions struct {
	names  []string         // sorted
	kernel []bool           // the name is of a frame of the kernel
	hashes []uint64         // of the names
	binary map[int32]string // of what stands for a name: what listings call it
}

// grow sorts the stacks and makes the tree of them.
func (s *stacks) grow(f functions) *Tree {
	s.sort()
	shared, nodes := s.shared()
	t := &Tree{
		functions: f, truncated: s.truncated,
		name: make([]int32, nodes), parent: make([]int32, nodes), end: make([]int32, nodes),
		depth: make([]uint16, nodes), hash: make([]uint64, nodes),
		sides: make([]side, len(s.counting)),
	}
	for i := range t.sides {
		t.sides[i] = newSide(nodes, &s.counting[i])
	}
	s.plant(t, shared)
	for i := range t.sides {
		t.sides[i].sum(t.parent)
	}
	return t
}

// shared returns how many frames each stack has in common with the one before
// it, and the number of nodes of the tree.
func (s *stacks) shared() (common []int32, nodes int) {
	common, nodes = make([]int32, len(s.list)), 1
	var before []int32
	for i, st := range s.list {
		path := s.ranks[st.from:st.to]
		n := 0
		for n < len(path) && n < len(before) && path[n] == before[n] {
			n++
		}
		common[i], before = int32(n), path
		nodes += len(path) - n
	}
	return common, nodes
}

// plant numbers the nodes in preorder and gives each its own values.
func (s *stacks) plant(t *Tree, shared []int32) {
	t.name[0], t.parent[0], t.hash[0] = -1, -1, rootHash
	var open [MaxDepth + 1]int32 // path to the last node
	depth, next := 0, int32(1)
	for k, st := range s.list {
		for ; depth > int(shared[k]); depth-- {
			t.end[open[depth]] = next
		}
		for _, rank := range s.ranks[st.from+shared[k] : st.to] {
			above := open[depth]
			depth++
			open[depth] = next
			t.name[next], t.parent[next], t.depth[next] = rank, above, uint16(depth)
			t.hash[next] = pathHash(t.hash[above], t.hashes[rank])
			next++
		}
		t.sides[st.side].add(int(open[depth]), st.value, st.count)
	}
	for ; depth >= 0; depth-- {
		t.end[open[depth]] = next
	}
}

func newSide(nodes int, c *counting) side {
	d := side{total: make([]int64, nodes), self: make([]int64, nodes)}
	d.weight = d.total
	perSample, keep := c.settle()
	d.perSample = perSample
	if keep {
		d.count, d.selfCount = make([]int64, nodes), make([]int64, nodes)
	}
	return d
}

// add counts a sample that ends in node i.
func (d *side) add(i int, value, count int64) {
	d.plus(&d.self[i], value)
	if d.selfCount != nil {
		d.plus(&d.selfCount[i], count)
	}
}

func (d *side) plus(have *int64, v int64) {
	sum, fits := plus(*have, v)
	*have = sum
	if !fits {
		d.saturated = true
	}
}

// sum adds up the values of subtrees. In preorder each node comes after its
// parent, so one pass from the back is enough.
func (d *side) sum(parent []int32) {
	negative := slices.ContainsFunc(d.self, func(v int64) bool { return v < 0 })
	d.sumInto(d.total, d.self, parent)
	if negative {
		d.weight = make([]int64, len(d.self))
		magnitudes := make([]int64, len(d.self))
		for i, v := range d.self {
			magnitudes[i] = magnitude(v)
		}
		d.sumInto(d.weight, magnitudes, parent)
	}
	if d.count != nil {
		d.sumInto(d.count, d.selfCount, parent)
	}
}

func (d *side) sumInto(total, self []int64, parent []int32) {
	copy(total, self)
	for i := len(total) - 1; i > 0; i-- {
		d.plus(&total[parent[i]], total[i])
	}
}
