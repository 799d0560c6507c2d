package tree

// Pivot turns the tree around one function, for the "sandwich" view. In callers
// the function stands under the root, below it its callers, below each its
// callers in turn; in callees it stands above what it calls. Both add up the
// outermost occurrences only, so recursion is counted once, and the root of
// both has the true total of the function. A binary, "[nginx]", stands for all its
// frames without a function name. What the tree does not have gives two trees
// without samples.
func (t *Tree) Pivot(function string) (callers, callees *Tree) {
	a := t.around(function)
	return t.callers(a), t.callees(a)
}

// Sole is the node of a function that has one outermost occurrence only: what it
// calls is the subtree of that node already. It is 0 for any other function.
func (t *Tree) Sole(function string) int {
	sole := 0
	t.Outermost(t.around(function).has, func(i int) {
		if sole == 0 {
			sole = i
		} else {
			sole = -1
		}
	})
	if sole < 0 || t.Name(sole) != function { // a binary's only frame has a name of its own
		return 0
	}
	return sole
}

// Callers is the first half of [Tree.Pivot].
func (t *Tree) Callers(function string) *Tree { return t.callers(t.around(function)) }

func (t *Tree) callers(a around) *Tree {
	var ranks, paths int
	t.Outermost(a.has, func(i int) {
		ranks += int(t.depth[i])
		paths++
	})
	up := t.noStacks(ranks, paths)
	t.Outermost(a.has, func(i int) { t.addCallers(up, i, a.rank) })
	return up.grow(a.functions)
}

func (t *Tree) callees(a around) *Tree {
	var ranks, paths int
	t.Outermost(a.has, func(i int) {
		for j := i; j < int(t.end[i]); j++ {
			if t.end[j] == int32(j)+1 { // a leaf
				ranks += int(t.depth[j]-t.depth[i]) + 1
				paths++
			}
		}
	})
	down := t.noStacks(ranks, paths)
	t.Outermost(a.has, func(i int) { t.addCallees(down, i, a.rank) })
	return down.grow(a.functions)
}

// Outermost calls do, in preorder, for each node that is matched and has no
// caller that is. Match is asked once for each name, by its index in Names.
func (t *Tree) Outermost(match func(name int) bool, do func(i int)) {
	matched := make([]bool, len(t.names))
	for i := range matched {
		matched[i] = match(i)
	}
	for i := 1; i < len(t.name); {
		if !matched[t.name[i]] {
			i++
			continue
		}
		do(i)
		i = int(t.end[i])
	}
}

// noStacks is where the stacks of a pivot are gathered, with room for about so many
// of them. They count samples the way that t does.
func (t *Tree) noStacks(ranks, paths int) *stacks {
	s := &stacks{truncated: t.truncated, ranks: make([]int32, 0, ranks), list: make([]stack, 0, paths*len(t.sides))}
	for i := range t.sides {
		d := &t.sides[i]
		c := counting{index: -1, period: d.perSample}
		if d.count != nil {
			c = counting{index: 0}
		}
		s.counting = append(s.counting, c)
	}
	return s
}

// addCallers adds the path from i up to the root, with the total of i, which goes by
// the name of this rank.
func (t *Tree) addCallers(s *stacks, i int, rank int32) {
	from := int32(len(s.ranks))
	s.ranks = append(s.ranks, rank)
	for j := int(t.parent[i]); j > 0; j = int(t.parent[j]) {
		s.ranks = append(s.ranks, t.name[j])
	}
	for side := range t.sides {
		d := &t.sides[side]
		s.add(side, from, d.total[i], d.countOf(d.count, i))
	}
}

// addCallees adds the paths from i, which goes by the name of this rank, down to each
// node with a value of its own.
func (t *Tree) addCallees(s *stacks, i int, rank int32) {
	var path [MaxDepth]int32
	above := int(t.depth[i])
	for j := i; j < int(t.end[i]); j++ {
		depth := int(t.depth[j]) - above
		if path[depth] = t.name[j]; depth == 0 {
			path[depth] = rank
		}
		from := int32(len(s.ranks))
		for side := range t.sides {
			d := &t.sides[side]
			if d.self[j] == 0 {
				continue
			}
			if from == int32(len(s.ranks)) {
				s.ranks = append(s.ranks, path[:depth+1]...)
			}
			s.add(side, from, d.self[j], d.countOf(d.selfCount, j))
		}
	}
}

func (s *stacks) add(side int, from int32, value, count int64) {
	if value == 0 {
		return
	}
	s.list = append(s.list, stack{from: from, to: int32(len(s.ranks)), side: int32(side), value: value, count: count})
}

func (d *side) countOf(counts []int64, i int) int64 {
	if counts == nil {
		return 0
	}
	return counts[i]
}
