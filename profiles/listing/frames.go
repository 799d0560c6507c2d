package listing

import (
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/sampling"
)

// frames says which nodes each location of a profile stands for, one a line,
// innermost first; what a node is (a line, a function) is the maker's choice.
type frames struct {
	p     *profile.Profile
	first []int32 // nodes of location i are nodes[first[i]:first[i+1]]
	nodes []int32 // none for a frame that the maker does not ask about
	len   int     // how many nodes there are
	place places
}

const none int32 = -1

// newFrames asks node for each frame of p. line is nil for a location that has
// no line: pprof counts it as one frame without a function.
func newFrames(p *profile.Profile, node func(l *profile.Location, line *profile.Line) int32) *frames {
	f := &frames{p: p, first: make([]int32, 1, len(p.Location)+1), place: placesOf(p)}
	for _, l := range p.Location {
		lines := l.Line
		if len(lines) == 0 {
			f.nodes = append(f.nodes, node(l, nil))
		}
		for i := range lines {
			f.nodes = append(f.nodes, node(l, &lines[i]))
		}
		f.first = append(f.first, int32(len(f.nodes)))
	}
	for _, n := range f.nodes {
		f.len = max(f.len, int(n)+1)
	}
	return f
}

// at returns the nodes of a location.
func (f *frames) at(l *profile.Location) []int32 {
	i := f.place.of(l)
	if i == none {
		return nil
	}
	return f.nodes[f.first[i]:f.first[i+1]]
}

// cost of one node.
type cost struct {
	flat, cum int64
	count     int64 // samples behind cum
	flatCount int64 // samples behind flat
}

// tally gives each node its cost in the values of one sample type.
func (f *frames) tally(sampleType int) []cost {
	costs, _ := f.tallyGroups(sampleType, nil, 0)
	return costs
}

// tallyGroups also gives each group of nodes the value of the samples that hold
// one of them; of says which group each node is in.
func (f *frames) tallyGroups(sampleType int, of []int32, groups int) (costs []cost, whole []int64) {
	costs, whole = make([]cost, f.len), make([]int64, groups)
	seen, seenGroup := make([]int32, f.len), make([]int32, groups) // the last sample that held it, from 1
	weight := weightOf(f.p, sampleType)
	for i, s := range f.p.Sample {
		v := s.Value[sampleType]
		if v == 0 {
			continue
		}
		w, stamp := weight.of(s), int32(i+1)
		for j, l := range s.Location {
			for k, n := range f.at(l) {
				if n == none {
					continue
				}
				if j == 0 && k == 0 {
					costs[n].flat += v
					costs[n].flatCount += w
				}
				if seen[n] == stamp {
					continue
				}
				seen[n] = stamp
				costs[n].cum += v
				costs[n].count += w
				if of != nil && seenGroup[of[n]] != stamp {
					seenGroup[of[n]] = stamp
					whole[of[n]] += v
				}
			}
		}
	}
	for n := range costs {
		costs[n].count = weight.count(costs[n].count)
		costs[n].flatCount = weight.count(costs[n].flatCount)
	}
	return costs, whole
}

// places finds a location's index in its profile. IDs nearly always count from
// 1, so an array does; a map is for those profiles whose IDs do not.
type places struct {
	dense  []int32
	sparse map[*profile.Location]int32
}

func placesOf(p *profile.Profile) places {
	dense := make([]int32, 2*len(p.Location)+2)
	for i := range dense {
		dense[i] = none
	}
	for i, l := range p.Location {
		if l.ID >= uint64(len(dense)) || dense[l.ID] != none {
			return places{sparse: sparsePlaces(p)}
		}
		dense[l.ID] = int32(i)
	}
	return places{dense: dense}
}

func sparsePlaces(p *profile.Profile) map[*profile.Location]int32 {
	sparse := make(map[*profile.Location]int32, len(p.Location))
	for i, l := range p.Location {
		sparse[l] = int32(i)
	}
	return sparse
}

func (p places) of(l *profile.Location) int32 {
	if p.sparse != nil {
		if i, ok := p.sparse[l]; ok {
			return i
		}
		return none
	}
	if l.ID >= uint64(len(p.dense)) {
		return none
	}
	return p.dense[l.ID]
}

// weight counts the samples behind values, as [sampling.Of] says.
type weight struct {
	sampleType int // -1: unknown
	period     int64
}

func weightOf(p *profile.Profile, sampleType int) weight {
	switch m := sampling.Of(p, sampleType); {
	case m.Counts >= 0:
		return weight{m.Counts, 1}
	case m.Period > 0:
		return weight{sampleType, m.Period}
	}
	return weight{-1, 1}
}

// of is what one sample adds. The base's samples in a difference count like the
// others: both sides' samples are behind it.
func (w weight) of(s *profile.Sample) int64 {
	if w.sampleType < 0 {
		return 0
	}
	v := s.Value[w.sampleType]
	if v < 0 {
		return -v
	}
	return v
}

// count turns a sum of weights into a number of samples.
func (w weight) count(sum int64) int64 {
	return (sum + w.period/2) / w.period
}
