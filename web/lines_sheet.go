package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

const (
	// aroundLines is how many lines without values stand around those with, and
	// fewestFolded how many are worth a row that says that they are left out.
	aroundLines, fewestFolded = 3, 4
	// maxText is how much of a line of source, or of a name, a page shows.
	maxText = 300
	// maxName bounds the paths that links hold.
	maxName = 400
)

// listed is a sheet while its rows are written.
type listed struct {
	listing.Sheet
	name  string // in addresses
	most  float64
	total []float64 // of the sheet, a side, scaled
	rows  []templates.LineRow
}

func (w *lister) sheet(s listing.Sheet, alone bool) templates.Sheet {
	t := &listed{Sheet: s, name: nameIn(s.Function, s.Key())}
	v := templates.Sheet{Function: cutText(s.Function, maxText), File: cutText(shortFile(s.File), maxText)}
	if s.Function == "" {
		t.name = nameIn(s.File, "")
	}
	for _, r := range s.Rows {
		for _, x := range w.scaled(r.Values) {
			t.most = math.Max(t.most, math.Abs(x))
		}
	}
	w.unlisted(&v, t)
	t.total = w.scaled(t.Sides)
	w.totals(&v, t)
	w.sheetLinks(&v, t, alone)
	if !s.Captured {
		v.Missing = "Source not captured: only lines with values are shown, without their text."
	}
	if w.order > 0 {
		w.byDifference(t)
	} else {
		w.inOrder(t)
	}
	v.Rows = t.rows
	return v
}

// totals are the function's, each sample once, and what pprof prints for it.
func (w *lister) totals(v *templates.Sheet, t *listed) {
	values := slices.Clone(t.Sides)
	for i := range values {
		values[i].Cum = t.True[i]
		if t.True[i] != t.Sides[i].Cum {
			if t.Sides[i].Cum != 0 { // pprof's samples are counted twice too
				values[i].Count = int64(math.Round(float64(t.Sides[i].Count) * float64(t.True[i]) / float64(t.Sides[i].Cum)))
			}
			v.Note += fmt.Sprintf("pprof prints %s for %s: it counts a stack once for each line of the function, so recursion is counted twice. ", w.printed(t, i), w.sides[i].series.Name)
		}
	}
	t.total = w.scaled(values)
	v.Totals, v.Diffs, _ = w.figures(values, 0)
}

// printed is what pprof prints for a function: as recorded, whatever the figures
// beside it are divided by.
func (w *lister) printed(t *listed, side int) string {
	recorded := w.figure
	recorded.Mode = Raw
	text := recorded.text(float64(t.Sides[side].Cum) * recorded.factor(w.sides[side].exposure))
	if w.Mode != Raw {
		text += " (here " + w.text(t.total[side]) + ")"
	}
	return text
}

// inOrder writes the lines as the file has them. Where nothing is spent for long,
// lines are folded.
func (w *lister) inOrder(t *listed) {
	near := w.near(t.Rows)
	for i := 0; i < len(t.Rows) && w.left > 0; {
		end := i
		for end < len(t.Rows) && !near[end] {
			end++
		}
		if end-i >= fewestFolded {
			w.fold(t, t.Rows[i:end])
			i = end
			continue
		}
		w.line(t, i)
		i++
	}
	if w.left <= 0 {
		t.rows = append(t.rows, templates.LineRow{Kind: templates.FoldedLine, Text: "The page is full: the rest of this sheet is not listed. Choose fewer functions, or fewer cells."})
	}
}

// near says which rows have a value close by, or are all there is.
func (w *lister) near(rows []listing.Row) []bool {
	near := make([]bool, len(rows))
	some := false
	for i, r := range rows {
		if !valued(r) {
			continue
		}
		some = true
		for j := max(0, i-aroundLines); j <= min(len(rows)-1, i+aroundLines); j++ {
			near[j] = true
		}
	}
	if !some {
		for i := range near {
			near[i] = i < 2*aroundLines
		}
	}
	return near
}

func valued(r listing.Row) bool {
	return slices.ContainsFunc(r.Values, func(v listing.Value) bool { return v.Cum != 0 || v.Flat != 0 })
}

// fold writes lines without values: as one row, or all when that was opened.
func (w *lister) fold(t *listed, rows []listing.Row) {
	first, last := rows[0], rows[len(rows)-1]
	address := lineIn(t.name, first.Line, first.Side) + "-" + numberIn(last.Line, last.Side)
	open := w.opens.has(address)
	row := templates.LineRow{Kind: templates.FoldedLine, Open: open, Text: quantity.Plural(int64(len(rows)), "line", "lines") + " without samples"}
	row.OpenURL = w.toggle(address, open)
	w.put(t, row)
	if !open {
		return
	}
	for _, r := range rows {
		if w.left <= 0 {
			return
		}
		w.put(t, w.source(t, r))
	}
}

