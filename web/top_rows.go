package web

import (
	"math"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/templates"
)

// maxBars is up to how many profiles there is room for bars.
const maxBars = 2

// topHeads heads the columns: flat and cum of each profile, with their shares when
// there is one profile only, and after each but the first its differences to the
// first.
func (p panel) topHeads(v *templates.TopTable, by ranking) {
	v.Name = by.head(templates.TopHead{Label: "function"}, p, byName, 0)
	base := p.sides[0].series
	for i, o := range p.sides {
		flat := by.head(templates.TopHead{Label: "flat", Title: "in the function itself"}, p, byFlat, i)
		cum := by.head(templates.TopHead{Label: "cum", Title: "with what it calls"}, p, byCum, i)
		group := templates.TopGroup{Series: o.series, Span: 2}
		if p.withShares() {
			group.Span = 4
			v.Heads = append(v.Heads, flat, templates.TopHead{Label: "share"}, cum, templates.TopHead{Label: "share"})
		} else {
			v.Heads = append(v.Heads, flat, cum)
		}
		v.Groups = append(v.Groups, group)
		if i == 0 {
			continue
		}
		v.Groups = append(v.Groups, templates.TopGroup{Series: o.series, Minus: &base, Span: 2})
		v.Heads = append(v.Heads,
			by.head(templates.TopHead{Label: "Δ flat", Title: "difference in the function itself; ≈ is within sampling noise"}, p, byDiff, i),
			by.head(templates.TopHead{Label: "Δ cum", Title: "difference with what it calls; ≈ is within sampling noise"}, p, byCumDiff, i))
	}
}

// withShares says whether shares of the total have columns of their own: for one
// profile. Beside a second one there is no room, and the difference is what is asked.
func (p panel) withShares() bool { return len(p.sides) == 1 && p.Mode != Share }

// topRow is the cells of a function; bars are of the largest cum.
func (p panel) topRow(r functionRow, most float64) templates.TopRow {
	v := templates.TopRow{Function: cutText(r.name, maxName), Cells: make([]templates.TopCell, 0, 4*len(p.sides))}
	for i, o := range p.sides {
		fn := r.sides[i]
		flat, cum := p.topCell(r.self[i], fn.Flat, fn.FlatCount, o), p.topCell(r.all[i], fn.Cum, fn.Count, o)
		if most > 0 && len(p.sides) <= maxBars {
			cum.Width, cum.Series = min(1, math.Abs(r.all[i])/most), o.series.Series
		}
		if p.withShares() {
			v.Cells = append(v.Cells, flat, p.shareCell(fn.Flat, o), cum, p.shareCell(fn.Cum, o))
		} else {
			v.Cells = append(v.Cells, flat, cum)
		}
		if i == 0 {
			continue
		}
		base := r.sides[0]
		v.Cells = append(v.Cells,
			p.changeCell(r.self[0], r.self[i], base.FlatCount, fn.FlatCount, i),
			p.changeCell(r.all[0], r.all[i], base.Count, fn.Count, i))
	}
	return v
}

func (p panel) topCell(x float64, value, samplesBehind int64, o side) templates.TopCell {
	c := templates.TopCell{Text: p.text(x)}
	if value == 0 {
		c.Tone = templates.Unclear
		return c
	}
	c.Title = share(value, o.exposure.total) + " of " + o.series.Name + " · " + o.exposure.samples(samplesBehind)
	if samplesBehind > 0 && samplesBehind < fewSamples {
		c.Tone = templates.Unclear
	}
	return c
}

func (p panel) shareCell(value int64, o side) templates.TopCell {
	return templates.TopCell{Text: share(value, o.exposure.total), Tone: templates.Soft}
}

func (p panel) changeCell(a, b float64, kA, kB int64, i int) templates.TopCell {
	d := p.change(a, b, kA, kB, p.exposed(p.sides[0].exposure), p.exposed(p.sides[i].exposure))
	return templates.TopCell{Text: d.Text, Tone: d.Tone, Title: d.Title}
}

// noise says whether the figures of two sides differ within sampling noise only.
func (p panel) noise(a, b float64, kA, kB int64, base, other int) bool {
	return p.within(a, b, kA, kB, p.exposed(p.sides[base].exposure), p.exposed(p.sides[other].exposure))
}

// topTotal is the row of all functions together: what is looked at of each profile.
func (p panel) topTotal() templates.TopRow {
	n := len(p.sides)
	r := functionRow{name: "everything", sides: make([]listing.Function, n), self: make([]float64, n), all: make([]float64, n)}
	for i, o := range p.sides {
		sum, count := listing.Sum(o.decoded, o.sampleType)
		r.sides[i] = listing.Function{Flat: sum, Cum: sum, Count: count, FlatCount: count}
		r.self[i] = float64(sum) * p.factor(o.exposure)
		r.all[i] = r.self[i]
	}
	return p.topRow(r, 0)
}
