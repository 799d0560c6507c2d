package listing

import (
	"strings"

	"github.com/sockscope/sockscope/profiles/ksym"
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

// descent sums up what stands below the lines of one place. Lines and function
// names go by numbers while samples are walked.
type descent struct {
	x         *Index
	at        int32 // the place
	callees   map[edge]*edgeCost
	landmarks map[edge]*edgeCost
	outer     map[int32]int32 // by line: the last sample that held it, from 1
}

// edge leads from a line to a function, by its number in Index.name.
type edge struct{ line, name int32 }

type edgeCost struct {
	cost
	sample int32 // the last that was counted
}

// below says for each line of a place what its calls cost.
func (x *Index) below(at int32) map[int64]*below {
	d := descent{x: x, at: at, callees: map[edge]*edgeCost{}, landmarks: map[edge]*edgeCost{}, outer: map[int32]int32{}}
	var stack []step
	for _, i := range x.samplesOf.of(at) {
		s := x.frames.p.Sample[i]
		stack = d.steps(x.stacks.of(i), stack[:0])
		d.add(stack, s.Value[x.sampleType], x.weight.of(s), i+1)
	}
	return d.result()
}

// step is one frame of a stack, by numbers; none for what has no number.
type step struct {
	line, name int32
	mark       int32 // the name of the first landmark at or below it
}

// steps are the frames of a stack, root first. It appends to buf.
func (d *descent) steps(nodes []int32, buf []step) []step {
	door, soft := -1, false // where the kernel's work begins
	for _, n := range nodes {
		at := d.x.node[n].routine
		s := step{line: none, name: d.x.nameOf[at], mark: none}
		if at == d.at {
			s.line = d.x.lineID[n]
		}
		if ksym.IsBinary(d.x.node[n].object) && s.name != none {
			name := ksym.Name(d.x.name[s.name])
			switch {
			case ksym.IsSoftIRQ(name):
				door, soft = -1, true // what follows is another's work
			case door < 0 && !plumbing(name, soft):
				door = len(buf)
			}
		}
		buf = append(buf, s)
	}
	if door >= 0 {
		for i := range buf[:door+1] {
			buf[i].mark = buf[door].name
		}
		return buf
	}
	mark := none
	for i := len(buf) - 1; i >= 0; i-- {
		if n := buf[i].name; n != none && d.x.landmark[n] {
			mark = n
		}
		buf[i].mark = mark
	}
	return buf
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
	switch pkg := Package(function); pkg {
	case "syscall", "golang.org/x/sys/unix", "runtime":
		return true
	case "":
		return false
	default:
		return strings.HasPrefix(pkg, "internal/runtime/") || strings.HasPrefix(function[len(pkg):], ".runtime_")
	}
}

func (d *descent) result() map[int64]*below {
	result := map[int64]*below{}
	under := func(line int32) *below {
		n := d.x.line[line].line
		if result[n] == nil {
			result[n] = &below{callees: map[string]cost{}, landmarks: map[string]cost{}}
		}
		return result[n]
	}
	for e, c := range d.callees {
		c.cost.count = d.x.weight.count(c.cost.count)
		under(e.line).callees[d.x.name[e.name]] = c.cost
	}
	for e, c := range d.landmarks {
		c.cost.count = d.x.weight.count(c.cost.count)
		under(e.line).landmarks[d.x.name[e.name]] = c.cost
	}
	return result
}
