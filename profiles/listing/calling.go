package listing

import (
	"cmp"
	"slices"
)

// calling is a Call while the sides are put together.
type calling struct {
	Call
	lines map[lineAt]*CallLine
	many  bool // ways from the root
}

// lineAt tells the lines of a Call apart, as a Row's Line and Side.
type lineAt struct {
	line int64
	side int
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
		c = &calling{lines: map[lineAt]*CallLine{}}
		c.Function, c.File = k.function, k.file
		c.Values = make([]Value, len(b.sides))
		calls[k] = c
	}
	c.Named = c.Named || x.named[at]
	if c.Source == "" {
		c.Source = x.places[at].file
	}
	count := x.weight.count(f.weight)
	c.Values[side].add(f, count)
	c.walk(x, f)
	row := b.rowOf(side, at, x.line[id].line)
	line := c.lines[lineAt{row.Line, row.Side}]
	if line == nil {
		line = &CallLine{Line: row.Line, Side: row.Side, Text: row.Text, Leaf: true, Values: make([]Value, len(b.sides))}
		c.lines[lineAt{row.Line, row.Side}] = line
	}
	v := &line.Values[side]
	v.add(f, count)
	v.Has, v.Line = true, x.line[id].line
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

// rowOf is the line of a place by its number on one side. Where the file was edited
// between two sides, it is a row of the Sheet. [Book.lineOn] is the way back.
func (b *Book) rowOf(side int, at int32, line int64) Row {
	x := b.sides[side].Index
	if !b.edited(x, at) {
		return Row{Line: line, Text: b.text(x.places[at].file, line)}
	}
	k := b.keyOf(x.places[at])
	if i, ok := b.numbered(k)[side][line]; ok {
		return b.aligned(k).Rows[i]
	}
	return Row{Line: line, Side: b.versions(k)[side]}
}

// lineOn is the number that a step's line has in a place of a side; ok is false where
// the side has not got the line.
func (b *Book) lineOn(side int, at int32, s Step) (line int64, ok bool) {
	x := b.sides[side].Index
	if !b.edited(x, at) {
		return s.Line, s.Side == 0
	}
	k := b.keyOf(x.places[at])
	for _, r := range b.aligned(k).Rows {
		if r.Line == s.Line && r.Side == s.Side && r.Values[side].Has {
			return r.Values[side].Line, true
		}
	}
	_, listed := b.numbered(k)[side][s.Line]
	return s.Line, !listed && b.versions(k)[side] == s.Side
}

// Meet gives the parts of a [Breakdown] of one side's profile the lines of their rows:
// where the file was edited between the sides, the number alone does not say which
// parts are of the same line.
func (b *Book) Meet(side int, function string, parts []Part) []Part {
	x := b.sides[side].Index
	if x == nil || len(x.byFunction[function]) == 0 {
		return parts
	}
	at := x.byFunction[function][0]
	met := slices.Clone(parts)
	for i, p := range met {
		if p.Line != 0 {
			row := b.rowOf(side, at, p.Line)
			met[i].Line, met[i].Side = row.Line, row.Side
		}
	}
	return met
}

// edited reports whether numbers of a place's lines may mean different lines on the
// sides.
func (b *Book) edited(x *Index, at int32) bool {
	if !x.named[at] || x.places[at].file == "" {
		return false
	}
	return slices.ContainsFunc(b.versions(b.keyOf(x.places[at])), func(v int) bool { return v != 0 })
}

// versions says which sides have the same version of a Sheet's file, see versionsOf.
func (b *Book) versions(k key) []int {
	if known := b.version[k]; known != nil {
		return known
	}
	texts := make([][]string, len(b.sides))
	for side, s := range b.sides {
		if at := b.at(side, k); at != none {
			texts[side] = textOf(s.Files, s.Index.places[at].file)
		}
	}
	b.version[k] = versionsOf(texts)
	return b.version[k]
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
			if v.Has {
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
	slices.SortFunc(c.Lines, func(a, b CallLine) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Side, b.Side)) })
	return c.Call
}
