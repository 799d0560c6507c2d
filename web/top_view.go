package web

import (
	"cmp"
	"math"
	"regexp"
	"slices"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/templates"
)

// maxTop is how many functions a top table shows.
const maxTop = 200

// exactly is the pattern that finds one function.
func exactly(function string) string { return "^" + regexp.QuoteMeta(function) + "$" }

// functionRow is one function on each side, of which there are one or two.
type functionRow struct {
	name  string
	sides [2]listing.Function
	self  [2]float64 // scaled flat
	all   [2]float64 // scaled cum
}

// topOf lists functions by cost, those of two profiles side by side.
func (p panel) topOf() *templates.TopTable {
	v := &templates.TopTable{
		Hint: "flat: in the function itself; cum: with what it calls · " + p.per(), Columns: p.columns(), Against: p.against(),
		Rows: []templates.TopRow{},
		Search: &templates.Search{
			Action: p.path, Hidden: p.hidden("search"), Name: "search", Value: p.lens.Search,
			Label: "Search functions", Placeholder: "search (regexp)",
		},
	}
	v.Filter = p.filter()
	re, wrong := compile(p.lens.Search)
	v.Search.Error = wrong
	rows := p.functions(re)
	sort := p.sortTop(v, rows)
	most := 0.0
	for _, r := range rows {
		most = math.Max(most, math.Abs(sort(r)))
	}
	for _, r := range rows[:min(len(rows), maxTop)] {
		v.Rows = append(v.Rows, p.topRow(r, most))
	}
	if len(rows) > maxTop {
		v.More = count(maxTop) + " of " + count(len(rows)) + " functions are shown; search to see others."
	}
	if len(rows) == 0 {
		v.Empty = "No function is in this profile, or none matches."
	}
	return v
}

func (p panel) functions(match *regexp.Regexp) []functionRow {
	most := len(p.sides[0].top())
	byName := make(map[string]int, most)
	rows := make([]functionRow, 0, most)
	for i, o := range p.sides {
		f := p.factor(o.exposure)
		for _, fn := range o.top() {
			if match != nil && !match.MatchString(fn.Function) {
				continue
			}
			at, ok := byName[fn.Function]
			if !ok {
				at = len(rows)
				byName[fn.Function] = at
				rows = append(rows, functionRow{name: fn.Function})
			}
			rows[at].sides[i] = fn
			rows[at].self[i], rows[at].all[i] = float64(fn.Flat)*f, float64(fn.Cum)*f
		}
	}
	return rows
}

// sortTop sorts the rows as the lens says and returns what they are sorted by.
func (p panel) sortTop(v *templates.TopTable, rows []functionRow) func(functionRow) float64 {
	last := len(p.sides) - 1
	orders := map[string]func(functionRow) float64{
		"flat": func(r functionRow) float64 { return r.self[last] },
		"cum":  func(r functionRow) float64 { return r.all[last] },
	}
	names := []string{"flat", "cum"}
	by := p.lens.Sort
	if last == 1 {
		orders["diff"] = func(r functionRow) float64 { return r.self[1] - r.self[0] }
		names = []string{"diff", "flat", "cum"}
	}
	if orders[by] == nil {
		by = names[0]
	}
	labels := map[string]string{"flat": "self", "cum": "with callees", "diff": "difference"}
	v.Sorts = templates.Switch{Label: "Sort by", Links: []templates.Link{}}
	for _, name := range names {
		v.Sorts.Links = append(v.Sorts.Links, templates.Link{Label: labels[name], URL: p.link(func(l *lens) { l.Sort = name }), Current: name == by})
	}
	sort := orders[by]
	slices.SortFunc(rows, func(a, b functionRow) int {
		if d := cmp.Compare(math.Abs(sort(b)), math.Abs(sort(a))); d != 0 {
			return d
		}
		return cmp.Compare(a.name, b.name)
	})
	return sort
}

func (p panel) topRow(r functionRow, most float64) templates.TopRow {
	v := templates.TopRow{
		Function: r.name, Values: []templates.TopValue{},
		URL: p.link(func(l *lens) { l.Tab, l.Function = "lines", exactly(r.name) }),
	}
	for i, fn := range r.sides[:len(p.sides)] {
		total := p.sides[i].exposure.total
		value := templates.TopValue{
			Flat: p.text(r.self[i]), FlatShare: share(fn.Flat, total), Cum: p.text(r.all[i]), CumShare: share(fn.Cum, total),
			Noise: fn.Count > 0 && fn.Count < fewSamples, Title: samples(fn.Count),
		}
		if most > 0 {
			value.Width = min(1, math.Abs(r.all[i])/most)
		}
		v.Values = append(v.Values, value)
	}
	if len(p.sides) == 2 {
		v.Diff = p.change(r.self[0], r.self[1], selfCount(r.sides[0]), selfCount(r.sides[1]), p.exposed(p.sides[0].exposure), p.exposed(p.sides[1].exposure))
	}
	return v
}

// selfCount is the number of samples behind flat; Count is that behind cum.
func selfCount(fn listing.Function) int64 {
	if fn.Cum == 0 {
		return 0
	}
	return int64(math.Round(float64(fn.Count) * float64(fn.Flat) / float64(fn.Cum)))
}
