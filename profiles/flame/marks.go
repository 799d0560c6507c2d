package flame

import (
	"sync"

	"github.com/sockscope/sockscope/profiles/tree"
)

// Only says which frames of a union are laid out. Frames that stand below others
// need them: the callers of what is laid out stay, dimmed.
type Only string

// What is laid out. The empty one is everything.
const (
	Changed Only = "changed" // the difference is beyond sampling noise
	New     Only = "new"     // the base does not have it
	Gone    Only = "gone"    // the other does not have it
)

// onlys are the filters, in the order of their bits in Marks.
var onlys = [...]Only{Changed, New, Gone}

// Delta says which value the change of a frame is of.
type Delta string

// The deltas. The empty one is of Total.
const (
	OfTotal Delta = ""
	OfSelf  Delta = "self"
)

// Marks say of every frame of a union whether it is changed, new or gone. Making
// them takes time for the whole tree, using them only a little more than nothing;
// many goroutines may use them.
type Marks struct {
	// of holds for each node a bit for each of onlys, and three bits further up one
	// for each that the node or one below it has.
	of    []uint8
	count [len(onlys)]int
	kept  [len(onlys)]keep
}

// keep counts what a filter leaves: before[i] nodes before node i are left.
type keep struct {
	once   sync.Once
	before []int32
}

// Mark compares the sides of each frame of t, by the values in this scale.
func Mark(t *tree.Tree, s Scale, d Delta) *Marks {
	l := newLayout(t, Options{Scale: s, Delta: d})
	m := &Marks{of: make([]uint8, t.Len())}
	if t.Sides() < 2 {
		return m
	}
	for i := t.Len() - 1; i > 0; i-- {
		own := l.bits(i)
		for k := range onlys {
			m.count[k] += int(own >> k & 1)
		}
		m.of[i] |= own | own<<len(onlys)
		m.of[t.Parent(i)] |= m.of[i] &^ (1<<len(onlys) - 1)
	}
	return m
}

func (l *layout) bits(i int) (bits uint8) {
	b := l.values(i)
	l.compare(&b, l.weights(i), i)
	for k, has := range [...]bool{b.Change != 0 && !b.Noise, b.New, b.Gone} {
		if has {
			bits |= 1 << k
		}
	}
	return bits
}

// Count is the number of frames that a filter is about.
func (m *Marks) Count(o Only) int {
	if k := o.bit(); k >= 0 {
		return m.count[k]
	}
	return len(m.of) - 1
}

// Size is about the memory that the marks take, in bytes, for caches.
func (m *Marks) Size() int64 { return int64(len(m.of)) * (1 + 4*int64(len(onlys))) }

func (o Only) bit() int {
	for k, other := range onlys {
		if o == other {
			return k
		}
	}
	return -1
}

// left counts the nodes that the filter keeps, for ranges of nodes.
func (m *Marks) left(bit int) []int32 {
	k := &m.kept[bit]
	k.once.Do(func() {
		k.before = make([]int32, len(m.of)+1)
		for i, of := range m.of {
			k.before[i+1] = k.before[i] + int32(of>>(bit+len(onlys))&1)
		}
	})
	return k.before
}

// filter is what Options.Only keeps of a tree; nil keeps everything.
type filter struct {
	before []int32
	of     []uint8
	bit    int
}

func (l *layout) filter() *filter {
	bit := l.o.Only.bit()
	if bit < 0 || l.t.Sides() < 2 {
		return nil
	}
	m := l.o.Marks
	if m == nil || len(m.of) != l.t.Len() {
		m = Mark(l.t, l.o.Scale, l.o.Delta)
	}
	return &filter{m.left(bit), m.of, bit}
}

// keeps reports whether i or a frame below it has what the filter asks for.
func (f *filter) keeps(i int) bool { return f == nil || f.of[i]>>(f.bit+len(onlys))&1 == 1 }

// has reports whether i itself has it.
func (f *filter) has(i int) bool { return f == nil || f.of[i]>>f.bit&1 == 1 }

// frames is how many nodes are kept from one to before another.
func (f *filter) frames(from, to int) int {
	if f == nil {
		return to - from
	}
	return int(f.before[to] - f.before[from])
}
