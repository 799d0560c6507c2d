package listing

import (
	"cmp"
	"maps"
	"slices"
)

// Step is one line of a way down from a line of a Sheet: a line that calls the
// next, or the last. Line and Side are those of a Row.
type Step struct {
	Function string
	File     string // "" where no side has several functions of the name
	Line     int64
	Side     int
}

// Opened is what a line calls at the end of a way. Whoever reaches it on a side is
// counted once: Self and the Values of all Calls sum to Whole.
type Opened struct {
	Whole []Value // a side: Cum is what reaches the line on this way
	Self  []Value // a side: what ends there; Cum is Flat
	Calls []Call  // by falling largest cum
}

// Call is a function that a line calls, with the lines on which it is there.
type Call struct {
	Function string
	File     string  // as of a Step
	Source   string  // the file of the first side, "" for none
	Named    bool    // false for what has no function: a binary's frames
	Values   []Value // a side: flat is what ends in it
	Lines    []CallLine
	// Path is the functions from the root to this one, where all samples came the
	// same way; nil where there are several.
	Path []string
}

// CallLine is a line of a Call. Line and Side are those of a Row; Line is 0 where the
// profile has no lines.
type CallLine struct {
	Line   int64
	Side   int
	Text   string
	Values []Value
	Leaf   bool // nothing is below it on any side
}

// Open goes down from a row of a Sheet of this Book, along the steps, and says
// what is called there. From the outermost occurrence of the row's line in a stack
// each step is the very next frame, so a sample goes one way only.
func (b *Book) Open(s Sheet, r Row, steps []Step) Opened {
	n := len(b.sides)
	o := Opened{Whole: make([]Value, n), Self: make([]Value, n)}
	calls := map[key]*calling{}
	for i := range b.sides {
		if b.sides[i].Index != nil {
			b.descend(i, b.startsOf(i, s, r), steps, &o, calls)
		}
	}
	for _, c := range calls {
		o.Calls = append(o.Calls, c.done())
	}
	slices.SortFunc(o.Calls, func(a, b Call) int {
		return cmp.Or(cmp.Compare(Largest(b.Values), Largest(a.Values)), cmp.Compare(a.Function, b.Function), cmp.Compare(a.File, b.File))
	})
	return o
}

// rootsOf are the places and the lines that a row stands for on a side.
func (b *Book) rootsOf(side int, s Sheet, r Row) roots {
	x := b.sides[side].Index
	line := r.Values[side].Line
	if s.whole != nil {
		return x.rootsIn(x.byFile[s.whole[side]], line)
	}
	if at := b.at(side, key{s.Function, s.key.file}); at != none {
		return x.rootsIn([]int32{at}, line)
	}
	return roots{}
}

// roots are where a way down begins.
type roots struct {
	places []int32
	lines  map[int32]bool
}

func (x *Index) rootsIn(places []int32, line int64) roots {
	r := roots{lines: map[int32]bool{}}
	for _, at := range places {
		for _, n := range x.nodesOf.of(at) {
			if x.node[n].line == line {
				r.lines[x.lineID[n]] = true
				if k := len(r.places); k == 0 || r.places[k-1] != at {
					r.places = append(r.places, at)
				}
			}
		}
	}
	return r
}

// start is the outermost occurrence of a line in the stack of a sample.
type start struct{ sample, at int32 }

// startKey names a line of a Sheet on a side.
type startKey struct {
	side int
	of   key   // of a whole file: its path alone
	line int64 // as the side counts
}

// startsOf finds where ways down from a row begin on a side.
func (b *Book) startsOf(side int, s Sheet, r Row) []start {
	if !r.Values[side].Has {
		return nil
	}
	k := startKey{side, s.key, r.Values[side].Line}
	if s.whole != nil {
		k.of = key{file: s.File}
	}
	if known, ok := b.starts[k]; ok {
		return known
	}
	x, from := b.sides[side].Index, b.rootsOf(side, s, r)
	wanted := make([]bool, len(x.line))
	for id := range from.lines {
		wanted[id] = true
	}
	var list []start
	for _, i := range x.holding(from.places) {
		for at, n := range x.stacks.of(i) {
			if wanted[x.lineID[n]] {
				list = append(list, start{i, int32(at)})
				break
			}
		}
	}
	b.starts[k] = list
	return list
}

// descend adds what one side has at the end of the way.
func (b *Book) descend(side int, from []start, steps []Step, o *Opened, calls map[key]*calling) {
	x := b.sides[side].Index
	way := make([]map[int32]bool, len(steps))
	for i, s := range steps {
		way[i] = b.linesAt(side, s)
	}
	list := map[int32]*found{}
	for _, f := range from {
		stack := x.stacks.of(f.sample)
		end := x.reach(stack, int(f.at), way)
		if end < 0 {
			continue
		}
		s := x.frames.p.Sample[f.sample]
		v, w := s.Value[x.sampleType], x.weight.of(s)
		o.Whole[side].Cum += v
		o.Whole[side].Count += w
		if end+1 == len(stack) {
			o.Self[side].Flat += v
			o.Self[side].Count += w
			continue
		}
		x.note(list, stack, end+1, v, w)
	}
	o.Whole[side].Flat, o.Self[side].Cum = o.Self[side].Flat, o.Self[side].Flat
	o.Whole[side].Count, o.Self[side].Count = x.weight.count(o.Whole[side].Count), x.weight.count(o.Self[side].Count)
	for id, f := range list {
		b.assign(side, x, id, f, calls)
	}
}

// reach is where in a stack the way from a frame ends; -1 where the stack goes
// another way.
func (x *Index) reach(stack []int32, at int, way []map[int32]bool) int {
	if at+len(way) >= len(stack) {
		return -1
	}
	for i, lines := range way {
		if !lines[x.lineID[stack[at+1+i]]] {
			return -1
		}
	}
	return at + len(way)
}

// found is a line that is called at the end of a way, on one side.
type found struct {
	flat, cum, weight int64
	deeper            bool
	path              uint64 // of places from the root; several says that there is more than one
	several           bool
	stack             []int32 // an example of the path
}

// note counts one sample for the frame at a place of its stack.
func (x *Index) note(list map[int32]*found, stack []int32, at int, v, w int64) {
	id := x.lineID[stack[at]]
	f := list[id]
	path := uint64(14695981039346656037)
	for _, n := range stack[:at+1] {
		path = (path ^ uint64(x.node[n].routine)) * 1099511628211
	}
	if f == nil {
		f = &found{path: path, stack: slices.Clone(stack[:at+1])}
		list[id] = f
	}
	f.several = f.several || f.path != path
	f.cum += v
	f.weight += w
	if at+1 == len(stack) {
		f.flat += v
	} else {
		f.deeper = true
	}
}

// linesAt are the lines of a side that a step stands for.
func (b *Book) linesAt(side int, s Step) map[int32]bool {
	x, k := b.sides[side].Index, key{s.Function, s.File}
	lines := map[int32]bool{}
	add := func(at int32) {
		if line, ok := b.lineOn(side, at, s); ok {
			maps.Copy(lines, x.rootsIn([]int32{at}, line).lines)
		}
	}
	for _, at := range x.byFunction[s.Function] {
		if b.keyOf(x.places[at]) == k {
			add(at)
		}
	}
	if s.File == "" {
		for _, at := range x.nameless[s.Function] {
			add(at)
		}
	}
	return lines
}
