package listing

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/google/pprof/profile"
)

// Files gives the text of source files by the path that a profile names.
// Lines returns the lines without their ends; the caller does not change them.
// It is asked by profiles that nobody vouches for, so it answers from what was
// captured with the profile and opens nothing.
type Files interface {
	Lines(path string) ([]string, bool)
}

// Routine is one function in one file, as pprof -list prints it.
type Routine struct {
	Function string
	File     string // "" never occurs: pprof lists no function without a file
	Flat     int64
	// Cum is the sum over the lines, as pprof has it: a sample that holds two
	// lines of the function, by recursion, counts twice.
	Cum int64
	// True is the value of the samples that hold the function, each once.
	True int64
	// Lines in the order of the file, never nil. With text they are the whole
	// function and what surrounds it; without, only lines that carry a value.
	Lines []Line
}

// Line is one line of a Routine.
type Line struct {
	Line  int64  `json:"line"`
	Flat  int64  `json:"flat"`
	Cum   int64  `json:"cum"`
	Count int64  `json:"-"` // samples behind Cum; 0 for unknown
	Text  string `json:"text"`
}

// Margin is how many lines pprof shows around those that carry values, when a
// profile does not say where the function starts, and below them always.
const Margin = 5

// MaxContext bounds the lines without a value that one Build gives. Beyond it
// routines list only the lines with values. Without it a small profile whose
// functions all claim to span one long file would make a huge listing.
const MaxContext = 1 << 20

// Build lists the functions whose name match finds, by name and then by file:
// the rows of pprof -list. A nil match finds all, nil files have no text. A
// sample type that p does not have gives nil.
func Build(p *profile.Profile, sampleType int, match *regexp.Regexp, files Files) []Routine {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	b := newBuilder(interesting(p), func(name string) bool { return match == nil || match.MatchString(name) })
	return b.routines(sampleType, files)
}

// Total is what pprof calls the total of a report: the absolute values of all
// samples or, for a [Diff], those of its base.
func Total(p *profile.Profile, sampleType int) int64 {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return 0
	}
	var all, base int64
	for _, s := range p.Sample {
		v := s.Value[sampleType]
		if v < 0 {
			v = -v
		}
		all += v
		if s.DiffBaseSample() {
			base += v
		}
	}
	if base > 0 {
		return base
	}
	return all
}

// MarshalJSON writes true_cum only when it differs from cum.
func (r Routine) MarshalJSON() ([]byte, error) {
	j := routineJSON{Function: r.Function, File: r.File, Flat: r.Flat, Cum: r.Cum, Lines: r.Lines}
	if r.True != r.Cum {
		j.True = &r.True
	}
	if j.Lines == nil {
		j.Lines = []Line{}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Routine) UnmarshalJSON(data []byte) error {
	var j routineJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*r = Routine{Function: j.Function, File: j.File, Flat: j.Flat, Cum: j.Cum, True: j.Cum, Lines: j.Lines}
	if j.True != nil {
		r.True = *j.True
	}
	return nil
}

type routineJSON struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Flat     int64  `json:"flat"`
	Cum      int64  `json:"cum"`
	True     *int64 `json:"true_cum,omitempty"`
	Lines    []Line `json:"lines"`
}

// place is a routine's key: pprof groups by name, then by file.
type place struct{ function, file string }

// lineNode is pprof's key of a line. Two binaries, or two claims where the
// function starts, make two nodes of one line, and each counts a sample.
type lineNode struct {
	routine   int32
	line      int64
	startLine int64
	object    string
}

// builder holds the nodes of the functions that are asked for.
type builder struct {
	frames *frames
	nodes  []lineNode
	places []place // by lineNode.routine
}

func newBuilder(p *profile.Profile, match func(name string) bool) *builder {
	b := &builder{}
	routines := make(map[place]int32)
	byFunction := make(map[*profile.Function]int32, len(p.Function))
	routine := func(fn *profile.Function) int32 {
		if r, ok := byFunction[fn]; ok {
			return r
		}
		r := none
		at := place{FunctionName(fn), filePath(fn.Filename)}
		if at.file != "" && match(at.function) {
			var ok bool
			if r, ok = routines[at]; !ok {
				r = int32(len(b.places))
				routines[at] = r
				b.places = append(b.places, at)
			}
		}
		byFunction[fn] = r
		return r
	}
	nodes := make(map[lineNode]int32)
	b.frames = newFrames(p, func(l *profile.Location, line *profile.Line) int32 {
		if line == nil || line.Function == nil {
			return none
		}
		n := lineNode{routine: routine(line.Function), line: line.Line, startLine: line.Function.StartLine}
		if n.routine == none {
			return none
		}
		if l.Mapping != nil {
			n.object = l.Mapping.File
		}
		id, ok := nodes[n]
		if !ok {
			id = int32(len(b.nodes))
			nodes[n] = id
			b.nodes = append(b.nodes, n)
		}
		return id
	})
	return b
}

// routineOf maps nodes to their routines.
func (b *builder) routineOf() []int32 {
	of := make([]int32, len(b.nodes))
	for i, n := range b.nodes {
		of[i] = n.routine
	}
	return of
}

func (b *builder) routines(sampleType int, files Files) []Routine {
	rows := make([]rows, len(b.places))
	for i, c := range b.frames.tally(sampleType) {
		if c.flat != 0 || c.cum != 0 { // what cancels out in a difference is not listed
			rows[b.nodes[i].routine].add(b.nodes[i], c)
		}
	}
	whole := b.frames.renamed(b.routineOf()).tally(sampleType)
	list := []Routine{}
	budget := MaxContext
	for _, i := range b.sorted() {
		if len(rows[i].lines) == 0 {
			continue
		}
		r := Routine{Function: b.places[i].function, File: b.places[i].file, True: whole[i].cum}
		for _, l := range rows[i].lines {
			r.Flat += l.Flat
			r.Cum += l.Cum
		}
		r.Lines = rows[i].list(textOf(files, r.File), &budget)
		list = append(list, r)
	}
	return list
}

// sorted gives the routines by name and file.
func (b *builder) sorted() []int {
	order := make([]int, len(b.places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		x, y := b.places[i], b.places[j]
		return cmp.Or(cmp.Compare(x.function, y.function), cmp.Compare(x.file, y.file))
	})
	return order
}
