package listing

import (
	"cmp"
	"slices"

	"github.com/google/pprof/profile"
)

// Stackless labels the samples of a profile that have no stack.
const Stackless = "no stack"

// Itself labels what a function spends in its own lines.
const Itself = "in itself"

// Selves splits the values of a profile by the function in which they were spent:
// the flat of pprof, in its order. The parts sum to the profile's values exactly.
func Selves(p *profile.Profile, sampleType int) []Part {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	p = interesting(p)
	parts := []Part{}
	for _, f := range Top(p, sampleType) {
		if f.Flat != 0 {
			parts = append(parts, Part{Label: f.Function, Value: f.Flat, Count: f.FlatCount})
		}
	}
	weight := weightOf(p, sampleType)
	none := section{}
	for _, s := range p.Sample {
		if len(s.Location) == 0 {
			none.add(s.Value[sampleType], weight.of(s), "")
		}
	}
	if none.value != 0 {
		parts = append(parts, Part{Label: Stackless, Value: none.value, Count: weight.count(none.weight)})
	}
	return parts
}

// Calls splits what the functions that match finds cost by what they call: the
// frame below the outermost of them in each stack, or [Itself]. The parts sum to
// the value of the samples that hold such a function, each once, whatever the
// recursion; the dearest stands first.
func Calls(p *profile.Profile, sampleType int, match func(function string) bool) []Part {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	p = interesting(p)
	names := namesOf(p, match)
	sections := map[string]*section{}
	weight := weightOf(p, sampleType)
	for _, s := range p.Sample {
		v := s.Value[sampleType]
		if v == 0 {
			continue
		}
		callee, ok := names.below(s)
		if !ok {
			continue
		}
		if sections[callee] == nil {
			sections[callee] = &section{}
		}
		sections[callee].add(v, weight.of(s), "")
	}
	parts := make([]Part, 0, len(sections))
	for name, c := range sections {
		if c.value != 0 {
			parts = append(parts, Part{Label: name, Value: c.value, Count: weight.count(c.weight)})
		}
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(magnitude(b.Value), magnitude(a.Value)), cmp.Compare(a.Label, b.Label))
	})
	return parts
}

// named is the frames of a profile by their names, and which were asked for.
type named struct {
	*frames
	names  []string
	wanted []bool
}

func namesOf(p *profile.Profile, match func(string) bool) named {
	n := named{}
	ids := map[string]int32{}
	byFunction := make(map[*profile.Function]int32, len(p.Function))
	id := func(name string) int32 {
		i, ok := ids[name]
		if !ok {
			i = int32(len(n.names))
			ids[name] = i
			n.names = append(n.names, name)
			n.wanted = append(n.wanted, match(name))
		}
		return i
	}
	n.frames = newFrames(p, func(l *profile.Location, line *profile.Line) int32 {
		if line == nil || line.Function == nil {
			return id(Binary(l))
		}
		i, ok := byFunction[line.Function]
		if !ok {
			name := FunctionName(line.Function)
			if name == "" {
				name = Binary(l)
			}
			i = id(name)
			byFunction[line.Function] = i
		}
		return i
	})
	return n
}

// below is the name of the frame under the outermost one that was asked for; ok is
// false for a sample that holds none.
func (n named) below(s *profile.Sample) (callee string, ok bool) {
	for i := len(s.Location) - 1; i >= 0; i-- {
		nodes := n.at(s.Location[i])
		for j := len(nodes) - 1; j >= 0; j-- {
			if ok {
				return n.names[nodes[j]], true
			}
			ok = n.wanted[nodes[j]]
		}
	}
	return Itself, ok
}

// Sum adds up the values of a profile with their signs, and the samples behind them;
// a count of 0 is unknown.
func Sum(p *profile.Profile, sampleType int) (value, count int64) {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return 0, 0
	}
	weight, sum := weightOf(p, sampleType), int64(0)
	for _, s := range p.Sample {
		value += s.Value[sampleType]
		sum += weight.of(s)
	}
	return value, weight.count(sum)
}
