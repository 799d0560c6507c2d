package listing

import (
	"strings"

	"github.com/google/pprof/profile"
)

// below is what the calls of one line cost.
type below struct {
	callees   map[string]cost
	landmarks map[string]cost
}

// frame is one step of a stack, root first.
type frame struct {
	fn   *profile.Function // nil for unknown
	node int32             // of the builder; none when the function was not asked for
}

// below says for each routine and line what its calls cost.
func (b *builder) below(sampleType int) map[place]map[int64]*below {
	w := belowWalk{b: b, names: map[*profile.Function]string{}, found: map[lineOf]*below{}}
	weight := weightOf(b.frames.p, sampleType)
	var stack []frame
	for _, s := range b.frames.p.Sample {
		v := s.Value[sampleType]
		if v == 0 {
			continue
		}
		var held bool
		if stack, held = b.stack(s, stack[:0]); held {
			w.sample(stack, v, weight.of(s))
		}
	}
	return w.result(weight)
}

// stack is the sample's frames, root first, and whether one of them was asked
// for. It appends to buf.
func (b *builder) stack(s *profile.Sample, buf []frame) (stack []frame, held bool) {
	for i := len(s.Location) - 1; i >= 0; i-- {
		l := s.Location[i]
		nodes := b.frames.at(l)
		for j := len(nodes) - 1; j >= 0; j-- {
			f := frame{node: nodes[j]}
			if len(l.Line) > 0 {
				f.fn = l.Line[j].Function
			}
			held = held || f.node != none
			buf = append(buf, f)
		}
	}
	return buf, held
}

// lineOf is a line of a routine.
type lineOf struct {
	routine int32
	line    int64
}

type belowWalk struct {
	b     *builder
	names map[*profile.Function]string
	found map[lineOf]*below
	// of the sample at hand:
	called   map[call]bool
	outer    map[lineOf]bool
	landmark []string // by depth: the first landmark at or below it
}

type call struct {
	from lineOf
	to   string
}

func (w *belowWalk) name(fn *profile.Function) string {
	if fn == nil {
		return ""
	}
	n, ok := w.names[fn]
	if !ok {
		n = FunctionName(fn)
		w.names[fn] = n
	}
	return n
}

// sample adds one sample. A callee counts once a sample and line, and so does a
// landmark, which is looked for below the outermost occurrence of the line.
func (w *belowWalk) sample(stack []frame, v, weight int64) {
	w.called, w.outer = map[call]bool{}, map[lineOf]bool{}
	w.landmarks(stack)
	for d, f := range stack {
		if f.node == none || d+1 == len(stack) {
			continue
		}
		at := lineOf{w.b.nodes[f.node].routine, w.b.nodes[f.node].line}
		under := w.found[at]
		if under == nil {
			under = &below{callees: map[string]cost{}, landmarks: map[string]cost{}}
			w.found[at] = under
		}
		leaf := d+2 == len(stack)
		if to := w.name(stack[d+1].fn); to != "" && !w.called[call{at, to}] {
			w.called[call{at, to}] = true
			under.callees[to] = under.callees[to].plus(v, weight, leaf)
		}
		if mark := w.landmark[d+1]; mark != "" && !w.outer[at] {
			under.landmarks[mark] = under.landmarks[mark].plus(v, weight, leaf && w.name(stack[d+1].fn) == mark)
		}
		w.outer[at] = true
	}
}

func (c cost) plus(v, weight int64, leaf bool) cost {
	c.cum += v
	c.count += weight
	if leaf {
		c.flat += v
	}
	return c
}

// landmarks fills w.landmark for a stack.
func (w *belowWalk) landmarks(stack []frame) {
	w.landmark = w.landmark[:0]
	for range stack {
		w.landmark = append(w.landmark, "")
	}
	mark := ""
	for d := len(stack) - 1; d >= 0; d-- {
		if name := w.name(stack[d].fn); landmark(name) {
			mark = name
		}
		w.landmark[d] = mark
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

func (w *belowWalk) result(weight weight) map[place]map[int64]*below {
	result := map[place]map[int64]*below{}
	for at, under := range w.found {
		for _, costs := range []map[string]cost{under.callees, under.landmarks} {
			for name, c := range costs {
				c.count = weight.count(c.count)
				costs[name] = c
			}
		}
		p := w.b.places[at.routine]
		if result[p] == nil {
			result[p] = map[int64]*below{}
		}
		result[p][at.line] = under
	}
	return result
}
