package web

import (
	"fmt"
	"math"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/templates"
)

// scaled are the values of one row: each side's after its factor.
func (p panel) scaled(values []listing.Value) []float64 {
	vs := make([]float64, len(values))
	for i, v := range values {
		vs[i] = float64(v.Cum) * p.factor(p.sides[i].exposure)
	}
	return vs
}

// figures are the cells of a row: the value of each side, and the difference to the
// base of each but the base. most is what a full bar stands for, 0 for no bars. noise
// reports that no difference is beyond sampling noise.
func (w *lister) figures(values []listing.Value, most float64) (cells []templates.LineValue, diffs []templates.Difference, noise bool) {
	xs := w.scaled(values)
	noise = len(xs) > 1
	for i, x := range xs {
		cells = append(cells, w.cell(values[i], x, most, w.sides[i]))
		if i == 0 {
			diffs = append(diffs, templates.Difference{})
			continue
		}
		d := w.change(xs[0], x, values[0].Count, values[i].Count, w.exposed(w.sides[0].exposure), w.exposed(w.sides[i].exposure))
		noise = noise && d.Tone == templates.Unclear
		diffs = append(diffs, d)
	}
	return cells, diffs, noise
}

func (w *lister) cell(v listing.Value, x, most float64, o side) templates.LineValue {
	l := templates.LineValue{Text: w.text(x), Noise: v.Cum != 0 && v.Count > 0 && v.Count < fewSamples}
	if v.Cum == 0 && v.Flat == 0 {
		return l
	}
	if most > 0 {
		l.Width = math.Abs(x) / most
	}
	l.Title = fmt.Sprintf("cum %s, flat %s", w.text(x), w.text(float64(v.Flat)*w.factor(o.exposure)))
	if v.Count <= 0 {
		l.Title += " · number of samples not known"
		return l
	}
	l.Error = w.error(v.Count)
	low, high := stats.CountInterval(v.Count)
	per := x / float64(v.Count)
	l.Title += " · " + quantity.Plural(v.Count, "sample", "samples")
	if l.Error != "" {
		l.Title += ", " + l.Error
	}
	l.Title += fmt.Sprintf(" · 95 %% between %s and %s", w.text(low*per), w.text(high*per))
	return l
}

// error is the sampling error of a count; many rows have the same.
func (w *lister) error(count int64) string {
	text, ok := w.errors[count]
	if !ok {
		text = "±" + quantity.Percent(stats.CountError(count))
		if stats.CountError(count) > 1 {
			text = "" // so few say no more than the interval does
		}
		w.errors[count] = text
	}
	return text
}

// contribution adds to a difference which part it is of the whole sheet's.
func (w *lister) contribution(d *templates.Difference, x, base, whole float64) {
	if d.Title == "" || d.Tone == templates.Unclear || whole == 0 {
		return
	}
	if part := (x - base) / whole; part > 0 && part <= 1 {
		d.Title += " · " + quantity.Percent(part) + " of the function’s difference"
	}
}
