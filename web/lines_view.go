package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/templates"
)

const (
	// fewSamples is below how many samples a line's cost is drawn grey: its error
	// is then beyond ±40 %.
	fewSamples = 25
	// maxSheets is how many functions one page lists.
	maxSheets = 12
	// maxLandmarks is how many calls below a line are shown.
	maxLandmarks = 3
)

// linesOf lists functions side by side: the one of the lens, else the workload's
// loop, else what costs most.
func (p panel) linesOf() *templates.Lines {
	v := &templates.Lines{
		Title: "Per-line timings", Columns: p.columns(), Against: p.against(), Sheets: []templates.Sheet{},
		Switches: []templates.Switch{},
		Note:     "Each figure holds what the line calls. Grey: fewer than 25 samples. ≈: no difference beyond sampling noise.",
		Search: &templates.Search{
			Action: p.path, Hidden: p.hidden("function"), Name: "function", Value: p.lens.Function,
			Label: "Function (regular expression)", Placeholder: "function (regexp)",
		},
	}
	v.Filter = p.filter()
	sheets, found := p.sheets(v)
	if found > len(sheets) {
		v.Note = fmt.Sprintf("The %d costliest of %s functions are listed; narrow the pattern to see others. ", len(sheets), count(found)) + v.Note
	}
	for _, sheet := range sheets {
		v.Sheets = append(v.Sheets, p.sheet(sheet))
	}
	v.Hint = p.per() + ", cumulative"
	if len(v.Sheets) == 1 {
		v.Hint = shortName(v.Sheets[0].Function) + " · " + v.Hint
	}
	return v
}

// sheets are the costliest of the functions that are asked for, and how many there
// are of them.
func (p panel) sheets(v *templates.Lines) (sheets []listing.Sheet, found int) {
	sides := make([]listing.Side, len(p.sides))
	for i, o := range p.sides {
		sides[i] = listing.Side{Profile: o.decoded, SampleType: o.sampleType, Files: o.files}
	}
	function := p.lens.Function
	if function == "" && p.loop == "" {
		function = p.costliest()
	}
	if function == "" {
		if sheet := listing.Align(sides, p.loop); len(sheet.Rows) > 0 {
			return []listing.Sheet{sheet}, 1
		}
		v.Empty = "No sample fell into " + shortName(p.loop) + ": the profiled pass was too short. Choose another function."
		return nil, 0
	}
	re, wrong := compile(function)
	if wrong != "" {
		v.Search.Error, v.Empty = wrong, wrong
		return nil, 0
	}
	sheets, found = listing.AlignMost(sides, re, maxSheets)
	if found == 0 {
		v.Empty = fmt.Sprintf("No function in these profiles matches %q.", clip(function))
	}
	return sheets, found
}

// costliest is a pattern for the function with the largest self value that has
// source lines.
func (p panel) costliest() string {
	o := p.sides[len(p.sides)-1]
	top := o.top()
	if len(top) == 0 {
		return "."
	}
	return exactly(top[0].Function)
}

// scaled are the values of one row: each side's after its factor, with the
// largest of the sheet for the bars.
func (p panel) scaled(values []listing.Value) []float64 {
	vs := make([]float64, len(values))
	for i, v := range values {
		vs[i] = float64(v.Cum) * p.factor(p.sides[i].exposure)
	}
	return vs
}

func (p panel) sheet(s listing.Sheet) templates.Sheet {
	v := templates.Sheet{Function: s.Function, File: shortFile(s.File), Totals: []string{}, Rows: []templates.LineRow{}}
	most := 0.0
	for _, r := range s.Rows {
		for _, x := range p.scaled(r.Values) {
			most = math.Max(most, math.Abs(x))
		}
	}
	for i, x := range p.scaled(s.Sides) {
		v.Totals = append(v.Totals, p.text(x))
		if s.True[i] != s.Sides[i].Cum {
			f := p.factor(p.sides[i].exposure)
			v.Totals[i] = p.text(float64(s.True[i]) * f)
			v.Note += fmt.Sprintf("pprof prints %s for %s: it counts a stack once for each line of the function, so recursion is counted twice. ", p.text(x), p.sides[i].series.Name)
		}
	}
	for _, r := range s.Rows {
		v.Rows = append(v.Rows, p.row(r, most))
		for i, c := range r.Landmarks {
			if i == maxLandmarks || listing.Largest(c.Values)*50 < listing.Largest(r.Values) {
				break // below 2 % of the line it only makes the sheet longer
			}
			v.Rows = append(v.Rows, p.below(c, r.Text))
		}
	}
	return v
}

func (p panel) row(r listing.Row, most float64) templates.LineRow {
	v := templates.LineRow{Number: strconv.FormatInt(r.Line, 10), Text: r.Text, Values: []templates.LineValue{}}
	xs := p.scaled(r.Values)
	for i, x := range xs {
		v.Hot = v.Hot || math.Abs(x) >= most/20 && x != 0
		v.Values = append(v.Values, p.lineValue(r.Values[i], x, most, p.sides[i]))
	}
	v.Diff = p.lineDiff(r.Values, xs)
	return v
}

// below is a call deeper down a line, indented under the line's own text.
func (p panel) below(c listing.Callee, line string) templates.LineRow {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	v := templates.LineRow{Text: indent + "    └ " + shortName(c.Function), Sub: true, Values: []templates.LineValue{}}
	xs := p.scaled(c.Values)
	for i, x := range xs {
		v.Values = append(v.Values, p.lineValue(c.Values[i], x, 0, p.sides[i]))
	}
	v.Diff = p.lineDiff(c.Values, xs)
	return v
}

func (p panel) lineValue(v listing.Value, x, most float64, o side) templates.LineValue {
	l := templates.LineValue{Text: p.text(x), Noise: v.Cum != 0 && v.Count > 0 && v.Count < fewSamples}
	if v.Cum == 0 && v.Flat == 0 {
		return l
	}
	if most > 0 {
		l.Width = math.Abs(x) / most
	}
	f := p.factor(o.exposure)
	l.Title = fmt.Sprintf("cum %s, flat %s · %s", p.text(x), p.text(float64(v.Flat)*f), samples(v.Count))
	if v.Count > 0 {
		low, high := stats.CountInterval(v.Count)
		per := x / float64(v.Count)
		l.Title += fmt.Sprintf(" · 95 %% between %s and %s", p.text(low*per), p.text(high*per))
	}
	return l
}

func (p panel) lineDiff(values []listing.Value, xs []float64) templates.Difference {
	if len(xs) != 2 {
		return templates.Difference{}
	}
	a, b := values[0], values[1]
	return p.change(xs[0], xs[1], a.Count, b.Count, p.exposed(p.sides[0].exposure), p.exposed(p.sides[1].exposure))
}

// share writes part of a whole.
func share(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return quantity.Percent(float64(part) / float64(whole))
}
