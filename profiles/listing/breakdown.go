package listing

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/google/pprof/profile"
)

// Part is a piece of a profile: what one line of a function costs, or what is
// outside of the function.
type Part struct {
	Label string // "net.Dial", "Write", "net/http", "runtime"
	Line  int64  // 0 for what is outside of the function
	Side  int    // in whose version of the file Line counts, see [Book.Meet]; else 0
	Value int64
	Count int64 // samples behind Value; 0 for unknown
}

// Outside labels what is below no function of a program: the scheduler and the
// garbage collector.
const Outside = "runtime"

// Breakdown splits the values of a profile by the line of the function that a
// stack goes through first, and labels each line with the call that it makes:
// in the order of the file. What is not below the function follows by whose
// goroutines do it ([Accepting], the [Rest] of the program, "net/http" for those of a
// transport), the dearest first, and last the part Outside, when there is one. The parts sum to the profile's values exactly, because each sample has one
// outermost occurrence of the function, whatever the recursion. Lines of the
// same number in several files of one function name are one part.
func Breakdown(p *profile.Profile, sampleType int, function string, files Files) []Part {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	b := newBuilder(interesting(p), func(name string) bool { return name == function })
	lines := map[int64]*section{}
	outside := map[string]*section{}
	weight := weightOf(b.frames.p, sampleType)
	around := surroundingsOf(b.frames.p, function)
	for _, s := range b.frames.p.Sample {
		v := s.Value[sampleType]
		if v == 0 {
			continue
		}
		node, callee := b.outermost(s)
		if node == none {
			by := around.label(s)
			if outside[by] == nil {
				outside[by] = &section{}
			}
			outside[by].add(v, weight.of(s), "")
			continue
		}
		n := b.nodes[node]
		if lines[n.line] == nil {
			lines[n.line] = &section{callees: map[string]int64{}, file: b.places[n.routine].file}
		}
		lines[n.line].add(v, weight.of(s), callee)
	}
	parts := make([]Part, 0, len(lines)+1)
	for n, l := range lines {
		if l.value != 0 {
			parts = append(parts, Part{Label: l.label(n, files), Line: n, Value: l.value, Count: weight.count(l.weight)})
		}
	}
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Line, b.Line) })
	return append(parts, packages(outside, weight)...)
}

// packages are the parts outside of the function.
func packages(outside map[string]*section, w weight) []Part {
	parts := make([]Part, 0, len(outside))
	for by, o := range outside {
		if o.value != 0 {
			parts = append(parts, Part{Label: by, Value: o.value, Count: w.count(o.weight)})
		}
	}
	slices.SortFunc(parts, func(a, b Part) int {
		if (a.Label == Outside) != (b.Label == Outside) {
			if a.Label == Outside {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(magnitude(b.Value), magnitude(a.Value)), cmp.Compare(a.Label, b.Label))
	})
	return parts
}

// outermost is the first frame from the root that was asked for, and the name of
// the function that it calls in this sample, "" for none.
func (b *builder) outermost(s *profile.Sample) (node int32, callee string) {
	node = none
	for i := len(s.Location) - 1; i >= 0; i-- {
		nodes := b.frames.at(s.Location[i])
		for j := len(nodes) - 1; j >= 0; j-- {
			if node != none {
				if lines := s.Location[i].Line; len(lines) > 0 && lines[j].Function != nil {
					callee = FunctionName(lines[j].Function)
				}
				return node, callee
			}
			node = nodes[j]
		}
	}
	return node, ""
}

// section is a line while it is summed up.
type section struct {
	value, weight int64
	callees       map[string]int64
	file          string
}

func (s *section) add(v, weight int64, callee string) {
	s.value += v
	s.weight += weight
	if callee != "" {
		s.callees[callee] += v
	}
}

// label is the call in the line's text, else the function that the line spends
// most in, else the line's number.
func (s *section) label(n int64, files Files) string {
	if text := textOf(files, s.file); n >= 1 && n <= int64(len(text)) {
		if l := callLabel(text[n-1], s.callees); l != "" {
			return l
		}
	}
	if top := largest(s.callees); top != "" {
		return baseOf(top)
	}
	return "line " + strconv.FormatInt(n, 10)
}

// largest is the key of the greatest magnitude, the first by name of several.
func largest(values map[string]int64) string {
	best := ""
	for name, v := range values {
		m := magnitude(v)
		if best == "" || m > magnitude(values[best]) || m == magnitude(values[best]) && name < best {
			best = name
		}
	}
	return best
}
