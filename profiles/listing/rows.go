package listing

import (
	"cmp"
	"math"
	"slices"
)

// rows collects the lines of one routine that carry values, and the range of
// the file that pprof shows around them.
type rows struct {
	lines      []Line
	start, end int64
}

func (r *rows) add(n lineNode, c cost) {
	start := n.startLine
	if start == 0 {
		start = saturate(n.line, -Margin)
	}
	end := saturate(n.line, Margin)
	if len(r.lines) == 0 {
		r.start, r.end = start, end
	}
	r.start, r.end = min(r.start, start), max(r.end, end)
	r.lines = append(r.lines, Line{Line: n.line, Flat: c.flat, Cum: c.cum, Count: c.count})
}

// list gives the rows in order: the range of the file when text is at hand, of
// which budget bounds the rows without a value, and otherwise the lines with
// values.
//
// Note: pprof leaves out a line with values that is above the function's first
// line or behind the file's end. So does the range here; a file that does not
// fit its profile shows as lines that are missing.
func (r *rows) list(text []string, budget *int) []Line {
	valued := r.merged()
	if text == nil {
		return valued
	}
	start, end := max(r.start, 1), min(r.end, int64(len(text)))
	if end < start {
		return []Line{}
	}
	if extra := int(end-start+1) - len(valued); extra > *budget {
		return withText(valued, text, start, end)
	} else if extra > 0 {
		*budget -= extra
	}
	list := make([]Line, 0, end-start+1)
	at, _ := slices.BinarySearchFunc(valued, start, func(l Line, n int64) int { return cmp.Compare(l.Line, n) })
	for n := start; n <= end; n++ {
		l := Line{Line: n}
		if at < len(valued) && valued[at].Line == n {
			l = valued[at]
			at++
		}
		l.Text = text[n-1]
		list = append(list, l)
	}
	return list
}

// merged sums the nodes of each line and sorts them.
func (r *rows) merged() []Line {
	slices.SortFunc(r.lines, func(a, b Line) int { return cmp.Compare(a.Line, b.Line) })
	list := make([]Line, 0, len(r.lines))
	for _, l := range r.lines {
		if k := len(list); k > 0 && list[k-1].Line == l.Line {
			last := &list[k-1]
			last.Flat, last.Cum, last.Count = last.Flat+l.Flat, last.Cum+l.Cum, last.Count+l.Count
			continue
		}
		list = append(list, l)
	}
	return list
}

func withText(valued []Line, text []string, start, end int64) []Line {
	list := make([]Line, 0, len(valued))
	for _, l := range valued {
		if l.Line >= start && l.Line <= end {
			l.Text = text[l.Line-1]
			list = append(list, l)
		}
	}
	return list
}

// textOf returns the file's lines, nil when they are not at hand. A file that is
// there but empty has no line, which is not nil.
func textOf(files Files, path string) []string {
	if files == nil {
		return nil
	}
	lines, ok := files.Lines(path)
	if !ok {
		return nil
	}
	if lines == nil {
		return []string{}
	}
	return lines
}

// saturate is a+b, held at the ends of int64.
func saturate(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	if b < 0 && a < math.MinInt64-b {
		return math.MinInt64
	}
	return a + b
}
