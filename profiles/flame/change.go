package flame

import (
	"math"

	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/tree"
)

// exactBelow is the number of samples of both sides below which verdicts are kept:
// the test is exact there, which takes its time.
const exactBelow = 100

// compare fills the difference of the two sides of a box, of what Options.Delta
// says: of its total, or of the self value of node i. What is merged has no node,
// i is then -1, and all of it counts as its own.
func (l *layout) compare(b *Box, weight [2]int64, i int) {
	if l.t.Sides() < 2 {
		return
	}
	b.New = weight[0] <= 0 && weight[1] > 0
	b.Gone = weight[0] > 0 && weight[1] <= 0
	values, count := b.Total, b.Count
	if l.o.Delta == OfSelf && i >= 0 {
		values = b.Self
		count = [2]int64{l.t.SelfCount(tree.Base, i), l.t.SelfCount(tree.Other, i)}
	}
	if most := max(math.Abs(values[0]), math.Abs(values[1])); most > 0 {
		b.Change = min(max((values[1]-values[0])/most, -1), 1)
	}
	b.Noise = l.chance.within(count)
}

// samples is what one sample of each side is worth, scaled; 0 for unknown. Of a side
// that has none it is as much as one of the other.
func (l *layout) samples() (worth [2]float64) {
	sides := l.t.Sides()
	for s := range sides {
		if n := l.t.Count(tree.Side(s), 0); n > 0 {
			worth[s] = float64(l.t.Weight(tree.Side(s), 0)) / float64(n)
		}
	}
	for s := range sides {
		if sides == 2 && l.t.Weight(tree.Side(s), 0) == 0 && worth[s] == 0 {
			worth[s] = worth[1-s]
		}
	}
	return [2]float64{worth[0] * l.scale[0], worth[1] * l.scale[1]}
}

// chance tells differences that chance makes from others.
type chance struct {
	sample [2]float64 // scaled value of one sample; 0 for unknown
	// known remembers the exact test of few samples, by the numbers of
	// both: a tree has the same small numbers over and over.
	known [exactBelow][exactBelow]verdict
}

type verdict uint8

const (
	unknown verdict = iota
	noise
	signal
)

// within reports whether the counts of samples k differ no more than chance makes
// them, by the test of all pages: [stats.Noise], where the scaled value of one sample
// is one over what was exposed. It is false when samples are not counted.
func (c *chance) within(k [2]int64) bool {
	a, b := c.sample[0], c.sample[1]
	if a <= 0 || b <= 0 || k[0] < 0 || k[1] < 0 || k[0]+k[1] <= 0 {
		return false
	}
	if n := k[0] + k[1]; n >= exactBelow {
		_, within := stats.Noise(k[0], k[1], 1/a, 1/b)
		return within
	}
	known := &c.known[k[0]][k[1]]
	if *known == unknown {
		*known = signal
		if _, within := stats.Noise(k[0], k[1], 1/a, 1/b); within {
			*known = noise
		}
	}
	return *known == noise
}
