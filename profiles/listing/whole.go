package listing

import (
	"cmp"
	"maps"
	"slices"
)

// File lists a whole file with what all functions in it cost: a sample counts once
// for each line that it holds, whatever functions stand on it. Its Sheet has no
// Function. A side that knows the file under another path is found by the functions
// that stand in it. A file that no side names, or whose text none has, gives only
// what there is.
func (b *Book) File(path string) Sheet {
	n := len(b.sides)
	sheet := Sheet{File: path, Sides: make([]Value, n), True: make([]int64, n), whole: make([]string, n)}
	routines, texts := make([]Routine, n), make([][]string, n)
	for i, s := range b.sides {
		if s.Index == nil {
			continue
		}
		sheet.whole[i] = b.pathOn(i, path)
		routines[i] = s.Index.file(sheet.whole[i], s.Files, &b.budgets[i])
		texts[i] = textOf(s.Files, sheet.whole[i])
		sheet.Captured = sheet.Captured || texts[i] != nil
		for _, l := range routines[i].Lines {
			sheet.Sides[i].Flat += l.Flat
		}
		sheet.Sides[i].Cum = routines[i].True
		sheet.Sides[i].Count = s.Index.weight.count(routines[i].Cum)
		sheet.True[i] = routines[i].True
	}
	sheet.Rows = rowsOf(routines, versionsOf(texts))
	return sheet
}

// pathOn is what a side calls the file.
func (b *Book) pathOn(side int, path string) string {
	x := b.sides[side].Index
	if len(x.byFile[path]) > 0 {
		return path
	}
	if s := b.sides[side]; s.Files != nil {
		if _, ok := s.Files.Lines(path); ok {
			return path
		}
	}
	votes := map[string]int{}
	for _, other := range b.sides {
		if other.Index == nil {
			continue
		}
		for _, at := range other.Index.byFile[path] {
			if here := x.byFunction[other.Index.places[at].function]; other.Index.named[at] && len(here) == 1 && x.places[here[0]].file != "" {
				votes[x.places[here[0]].file]++
			}
		}
	}
	best := path
	for _, file := range slices.Sorted(maps.Keys(votes)) {
		if votes[file] > votes[best] {
			best = file
		}
	}
	return best
}

// file lists a file on one side: True is what its functions cost together. Cum is
// the weight of the samples, which is no value.
func (x *Index) file(path string, files Files, budget *int) Routine {
	costs := map[int64]*Line{}
	seen := map[int64]int32{}
	r := Routine{File: path, Lines: []Line{}}
	places := x.byFile[path]
	in := make(map[int32]bool, len(places))
	for _, at := range places {
		in[at] = true
	}
	for _, i := range x.holding(places) {
		s := x.frames.p.Sample[i]
		v, w := s.Value[x.sampleType], x.weight.of(s)
		r.True += v
		r.Cum += w
		stack := x.stacks.of(i)
		for k, n := range stack {
			if !in[x.node[n].routine] {
				continue
			}
			number := x.node[n].line
			l := costs[number]
			if l == nil {
				l = &Line{Line: number}
				costs[number] = l
			}
			if k+1 == len(stack) {
				l.Flat += v
			}
			if seen[number] != i+1 {
				seen[number] = i + 1
				l.Cum += v
				l.Count += w
			}
		}
	}
	var all rows
	text := textOf(files, path)
	all.start, all.end = 1, int64(len(text))
	for _, l := range costs {
		if l.Count = x.weight.count(l.Count); l.Flat != 0 || l.Cum != 0 {
			all.lines = append(all.lines, *l)
		}
	}
	slices.SortFunc(all.lines, func(a, b Line) int { return cmp.Compare(a.Line, b.Line) })
	if text != nil || len(all.lines) > 0 {
		r.Lines = all.list(text, budget)
	}
	return r
}
