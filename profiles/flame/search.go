package flame

import "github.com/sockscope/sockscope/profiles/tree"

// search marks the boxes with names that match, and adds up what is spent in
// matching functions. First is the heaviest child of the zoomed node that is
// part of the view; it counts when Options.From leaves others out. A filter
// does not change what is spent.
func (l *layout) search(v *View, p shown) {
	matched := l.o.Matches
	if len(matched) != len(l.t.Names()) {
		matched = Match(l.o.Search, l.t.Names())
	}
	for _, m := range matched {
		if m {
			v.MatchedNames++
		}
	}
	for i := range v.Ancestors {
		v.Ancestors[i].Matched = l.matches(matched, v.Ancestors[i].Node)
	}
	for i := range v.Boxes {
		b := &v.Boxes[i]
		b.Matched = b.Smaller == 0 && l.matches(matched, b.Node)
	}
	if v.MatchedNames == 0 {
		return
	}
	l.markSmaller(v, p.nodes, matched)
	var sum amount
	if p.from > 0 {
		for c := p.first; c >= 0; c = l.next(c) {
			l.addMatched(&sum, matched, c, l.t.End(c))
		}
	} else {
		l.addMatched(&sum, matched, p.at, l.t.End(p.at))
	}
	v.Matched = part(l.weigh(sum), l.weigh(p.amount), 1)
	for s := range v.MatchedTotal {
		v.MatchedTotal[s] = float64(sum.total[s]) * l.scale[s]
	}
}

func (l *layout) matches(matched Matches, node int) bool {
	n := l.t.NameIndex(node)
	return n >= 0 && matched[n]
}

// addMatched adds what the outermost matches between two nodes stand for.
func (l *layout) addMatched(sum *amount, matched Matches, from, to int) {
	for i := from; i < to; {
		if !l.matches(matched, i) {
			i++
			continue
		}
		for s := range l.t.Sides() {
			side := tree.Side(s)
			sum.total[s] += l.t.Total(side, i)
			sum.weight[s] += l.t.Weight(side, i)
		}
		i = l.t.End(i)
	}
}

// markSmaller marks the smaller boxes with a match inside. Nodes are visited in
// preorder together with the picked ones: the last of owners is the picked node that the
// current one is below of, and closest to. A box that is marked, or that is not there,
// has nothing more to tell: its nodes are passed over.
func (l *layout) markSmaller(v *View, nodes []int32, matched Matches) {
	owners := []int{0} // places of picked nodes, each an ancestor of the next
	next, end := 1, l.t.End(int(nodes[0]))
	for i := int(nodes[0]) + 1; i < end; {
		for i >= l.t.End(int(nodes[owners[len(owners)-1]])) {
			owners = owners[:len(owners)-1]
		}
		if next < len(nodes) && int(nodes[next]) == i {
			owners = append(owners, next)
			next++
			i++
			continue
		}
		owner := owners[len(owners)-1]
		to := l.t.End(int(nodes[owner]))
		if next < len(nodes) {
			to = min(to, int(nodes[next]))
		}
		if b := l.smaller[owner]; b > 0 && !v.Boxes[b].Matched {
			v.Boxes[b].Matched = l.matchIn(matched, i, to)
		}
		i = to
	}
}

// matchIn reports whether any node from one to before another matches.
func (l *layout) matchIn(matched Matches, from, to int) bool {
	for i := from; i < to; i++ {
		if l.matches(matched, i) && l.only.keeps(i) {
			return true
		}
	}
	return false
}
