package listing

import (
	"cmp"
	"slices"

	"github.com/google/pprof/profile"
)

// Index is one sample type of a profile made ready for listings: what does not
// depend on the function that is asked for, computed once. It is never changed
// and may be read by many at once.
type Index struct {
	frames     *frames // node: an index into node
	sampleType int
	weight     weight
	node       []lineNode
	lineID     []int32  // by node: an index into line
	line       []lineOf // each line of each place once
	places     []place  // with those that pprof does not list, see named
	named      []bool   // by place: it is a function with a name
	listed     []bool   // by place: pprof lists it, for it has a name and a file and does not cancel out
	nameOf     []int32  // by place: an index into name; none for what has no name
	name       []string // each function's name once
	landmark   []bool   // by name
	cost       []cost   // by node, counted as pprof does
	whole      []int64  // by place: the value of the samples that hold it, each once
	byFunction map[string][]int32
	nameless   map[string][]int32 // the places without a function, by what they are called
	byFile     map[string][]int32
	ranked     []int32 // the places that are listed, by falling value
	rank       []int32 // by place: where it stands in ranked
	nodesOf    groups  // the nodes of each place
	samplesOf  groups  // the samples that hold each place, in order
	stacks     groups  // the nodes of each sample, the root first
}

// groups are lists of numbers, one after another.
type groups struct{ first, all []int32 }

func (g groups) of(i int32) []int32 { return g.all[g.first[i]:g.first[i+1]] }

// grouped collects for each key the values that stand beside it, in order.
func grouped(keys, values []int32, n int) groups {
	g := groups{first: make([]int32, n+1), all: make([]int32, len(keys))}
	for _, k := range keys {
		g.first[k+1]++
	}
	for i := range n {
		g.first[i+1] += g.first[i]
	}
	at := append([]int32(nil), g.first...)
	for i, k := range keys {
		g.all[at[k]] = values[i]
		at[k]++
	}
	return g
}

// NewIndex makes the index of a sample type; nil for one that p does not have.
func NewIndex(p *profile.Profile, sampleType int) *Index {
	if p == nil || sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	x := &Index{sampleType: sampleType, byFunction: map[string][]int32{}, nameless: map[string][]int32{}, byFile: map[string][]int32{}}
	p = interesting(p)
	x.weight = weightOf(p, sampleType)
	x.number(p)
	x.unwind()
	x.tally()
	x.order()
	of := make([]int32, len(x.node))
	all := make([]int32, len(x.node))
	for i, n := range x.node {
		of[i], all[i] = n.routine, int32(i)
	}
	x.nodesOf = grouped(of, all, len(x.places))
	for i, p := range x.places {
		x.nameOf = append(x.nameOf, none)
		if x.named[i] {
			x.nameOf[i] = x.nameID(p.function)
			x.byFunction[p.function] = append(x.byFunction[p.function], int32(i))
		} else {
			x.nameless[p.function] = append(x.nameless[p.function], int32(i))
		}
		if p.file != "" {
			x.byFile[p.file] = append(x.byFile[p.file], int32(i))
		}
	}
	return x
}

// order ranks what is listed.
func (x *Index) order() {
	x.rank = make([]int32, len(x.places))
	for at, listed := range x.listed {
		if listed {
			x.ranked = append(x.ranked, int32(at))
		}
	}
	slices.SortFunc(x.ranked, func(a, b int32) int {
		p, q := x.places[a], x.places[b]
		return cmp.Or(cmp.Compare(magnitude(x.whole[b]), magnitude(x.whole[a])), cmp.Compare(p.function, q.function), cmp.Compare(p.file, q.file))
	})
	for i, at := range x.ranked {
		x.rank[at] = int32(i)
	}
}

// nameID is the number of a name; those of one name follow each other in byFunction.
func (x *Index) nameID(function string) int32 {
	if known := x.byFunction[function]; len(known) > 0 {
		return x.nameOf[known[0]]
	}
	x.name, x.landmark = append(x.name, function), append(x.landmark, landmark(function))
	return int32(len(x.name) - 1)
}

// Size is about the memory that the index takes beside its profile, in bytes.
func (x *Index) Size() int64 {
	if x == nil {
		return 0
	}
	return int64(len(x.node))*(48+4+24+4) + int64(len(x.line))*16 + int64(len(x.places))*160 +
		int64(len(x.samplesOf.all)+len(x.stacks.all)+len(x.frames.nodes)+2*len(x.frames.first))*4
}

