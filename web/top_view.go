package web

import (
	"fmt"
	"math"
	"regexp"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

const (
	// topStep is how many functions a top table shows, and by how many it grows.
	topStep = 200
	// maxTop is the most that it shows.
	maxTop = 2000
)

// exactly is the pattern that finds one function, by the name that it has in a flame
// graph: a link has no room for longer ones.
func exactly(function string) string { return "^" + regexp.QuoteMeta(tree.Clip(function)) + "$" }

// functionRow is one function on each side.
type functionRow struct {
	name  string
	sides []listing.Function
	self  []float64 // scaled flat
	all   []float64 // scaled cum
}

// topOf lists functions by cost, those of several profiles side by side.
func (p panel) topOf() *templates.TopTable {
	v := &templates.TopTable{
		Hint: "flat: in the function itself; cum: with what it calls · " + p.per(), Rows: []templates.TopRow{}, Switches: []templates.Switch{},
		Search: &templates.Search{
			Action: p.path, Hidden: p.hidden("search", "rows"), Name: "search", Value: p.lens.Search,
			Label: "Search functions", Placeholder: "search (regexp)",
		},
	}
	v.Filter = p.filter()
	re, wrong := compile(p.lens.Search)
	v.Search.Error = wrong
	all := p.functions()
	rows := p.chosen(all, re)
	if re != nil {
		v.Search.Matched, v.Search.ClearURL = p.matched(all, rows), p.link(func(l *lens) { l.Search, l.Rows = "", 0 })
	}
	by := rankingOf(p.lens.Sort, len(p.sides))
	by.sort(rows)
	p.topHeads(v, by)
	most := 0.0
	for _, r := range rows {
		for _, x := range r.all {
			most = math.Max(most, math.Abs(x))
		}
	}
	total := p.topTotal()
	v.Total = &total
	shown := min(len(rows), max(topStep, min(p.lens.Rows, maxTop)))
	for _, r := range rows[:shown] {
		row := p.topRow(r, most)
		row.URL, row.PivotURL = p.functionURL(r.name), p.pivotURL(r.name)
		v.Rows = append(v.Rows, row)
	}
	if len(p.sides) > 1 {
		v.Switches = append(v.Switches, p.onlySwitch())
	}
	p.moreRows(v, shown, len(rows))
	return v
}

// moreRows says what is not shown.
func (p panel) moreRows(v *templates.TopTable, shown, rows int) {
	switch {
	case rows == 0:
		v.Empty = "No function matches: take a part of the search or of the filter back."
		if len(v.Filter.Active) == 0 && p.lens.Search == "" && p.lens.Only == "" {
			v.Empty = "No function here has a " + p.counted() + " value other than zero."
		}
	case shown < rows && shown < maxTop:
		v.More = count(shown) + " of " + count(rows) + " functions are shown."
		v.MoreLabel = fmt.Sprintf("Show %d more", min(topStep, rows-shown))
		v.MoreURL = p.link(func(l *lens) { l.Rows = shown + topStep })
	case shown < rows:
		v.More = count(shown) + " of " + count(rows) + " functions are shown; search to see others."
	}
}

// functions are those that any side has, each once.
func (p panel) functions() []functionRow {
	n := len(p.sides)
	most := 0
	for _, o := range p.sides {
		most = max(most, len(o.top()))
	}
	byName := make(map[string]int, most)
	rows := make([]functionRow, 0, most)
	for i, o := range p.sides {
		f := p.factor(o.exposure)
		for _, fn := range o.top() {
			at, ok := byName[fn.Function]
			if !ok {
				at = len(rows)
				byName[fn.Function] = at
				values := make([]float64, 2*n)
				rows = append(rows, functionRow{name: fn.Function, sides: make([]listing.Function, n), self: values[:n:n], all: values[n:]})
			}
			// Two functions without a name may have one name here, that of their binary.
			s := &rows[at].sides[i]
			s.Flat, s.Cum, s.Count, s.FlatCount = s.Flat+fn.Flat, s.Cum+fn.Cum, s.Count+fn.Count, s.FlatCount+fn.FlatCount
			rows[at].self[i], rows[at].all[i] = float64(s.Flat)*f, float64(s.Cum)*f
		}
	}
	return rows
}

// chosen are the rows that match and that the lens does not leave out.
func (p panel) chosen(all []functionRow, match *regexp.Regexp) []functionRow {
	rows := make([]functionRow, 0, len(all))
	for _, r := range all {
		if (match == nil || match.MatchString(r.name)) && p.only(r) {
			rows = append(rows, r)
		}
	}
	return rows
}

// only reports whether the lens shows a row: what changed beyond noise, what is new
// or gone on one side at least, each against the base.
func (p panel) only(r functionRow) bool {
	if p.lens.Only == "" || len(p.sides) < 2 {
		return true
	}
	for i := range p.sides[1:] {
		i++
		a, b := r.sides[0], r.sides[i]
		switch p.lens.Only {
		case "new":
			if r.all[0] == 0 && r.self[0] == 0 {
				return true
			}
		case "gone":
			if r.all[i] == 0 && r.self[i] == 0 && (r.all[0] != 0 || r.self[0] != 0) {
				return true
			}
		default:
			if !p.noise(r.self[0], r.self[i], a.FlatCount, b.FlatCount, 0, i) || !p.noise(r.all[0], r.all[i], a.Count, b.Count, 0, i) {
				return true
			}
		}
	}
	return false
}

var onlyLabels = [...]struct{ only, label string }{{"", "all"}, {"changed", "changed"}, {"new", "new"}, {"gone", "gone"}}

func (p panel) onlySwitch() templates.Switch {
	sw := templates.Switch{Label: "Which functions", Links: []templates.Link{}}
	for _, o := range onlyLabels {
		sw.Links = append(sw.Links, templates.Link{Label: o.label, Current: o.only == p.lens.Only, URL: p.link(func(l *lens) { l.Only, l.Rows = o.only, 0 })})
	}
	return sw
}

// matched says how much the functions that a search finds cost themselves.
func (p panel) matched(all, rows []functionRow) string {
	text := fmt.Sprintf("%s of %s match", count(len(rows)), plural(len(all), "function", "functions"))
	for i, o := range p.sides {
		sum := int64(0)
		for _, r := range rows {
			sum += r.sides[i].Flat
		}
		text += map[bool]string{true: "; flat together ", false: ", "}[i == 0] + quantity.Percent(over(float64(sum), float64(o.exposure.total)))
		if len(p.sides) > 1 {
			text += " of " + o.series.Name
		}
	}
	return text + "."
}

// functionURL leads to the lines of a function.
func (p panel) functionURL(name string) string {
	if p.anchor == "" && p.lines != "" {
		return p.lens.with(func(l *lens) { l.Function, l.Sum = exactly(name), "" }).on(p.lines, "")
	}
	return p.link(func(l *lens) { l.Tab, l.Function = "lines", exactly(name) })
}

// pivotURL leads to who calls a function and what it calls.
func (p panel) pivotURL(name string) string {
	pivot := func(l *lens) { l.Tab, l.Pivot, l.At, l.From, l.Search, l.Sum = "", tree.Clip(name), 0, 0, "", "" }
	if p.anchor == "" && p.flame != "" {
		return p.lens.with(pivot).on(p.flame, "")
	}
	return p.link(pivot)
}
