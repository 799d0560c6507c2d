package shapes

import "github.com/google/pprof/profile"

// stem is how many frames everything of a flat giant may pass.
const stem = 10

// Flat makes a flat giant: a short trunk that the stacks share, and above it paths
// that no two stacks have in common.
func Flat(seed uint64) *profile.Profile {
	const pairs, trunk = FlatSamples / 2, 4_000
	m := newMaker(seed, FlatFunctions)
	g := &forest{child: map[[2]int32]int32{}}
	m.trunk(g, trunk)
	// What a stack adds to the tree: two stacks together always the same, but for
	// those that share out what is left.
	const mean = (FlatNodes - trunk) / FlatSamples
	left := FlatNodes - trunk - mean*FlatSamples
	unused := m.rng.Perm(FlatFunctions)
	for range pairs {
		more := m.rng.IntN(mean - 2)
		for _, n := range []int{mean + more, mean - more} {
			if left > 0 {
				n++
				left--
			}
			at := int32(stem + m.rng.IntN(trunk-stem))
			for fresh := 0; fresh < n; {
				f := int32(m.rng.IntN(FlatFunctions))
				if len(unused) > 0 {
					f = int32(unused[0])
				}
				node, isNew := g.under(at, f)
				if !isNew {
					continue
				}
				if len(unused) > 0 {
					unused = unused[1:]
				}
				at = node
				fresh++
			}
			m.sample(g.path(at), 1+int64(m.rng.ExpFloat64()*2))
		}
	}
	return m.p
}

// trunk grows what the stacks stand on: a few frames that everything passes, and
// above them so many that each carries a handful of stacks.
func (m *maker) trunk(g *forest, nodes int) {
	at, _ := g.under(-1, 0)
	for len(g.function) < stem {
		at, _ = g.under(at, int32(m.rng.IntN(FlatFunctions)))
	}
	for len(g.function) < nodes {
		g.under(int32(m.rng.IntN(stem)), int32(m.rng.IntN(FlatFunctions)))
	}
}

func (g *forest) path(n int32) []int32 {
	path := make([]int32, g.depth[n])
	for at := n; at >= 0; at = g.parent[at] {
		path[g.depth[at]-1] = g.function[at]
	}
	return path
}