// number gives numbers to all places, lines and nodes.
func (x *Index) number(p *profile.Profile) {
	places, lines, nodes := map[place]int32{}, map[lineOf]int32{}, map[lineNode]int32{}
	byFunction := make(map[*profile.Function]int32, len(p.Function))
	add := func(at place, named bool) int32 {
		id, ok := places[at]
		if !ok {
			id = int32(len(x.places))
			places[at] = id
			x.places, x.named = append(x.places, at), append(x.named, named)
		}
		return id
	}
	routine := func(l *profile.Location, line *profile.Line) int32 {
		if line == nil || line.Function == nil {
			return add(place{function: Binary(l)}, false)
		}
		id, ok := byFunction[line.Function]
		if ok {
			return id
		}
		name := FunctionName(line.Function)
		if name == "" {
			return add(place{function: Binary(l)}, false)
		}
		id = add(place{name, filePath(line.Function.Filename)}, true)
		byFunction[line.Function] = id
		return id
	}
	x.frames = newFrames(p, func(l *profile.Location, line *profile.Line) int32 {
		n := lineNode{routine: routine(l, line)}
		if line != nil {
			n.line = line.Line
		}
		if line != nil && line.Function != nil {
			n.startLine = line.Function.StartLine
		}
		if l.Mapping != nil {
			n.object = l.Mapping.File
		}
		id, ok := nodes[n]
		if ok {
			return id
		}
		id = int32(len(x.node))
		nodes[n] = id
		at := lineOf{n.routine, n.line}
		line1, ok := lines[at]
		if !ok {
			line1 = int32(len(x.line))
			lines[at] = line1
			x.line = append(x.line, at)
		}
		x.node, x.lineID = append(x.node, n), append(x.lineID, line1)
		return id
	})
}

// unwind writes down the nodes of each sample, the root first.
func (x *Index) unwind() {
	samples := x.frames.p.Sample
	x.stacks.first = make([]int32, 1, len(samples)+1)
	for _, s := range samples {
		for i := len(s.Location) - 1; i >= 0 && s.Value[x.sampleType] != 0; i-- {
			nodes := x.frames.at(s.Location[i])
			for j := len(nodes) - 1; j >= 0; j-- {
				x.stacks.all = append(x.stacks.all, nodes[j])
			}
		}
		x.stacks.first = append(x.stacks.first, int32(len(x.stacks.all)))
	}
}

// tally walks all samples once: the cost of each node, and who holds which place.
func (x *Index) tally() {
	x.cost, x.whole = make([]cost, len(x.node)), make([]int64, len(x.places))
	seen, seenPlace := make([]int32, len(x.node)), make([]int32, len(x.places)) // the last sample that held it, from 1
	var holders, held []int32
	for i, s := range x.frames.p.Sample {
		stack := x.stacks.of(int32(i))
		if len(stack) == 0 {
			continue
		}
		v, w, stamp := s.Value[x.sampleType], x.weight.of(s), int32(i+1)
		x.cost[stack[len(stack)-1]].flat += v
		for _, n := range stack {
			if seen[n] == stamp {
				continue
			}
			seen[n] = stamp
			x.cost[n].cum += v
			x.cost[n].count += w
			if at := x.node[n].routine; seenPlace[at] != stamp {
				seenPlace[at] = stamp
				x.whole[at] += v
				holders, held = append(holders, at), append(held, int32(i))
			}
		}
	}
	x.listed = make([]bool, len(x.places))
	for n := range x.cost {
		c := &x.cost[n]
		c.count = x.weight.count(c.count)
		if at := x.node[n].routine; x.named[at] && x.places[at].file != "" && (c.flat != 0 || c.cum != 0) {
			x.listed[at] = true
		}
	}
	x.samplesOf = grouped(holders, held, len(x.places))
}

// routine is what pprof lists of a place.
func (x *Index) routine(at int32, files Files, budget *int) Routine {
	var lines rows
	for _, n := range x.nodesOf.of(at) {
		if c := x.cost[n]; c.flat != 0 || c.cum != 0 {
			lines.add(x.node[n], c)
		}
	}
	r := Routine{Function: x.places[at].function, File: x.places[at].file, True: x.whole[at], Lines: []Line{}}
	for _, l := range lines.lines {
		r.Flat += l.Flat
		r.Cum += l.Cum
	}
	if len(lines.lines) > 0 {
		r.Lines = lines.list(textOf(files, r.File), budget)
	}
	return r
}

// holding are the samples that hold one of the places, each once.
func (x *Index) holding(places []int32) []int32 {
	if len(places) == 1 {
		return x.samplesOf.of(places[0])
	}
	var all []int32
	seen := make([]bool, len(x.frames.p.Sample))
	for _, at := range places {
		for _, s := range x.samplesOf.of(at) {
			if !seen[s] {
				seen[s] = true
				all = append(all, s)
			}
		}
	}
	return all
}
