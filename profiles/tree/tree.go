// Package tree merges the stacks of a profile into one call tree, or those of
// two profiles into the union of their trees.
//
// A tree is a set of parallel arrays in preorder: the subtree of node i is the
// range [i, End(i)), and children stand in the order of their names, so that a
// function has the same place in the trees of two profiles. Frames are told
// apart by function name alone, the one that a listing has too: lines, addresses and
// binaries are merged. A frame without a name goes by its address (nameless.go).
// Building takes these steps:
//
//  1. the name of each frame of each location is found (frames.go);
//  2. each sample becomes a stack of name ranks, root first (build.go);
//  3. stacks are sorted (sort.go); what a stack shares with the one before it is in the
//     tree already, the rest are new nodes (grow.go).
//
// A Tree is not modified after it is built and may be used by many goroutines.
package tree

import "math"

// Root is the name of node 0.
const Root = "all samples"

// MaxDepth is the most frames of a stack that are kept, counted from its root.
// What a stack has below counts as self time of the last frame that is kept.
const MaxDepth = 1000

// Side is one of the two profiles of a union. The tree of one profile has Base
// only.
type Side int

// The sides.
const (
	Base  Side = 0
	Other Side = 1
)

// Tree is a merged call tree. Node 0 is the root, which stands for all samples.
type Tree struct {
	functions
	name      []int32 // rank; -1 for the root
	parent    []int32
	end       []int32
	depth     []uint16
	hash      []uint64
	sides     []side
	truncated int
	orders    orders
}

// side holds the values of one profile, an entry a node.
type side struct {
	total, self []int64
	// weight is the sum of |self| over the subtree; it is total when no sample is
	// negative.
	weight []int64
	// count and selfCount are nil when samples are not counted one by one: then
	// a sample stands for perSample of value, or their number is unknown (0).
	count, selfCount []int64
	perSample        int64
	saturated        bool
}

// Len is the number of nodes, at least 1.
func (t *Tree) Len() int { return len(t.name) }

// Sides is 1 for the tree of a profile and 2 for a union.
func (t *Tree) Sides() int { return len(t.sides) }

// Parent returns the node that calls i, and -1 for the root.
func (t *Tree) Parent(i int) int { return int(t.parent[i]) }

// End returns the node after the last of the subtree of i.
func (t *Tree) End(i int) int { return int(t.end[i]) }

// Depth is the number of callers of i, the root counted: 0 for the root.
func (t *Tree) Depth(i int) int { return int(t.depth[i]) }

// Name is the function's name, and [Root] for the root.
func (t *Tree) Name(i int) string {
	if i == 0 {
		return Root
	}
	return t.names[t.name[i]]
}

// Names are the names of all functions, in order, each once; a pivot keeps
// those of the whole tree. The caller must not modify them.
func (t *Tree) Names() []string { return t.names }

// NameIndex is the index of the name of i in Names, and -1 for the root.
func (t *Tree) NameIndex(i int) int { return int(t.name[i]) }

// Kernel reports whether i is a frame of the operating system's kernel: one of its
// locations stands in a kernel binary, or samples that end in it are labelled
// mode=kernel or mode=softirq.
func (t *Tree) Kernel(i int) bool { return i > 0 && t.kernel[t.name[i]] }

// Total is the value of i with all that it calls, in the sample type's unit.
// It is 0 for a side that the tree does not have.
func (t *Tree) Total(s Side, i int) int64 {
	if int(s) >= len(t.sides) {
		return 0
	}
	return t.sides[s].total[i]
}

// Self is the value of i without what it calls.
func (t *Tree) Self(s Side, i int) int64 {
	if int(s) >= len(t.sides) {
		return 0
	}
	return t.sides[s].self[i]
}

// Weight is the sum of the magnitudes of Self over the subtree: never negative,
// and Total unless the profile holds negative values, as differences do. Widths
// of boxes are weights: those of children never exceed their parent's.
func (t *Tree) Weight(s Side, i int) int64 {
	if int(s) >= len(t.sides) {
		return 0
	}
	return t.sides[s].weight[i]
}

// Count is the number of samples behind Total: the profile's own samples/count
// values, else value ÷ period when the period is in the unit of the value, else
// 0 for unknown.
func (t *Tree) Count(s Side, i int) int64 {
	if int(s) >= len(t.sides) {
		return 0
	}
	d := &t.sides[s]
	if d.count != nil {
		return d.count[i]
	}
	return d.samplesIn(d.weight[i])
}

// SelfCount is the number of samples behind Self.
func (t *Tree) SelfCount(s Side, i int) int64 {
	if int(s) >= len(t.sides) {
		return 0
	}
	d := &t.sides[s]
	if d.count != nil {
		return d.selfCount[i]
	}
	return d.samplesIn(magnitude(d.self[i]))
}

// Hash identifies the path of names from the root to i. The same path has the
// same hash in every tree, in every process; it is never 0.
func (t *Tree) Hash(i int) uint64 { return t.hash[i] }

// Find returns the node with this hash.
func (t *Tree) Find(hash uint64) (int, bool) {
	for i, h := range t.hash {
		if h == hash {
			return i, true
		}
	}
	return 0, false
}

// Truncated is the number of samples whose stacks were deeper than MaxDepth.
func (t *Tree) Truncated() int { return t.truncated }

// Saturated reports whether a sum did not fit 64 bits and was cut to the
// largest that does.
func (t *Tree) Saturated() bool {
	for i := range t.sides {
		if t.sides[i].saturated {
			return true
		}
	}
	return false
}

// Size is about the memory that the tree takes, one order of children included,
// in bytes, for caches.
func (t *Tree) Size() int64 {
	perNode, n := int64(4+4+4+2+8+8), int64(len(t.name))
	for i := range t.sides {
		perNode += 16
		if d := &t.sides[i]; len(d.weight) > 0 && &d.weight[0] != &d.total[0] {
			perNode += 8
		}
		if t.sides[i].count != nil {
			perNode += 16
		}
	}
	size := perNode * n
	for _, s := range t.names {
		size += 24 + int64(len(s)) // with its hash
	}
	return size + 40*int64(len(t.binary))
}

func (d *side) samplesIn(value int64) int64 {
	if d.perSample == 0 {
		return 0
	}
	return value / d.perSample
}

func magnitude(v int64) int64 {
	if v == math.MinInt64 {
		return math.MaxInt64
	}
	return max(v, -v)
}

// plus adds without wrapping around; fits is false when it had to cut.
func plus(a, b int64) (sum int64, fits bool) {
	sum = a + b
	if (sum > a) == (b > 0) {
		return sum, true
	}
	if b > 0 {
		return math.MaxInt64, false
	}
	return math.MinInt64, false
}