// byDifference writes the lines with values, those first that contribute most to
// the difference of the ordered column.
func (w *lister) byDifference(t *listed) {
	by := []int{}
	delta := make([]float64, len(t.Rows))
	for i, r := range t.Rows {
		if valued(r) {
			xs := w.scaled(r.Values)
			delta[i] = math.Abs(xs[w.order] - xs[0])
			by = append(by, i)
		}
	}
	slices.SortStableFunc(by, func(i, j int) int { return cmp.Compare(delta[j], delta[i]) })
	for _, i := range by {
		if w.left <= 0 {
			return
		}
		w.line(t, i)
	}
}

// line writes a line of the sheet with what is opened below it.
func (w *lister) line(t *listed, i int) {
	r := t.Rows[i]
	row := w.source(t, r)
	row.Mark, row.MarkTitle = w.mark(t.Rows, i)
	if !valued(r) {
		w.put(t, row)
		return
	}
	row.Values, row.Diffs, row.Noise = w.figures(r.Values, t.most)
	for k, x := range w.scaled(r.Values) {
		row.Hot = row.Hot || math.Abs(x) >= t.most/20 && x != 0
		w.contribution(&row.Diffs[k], x, w.scaled(r.Values)[0], t.total[k]-t.total[0])
	}
	address := lineIn(t.name, r.Line, r.Side)
	row.Open = w.opens.has(address)
	if slices.ContainsFunc(r.Values, func(v listing.Value) bool { return v.Cum != v.Flat }) {
		row.OpenURL = w.toggle(address, row.Open)
	}
	if row.Text == "" && row.OpenURL != "" {
		row.Text = "line " + row.Number
	}
	if !row.Open {
		w.put(t, row)
		w.landmarks(t, r)
		return
	}
	w.openedRow(t, row, r, address)
}

// source is a row of the file without figures.
func (w *lister) source(t *listed, r listing.Row) templates.LineRow {
	row := templates.LineRow{Number: strconv.FormatInt(r.Line, 10), Text: cutText(r.Text, maxText)}
	for _, v := range r.Values {
		if v.Has && v.Line != r.Line && !strings.Contains(row.Number, "→") {
			row.Number += " → " + strconv.FormatInt(v.Line, 10)
		}
	}
	return row
}

// mark says of a line that only some sides have it: the others' lines before and
// after it follow each other.
func (w *lister) mark(rows []listing.Row, i int) (mark, title string) {
	if len(w.sides) < 2 || rows[i].Text == "" {
		return "", ""
	}
	without := []int{}
	for side, v := range rows[i].Values {
		if !v.Has && gone(rows, i, side) {
			without = append(without, side)
		}
	}
	switch {
	case len(without) == 0:
		return "", ""
	case slices.Contains(without, 0):
		return "+", "not in the source of " + w.sides[0].series.Name
	}
	return "−", "not in the source of " + w.sides[without[0]].series.Name
}

// gone reports whether a side's text goes on without row i.
func gone(rows []listing.Row, i, side int) bool {
	before, after := i, i
	for before >= 0 && !rows[before].Values[side].Has {
		before--
	}
	for after < len(rows) && !rows[after].Values[side].Has {
		after++
	}
	return before >= 0 && after < len(rows) && rows[after].Values[side].Line == rows[before].Values[side].Line+1
}

// landmarks are where the calls of a closed line leave for the kernel or the runtime.
func (w *lister) landmarks(t *listed, r listing.Row) {
	for i, c := range r.Landmarks {
		if i == maxLandmarks || listing.Largest(c.Values)*50 < listing.Largest(r.Values) || w.left <= 0 {
			return // below 2 % of the line it only makes the sheet longer
		}
		row := templates.LineRow{Kind: templates.LandmarkLine, Callee: cutText(shortName(c.Function), maxText), CalleeURL: w.functionURL(c.Function)}
		row.Text = ""
		row.Values, row.Diffs, row.Noise = w.figures(c.Values, 0)
		w.put(t, row)
	}
}

func (w *lister) put(t *listed, row templates.LineRow) {
	t.rows = append(t.rows, row)
	w.left--
}

// cutText shortens what a profile or a file has, so that no line of it is a page.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && s[end]&0xC0 == 0x80 {
		end--
	}
	return s[:end] + "…"
}
