package listing

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/google/pprof/profile"
)

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

func matching(re *regexp.Regexp) func(string) bool {
	if re == nil {
		return func(name string) bool { return name != "" }
	}
	return re.MatchString
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
		if name := FunctionName(fn); match(name) {
			at := place{name, filePath(fn.Filename)}
			known, ok := routines[at]
			switch {
			case ok:
				r = known
			case at.file != "":
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

// tally gives the cost of each node, and the True of each routine.
func (b *builder) tally(sampleType int) (costs []cost, whole []int64) {
	of := make([]int32, len(b.nodes))
	for i, n := range b.nodes {
		of[i] = n.routine
	}
	return b.frames.tallyGroups(sampleType, of, len(b.places))
}

func (b *builder) routines(sampleType int, files Files) []Routine {
	nodes, whole := b.tally(sampleType)
	rows := make([]rows, len(b.places))
	for i, c := range nodes {
		if c.flat != 0 || c.cum != 0 { // what cancels out in a difference is not listed
			rows[b.nodes[i].routine].add(b.nodes[i], c)
		}
	}
	list := []Routine{}
	budget := MaxContext
	for _, i := range b.sorted() {
		if len(rows[i].lines) == 0 {
			continue
		}
		r := Routine{Function: b.places[i].function, File: b.places[i].file, True: whole[i]}
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
