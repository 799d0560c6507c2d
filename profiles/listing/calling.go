package listing

import (
	"cmp"
	"slices"
)

// calling is a Call while the sides are put together.
type calling struct {
	Call
	lines map[int64]*CallLine
	many  bool // ways from the root
}

// assign adds what was found on a line of one side to the Call that it is of.
func (b *Book) assign(side int, x *Index, id int32, f *found, calls map[key]*calling) {
	at := x.line[id].routine
	k := key{function: x.places[at].function}
	if x.named[at] {
		k = b.keyOf(x.places[at])
	}
	c := calls[k]
	if c == nil {
		c = &calling{lines: map[int64]*CallLine{}}
		c.Function, c.File, c.Named = k.function, k.file, x.named[at]
		c.Values = make([]Value, len(b.sides))
		calls[k] = c
	}
	if c.Source == "" {
		c.Source = x.places[at].file
	}
	count := x.weight.count(f.weight)
	c.Values[side].add(f, count)
	c.walk(x, f)
	row := b.rowOf(side, x, at, x.line[id].line)
	line := c.lines[row.Line]
	if line == nil {
		line = &CallLine{Line: row.Line, Text: row.Text, Leaf: true, Values: make([]Value, len(b.sides))}
		c.lines[row.Line] = line
	}
	line.Values[side].add(f, count)
	line.Values[side].Line = x.line[id].line
	line.Leaf = line.Leaf && !f.deeper
}

func (v *Value) add(f *found, count int64) {
	v.Flat += f.flat
	v.Cum += f.cum
	v.Count += count
}

// walk notes how the samples came from the root.
func (c *calling) walk(x *Index, f *found) {
	path := make([]string, len(f.stack))
	for i, n := range f.stack {
		at := x.node[n].routine
		path[i] = x.places[at].function
		c.many = c.many || !x.named[at] // a tree calls it by its address
	}
	c.many = c.many || f.several || c.Path != nil && !slices.Equal(c.Path, path)
	c.Path = path
}

// rowOf is the line of a place by its number on one side. Where two sides have the
// text, the file may have been edited between them: then it is a row of the Sheet.
func (b *Book) rowOf(side int, x *Index, at int32, line int64) Row {
	file := x.places[at].file
	if !x.named[at] || file == "" || line == 0 {
		return Row{Line: line}
	}
	if !b.edited(x.places[at]) {
		return Row{Line: line, Text: b.text(file, line)}
	}
	k := b.keyOf(x.places[at])
	if i, ok := b.numbered(k)[side][line]; ok {
		return b.aligned(k).Rows[i]
	}
	return Row{Line: line}
}

// edited reports whether numbers of lines may mean different lines on the sides.
func (b *Book) edited(p place) bool {
	if known, ok := b.differ[p]; ok {
		return known
	}
	var first []string
	differ := false
	for i, s := range b.sides {
		if s.Index == nil {
			continue
		}
		for _, at := range s.Index.byFunction[p.function] {
			text := textOf(s.Files, b.sides[i].Index.places[at].file)
			differ = differ || text != nil && first != nil && !slices.Equal(text, first)
			if first == nil {
				first = text
			}
		}
	}
	b.differ[p] = differ
	return differ
}

// text is a line as the first side has it that has the file.
func (b *Book) text(file string, line int64) string {
	for _, s := range b.sides {
		if text := textOf(s.Files, file); text != nil && line >= 1 && line <= int64(len(text)) {
			return text[line-1]
		}
	}
	return ""
}

// numbered finds the rows of a Sheet by the numbers that their lines have on each
// side.
func (b *Book) numbered(k key) []map[int64]int {
	if known := b.numbers[k]; known != nil {
		return known
	}
	list := make([]map[int64]int, len(b.sides))
	for side := range list {
		list[side] = map[int64]int{}
	}
	for i, r := range b.aligned(k).Rows {
		for side, v := range r.Values {
			if v.Line != 0 {
				list[side][v.Line] = i
			}
		}
	}
	b.numbers[k] = list
	return list
}

func (c *calling) done() Call {
	if c.many {
		c.Path = nil
	}
	c.Lines = make([]CallLine, 0, len(c.lines))
	for _, l := range c.lines {
		c.Lines = append(c.Lines, *l)
	}
	slices.SortFunc(c.Lines, func(a, b CallLine) int { return cmp.Compare(a.Line, b.Line) })
	return c.Call
}
