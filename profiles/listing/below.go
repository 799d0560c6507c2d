package listing

import (
	"strings"

	"github.com/google/pprof/profile"
)

// below is what the calls of one line cost, by the name of the function.
type below struct {
	callees   map[string]cost
	landmarks map[string]cost
}

// lineOf is a line of a routine.
type lineOf struct {
	routine int32
	line    int64
}

// descent sums up what stands below the lines of a builder's routines. Lines
// and function names go by numbers while samples are walked.
type descent struct {
	lines     *frames // node: index into lineOf, for the routines that were asked for
	lineOf    []lineOf
	names     *frames // node: index into name, for all functions
	name      []string
	landmark  []bool // by name
	callees   map[edge]*edgeCost
	landmarks map[edge]*edgeCost
	outer     []int32 // by line: the last sample that held it
}

// edge leads from a line to a function.
type edge struct{ line, name int32 }

type edgeCost struct {
	cost
	sample int32 // the last that was counted
}

// below says for each routine and line what its calls cost.
func (b *builder) below(sampleType int) map[place]map[int64]*below {
	d := descent{callees: map[edge]*edgeCost{}, landmarks: map[edge]*edgeCost{}}
	d.numberLines(b)
	d.numberNames(b.frames.p)
	p, weight := b.frames.p, weightOf(b.frames.p, sampleType)
	var stack []step
	for i, s := range p.Sample {
		if s.Value[sampleType] == 0 {
			continue
		}
		var held bool
		if stack, held = d.stack(s, stack[:0]); held {
			d.add(stack, s.Value[sampleType], weight.of(s), int32(i+1))
		}
	}
	return d.result(b, weight)
}

func (d *descent) numberLines(b *builder) {
	numbers := map[lineOf]int32{}
	to := make([]int32, len(b.nodes))
	for i, n := range b.nodes {
		at := lineOf{n.routine, n.line}
		id, ok := numbers[at]
		if !ok {
			id = int32(len(d.lineOf))
			numbers[at] = id
			d.lineOf = append(d.lineOf, at)
		}
		to[i] = id
	}
	d.lines = b.frames.renamed(to)
	d.outer = make([]int32, len(d.lineOf))
}

func (d *descent) numberNames(p *profile.Profile) {
	byFunction := make(map[*profile.Function]int32, len(p.Function))
	byName := make(map[string]int32, len(p.Function))
	d.names = newFrames(p, func(_ *profile.Location, line *profile.Line) int32 {
		if line == nil || line.Function == nil {
			return none
		}
		id, ok := byFunction[line.Function]
		if ok {
			return id
		}
		name := FunctionName(line.Function)
		if id, ok = byName[name]; !ok {
			id = int32(len(d.name))
			byName[name] = id
			d.name = append(d.name, name)
			d.landmark = append(d.landmark, landmark(name))
		}
		byFunction[line.Function] = id
		return id
	})
}

// step is one frame of a stack, by numbers; none for what has no number.
type step struct {
	line, name int32
	mark       int32 // the name of the first landmark at or below it
}

// stack is the sample's frames, root first, and whether it holds a line that
// was asked for. It appends to buf.
func (d *descent) stack(s *profile.Sample, buf []step) (stack []step, held bool) {
	for i := len(s.Location) - 1; i >= 0; i-- {
		at := d.lines.place.of(s.Location[i])
		if at == none {
			continue
		}
		for j := d.lines.first[at+1] - 1; j >= d.lines.first[at]; j-- {
			line := d.lines.nodes[j]
			held = held || line != none
			buf = append(buf, step{line: line, name: d.names.nodes[j]})
		}
	}
	mark := none
	for i := len(buf) - 1; held && i >= 0; i-- {
		if n := buf[i].name; n != none && d.landmark[n] {
			mark = n
		}
		buf[i].mark = mark
	}
	return buf, held
}

// add counts one sample: once for each function that a line calls, and for the
// landmark below the outermost occurrence of the line.
func (d *descent) add(stack []step, v, weight int64, sample int32) {
	for i := range stack[:len(stack)-1] {
		line, next := stack[i].line, stack[i+1]
		if line == none {
			continue
		}
		leaf := i+2 == len(stack)
		if next.name != none {
			count(d.callees, edge{line, next.name}, v, weight, sample, leaf)
		}
		if d.outer[line] != sample && next.mark != none {
			count(d.landmarks, edge{line, next.mark}, v, weight, sample, leaf && next.mark == next.name)
		}
		d.outer[line] = sample
	}
}

func count(costs map[edge]*edgeCost, e edge, v, weight int64, sample int32, leaf bool) {
	c := costs[e]
	if c == nil {
		c = &edgeCost{}
		costs[e] = c
	}
	if leaf {
		c.flat += v
	}
	if c.sample != sample {
		c.sample = sample
		c.cum += v
		c.count += weight
	}
}

// landmark reports whether a function is a door out of the program's own code:
// to the kernel or into the runtime. Functions such as
// internal/poll.runtime_pollOpen are the runtime's under another package's name.
func landmark(function string) bool {
	switch pkg := packageOf(function); pkg {
	case "syscall", "golang.org/x/sys/unix", "runtime":
		return true
	case "":
		return false
	default:
		return strings.HasPrefix(pkg, "internal/runtime/") || strings.HasPrefix(function[len(pkg):], ".runtime_")
	}
}

func (d *descent) result(b *builder, weight weight) map[place]map[int64]*below {
	result := map[place]map[int64]*below{}
	under := func(line int32) *below {
		at := d.lineOf[line]
		p := b.places[at.routine]
		if result[p] == nil {
			result[p] = map[int64]*below{}
		}
		if result[p][at.line] == nil {
			result[p][at.line] = &below{callees: map[string]cost{}, landmarks: map[string]cost{}}
		}
		return result[p][at.line]
	}
	for e, c := range d.callees {
		c.cost.count = weight.count(c.cost.count)
		under(e.line).callees[d.name[e.name]] = c.cost
	}
	for e, c := range d.landmarks {
		c.cost.count = weight.count(c.cost.count)
		under(e.line).landmarks[d.name[e.name]] = c.cost
	}
	return result
}
