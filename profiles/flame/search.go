package flame

import (
	"regexp"
	"runtime"
	"sync"

	"github.com/sockscope/sockscope/profiles/tree"
)

// Matches says of each name of a tree, by its index, whether a search matches it.
type Matches []bool

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
// preorder together with the picked ones: owner is the picked node that the
// current one is below of, and closest to.
func (l *layout) markSmaller(v *View, nodes []int32, matched Matches) {
	owners := []int{0} // places of picked nodes, each an ancestor of the next
	next := 1
	for i := int(nodes[0]) + 1; i < l.t.End(int(nodes[0])); i++ {
		for i >= l.t.End(int(nodes[owners[len(owners)-1]])) {
			owners = owners[:len(owners)-1]
		}
		if next < len(nodes) && int(nodes[next]) == i {
			owners = append(owners, next)
			next++
			continue
		}
		if b := l.smaller[owners[len(owners)-1]]; b > 0 && l.only.keeps(i) && l.matches(matched, i) {
			v.Boxes[b].Matched = true
		}
	}
}

// Match asks each name once, on all processors: names are many times fewer than
// nodes, and the expression is what takes the time.
func Match(re *regexp.Regexp, names []string) Matches {
	matched := make(Matches, len(names))
	workers := min(runtime.GOMAXPROCS(0), len(names)/1024+1)
	var wg sync.WaitGroup
	for w := range workers {
		from, to := len(names)*w/workers, len(names)*(w+1)/workers
		wg.Go(func() {
			for i := from; i < to; i++ {
				matched[i] = re.MatchString(names[i])
			}
		})
	}
	wg.Wait()
	return matched
}
