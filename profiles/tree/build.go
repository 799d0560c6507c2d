package tree

import (
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/sampling"
)

// Build merges the stacks of p. Values are those of p.SampleType[sampleType];
// samples whose value is 0 are left out, as pprof does. An index out of range
// gives a tree without samples. p is not modified.
func Build(p *profile.Profile, sampleType int) *Tree {
	return build([]input{{p, sampleType}})
}

// Union merges the stacks of two profiles: a frame that only one of them has
// is in the tree, with 0 on the other side.
func Union(base, other *profile.Profile, baseType, otherType int) *Tree {
	return build([]input{{base, baseType}, {other, otherType}})
}

type input struct {
	p          *profile.Profile
	sampleType int
}

// stack is one sample: ranks[from:to] is its path, root first.
type stack struct {
	from, to     int32
	side         int32
	value, count int64
}

// stacks are samples of the profiles before they are merged.
type stacks struct {
	list      []stack
	ranks     []int32
	counting  []counting // by side
	truncated int
}

func build(inputs []input) *Tree {
	n := newNames()
	var s stacks
	for i, in := range inputs {
		s.counting = append(s.counting, countingOf(in.p, in.sampleType))
		s.expand(in, i, newFrames(in.p, n))
	}
	functions, rank := n.sorted()
	for i, number := range s.ranks {
		s.ranks[i] = rank[number]
	}
	return s.grow(functions)
}

// expand appends the samples of one profile. Names are numbers here; they
// become ranks once all names are known.
func (s *stacks) expand(in input, side int, f *frames) {
	if in.sampleType < 0 || in.sampleType >= len(in.p.SampleType) {
		return
	}
	c := &s.counting[side]
	refs := 0
	for _, sample := range in.p.Sample {
		refs += min(len(sample.Location), MaxDepth)
	}
	s.ranks = append(make([]int32, 0, len(s.ranks)+refs+refs/8), s.ranks...)
	s.list = append(make([]stack, 0, len(s.list)+len(in.p.Sample)), s.list...)
	for _, sample := range in.p.Sample {
		if in.sampleType >= len(sample.Value) || sample.Value[in.sampleType] == 0 {
			continue
		}
		from := len(s.ranks)
		for i := len(sample.Location) - 1; i >= 0; i-- {
			path, room := f.of(sample.Location[i]), MaxDepth-(len(s.ranks)-from)
			if len(path) > room {
				s.ranks = append(s.ranks, path[:room]...)
				s.truncated++
				break
			}
			s.ranks = append(s.ranks, path...)
		}
		if last := len(s.ranks) - 1; last >= from && kernelLabel(sample) {
			f.names.kernel[s.ranks[last]] = true
		}
		st := stack{from: int32(from), to: int32(len(s.ranks)), side: int32(side), value: sample.Value[in.sampleType]}
		st.count = c.of(sample, st.value)
		s.list = append(s.list, st)
	}
}

// counting is how the samples behind a value are counted.
type counting struct {
	index     int   // sample type that holds their number; -1 for none
	period    int64 // value of one sample; 0 when the period is of another unit
	perSample int64 // value of a sample as long as all have the same; 0 after
	exact     bool  // all samples so far were worth perSample, none less than 0
}

func countingOf(p *profile.Profile, sampleType int) counting {
	m := sampling.Of(p, sampleType)
	return counting{index: m.Counts, period: m.Period, exact: true}
}

// of is the number of samples that one entry of the profile stands for.
func (c *counting) of(s *profile.Sample, value int64) int64 {
	if c.index < 0 || c.index >= len(s.Value) {
		return 0
	}
	n := magnitude(s.Value[c.index])
	switch {
	case !c.exact || n == 0 || value < 0: // what cancels out was sampled all the same
		c.exact = false
	case c.perSample == 0:
		c.perSample = magnitude(value) / n
		fallthrough
	default:
		c.exact = c.perSample > 0 && magnitude(value)%c.perSample == 0 && magnitude(value)/c.perSample == n
	}
	return n
}

// settle returns the value that stands for one sample, and whether counts have
// to be kept for each node: not when all samples were worth the same.
func (c *counting) settle() (perSample int64, keep bool) {
	if c.index < 0 {
		return c.period, false
	}
	if c.exact {
		return c.perSample, false
	}
	return 0, true
}
