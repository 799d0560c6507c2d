package shapes

import (
	"slices"

	"github.com/google/pprof/profile"
)

// Service makes a profile in the shape of a real service's. Two seeds make two
// profiles of one service: the same paths, other weights, and a part of the tail
// that only one of them has.
func Service(seed uint64) *profile.Profile {
	m := newMaker(seed, ServiceFunctions)
	g := grow(m)
	paths := g.paths()
	for _, path := range paths[spines:] { // every frame has a sample
		m.sample(path, m.tail())
	}
	for len(m.p.Sample) < ServiceSamples {
		if m.rng.IntN(10) < 4 {
			// The first spines are the heaviest.
			spine := min(m.rng.IntN(spines), m.rng.IntN(spines))
			m.sample(paths[spine], 1+int64(m.rng.ExpFloat64()*1.3*float64(spines-spine)))
			continue
		}
		m.sample(paths[m.rng.IntN(len(paths))], m.tail())
	}
	return m.p
}

// spines are the heavy paths.
const spines = 12

// tail is the number of samples of a stack of the long tail.
func (m *maker) tail() int64 { return 1 + int64(m.rng.ExpFloat64()*m.rng.ExpFloat64()*1.5) }

// sample adds a sample on the path, called from places that no other sample on it
// was called from.
func (m *maker) sample(path []int32, count int64) {
	sites := make([]uint8, len(path))
	for tries := 0; ; tries++ {
		for i := range sites {
			sites[i] = uint8(m.rng.IntN(3))
		}
		sites[len(sites)-1] = uint8(m.rng.IntN(8 + tries))
		if m.add(path, sites, count) {
			return
		}
	}
}

// forest is a call tree that is grown.
type forest struct {
	function, parent, depth []int32
	leaf                    []bool
	ends                    []int32            // of the heavy paths
	child                   map[[2]int32]int32 // by parent and function
}

// under returns the child of a node that calls the function, a new one if need be.
func (g *forest) under(parent, function int32) (node int32, fresh bool) {
	key := [2]int32{parent, function}
	if n, ok := g.child[key]; ok {
		return n, false
	}
	node = int32(len(g.function))
	depth := int32(1)
	if parent >= 0 {
		depth = g.depth[parent] + 1
		g.leaf[parent] = false
	}
	g.function, g.parent = append(g.function, function), append(g.parent, parent)
	g.depth, g.leaf = append(g.depth, depth), append(g.leaf, true)
	g.child[key] = node
	return node, true
}

// grow makes the tree of the service. Half of it follows from the seed of all
// services, so that two of them are alike.
func grow(m *maker) *forest {
	g := &forest{child: map[[2]int32]int32{}}
	same := newMaker(1<<32, ServiceFunctions).rng
	for s := range int32(spines) {
		at := int32(-1)
		for d := range ServiceDepth - 4*min(s/2, 5) { // two of each depth, from 30 to 10
			// The first frames are those of the server's loop.
			f := int32(7 + d)
			if d >= 4+s/3 {
				f = int32(same.IntN(ServiceFunctions))
			}
			at, _ = g.under(at, f)
		}
		g.ends = append(g.ends, at)
	}
	unused := same.Perm(ServiceFunctions)
	rng := same
	for len(g.function) < ServiceNodes {
		if len(g.function) > ServiceNodes*9/10 {
			rng = m.rng
		}
		at := int32(rng.IntN(len(g.function)))
		for range rng.IntN(5) { // more grows near the root
			at = max(g.parent[at], 0)
		}
		for range 1 + rng.IntN(6) {
			if g.depth[at] == ServiceDepth || len(g.function) == ServiceNodes {
				break
			}
			f := int32(rng.IntN(ServiceFunctions))
			if len(unused) > 0 {
				f, unused = int32(unused[0]), unused[1:]
			}
			at, _ = g.under(at, f)
		}
	}
	return g
}

// paths are the ways to all leaves, root first: the heavy ones before the others.
func (g *forest) paths() [][]int32 {
	var heavy, others [][]int32
	for n := range g.function {
		heaviest := slices.Contains(g.ends, int32(n))
		if !g.leaf[n] && !heaviest {
			continue
		}
		path := make([]int32, g.depth[n])
		for at := int32(n); at >= 0; at = g.parent[at] {
			path[g.depth[at]-1] = g.function[at]
		}
		if heaviest {
			heavy = append(heavy, path)
			continue
		}
		others = append(others, path)
	}
	return append(heavy, others...)
}
