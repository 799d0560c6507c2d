package web

import (
	"cmp"
	"math"
	"slices"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// maxLargest is how many functions each list of the largest names.
const maxLargest = 5

// weighed is a function with what it is ranked by.
type weighed struct {
	function string
	column   int // whose difference it is
	size     float64
	value    templates.Difference
}

// largest names the functions that differ most from the base, or, of one profile,
// that cost most.
func (w *lister) largest() []templates.LargestList {
	lists := []templates.LargestList{}
	rows := w.everyFunction()
	for _, kind := range []struct {
		name string
		of   func(listing.Function) (value, count int64)
	}{
		{"self", func(f listing.Function) (int64, int64) { return f.Flat, f.FlatCount }},
		{"with callees", func(f listing.Function) (int64, int64) { return f.Cum, f.Count }},
	} {
		label := "Costs most, " + kind.name
		if len(w.sides) > 1 {
			label = "Largest differences, " + kind.name
		}
		l := templates.LargestList{Label: label, Links: []templates.LargestLink{}}
		for _, x := range w.ranked(rows, kind.of) {
			link := templates.LargestLink{Value: x.value}
			link.Label, link.Title, link.URL = cutText(shortName(x.function), 60), cutText(x.function, maxText), w.functionURL(x.function)
			if x.column > 0 && len(w.sides) > 2 {
				link.Value.Text += " " + w.sides[x.column].series.Name
			}
			if link.URL != "" {
				l.Links = append(l.Links, link)
			}
		}
		if len(l.Links) > 0 {
			lists = append(lists, l)
		}
	}
	return lists
}

// everyFunction is each function with its costs, a side.
func (w *lister) everyFunction() map[string][]listing.Function {
	rows := make(map[string][]listing.Function, len(w.sides[0].top()))
	for i, o := range w.sides {
		top := o.top()
		if len(w.sides) == 1 {
			for j := range top {
				rows[top[j].Function] = top[j : j+1]
			}
			break
		}
		for _, f := range top {
			if rows[f.Function] == nil {
				rows[f.Function] = make([]listing.Function, len(w.sides))
			}
			x := &rows[f.Function][i] // functions without a name may have one name: their binary's
			x.Flat, x.Cum, x.Count, x.FlatCount = x.Flat+f.Flat, x.Cum+f.Cum, x.Count+f.Count, x.FlatCount+f.FlatCount
		}
	}
	return rows
}

// ranked are the first by size; differences within noise are none.
func (w *lister) ranked(rows map[string][]listing.Function, of func(listing.Function) (value, count int64)) []weighed {
	const candidates = 4 * maxLargest // some may be noise
	all := make([]weighed, 0, candidates+1)
	for name, sides := range rows {
		x := w.weigh(name, sides, of)
		if x.size == 0 || len(all) == candidates && bySize(x, all[candidates-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(all, x, bySize)
		all = slices.Insert(all, at, x)
		all = all[:min(len(all), candidates)]
	}
	list := []weighed{}
	for _, x := range all {
		if len(list) == maxLargest {
			break
		}
		if w.value(&x, rows[x.function], of); x.column == 0 || x.value.Tone != templates.Unclear {
			list = append(list, x)
		}
	}
	return list
}

func bySize(a, b weighed) int {
	return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.function, b.function))
}

// weigh finds the largest difference of a function to the base; of one profile, its
// cost.
func (w *lister) weigh(name string, sides []listing.Function, of func(listing.Function) (value, count int64)) weighed {
	a, _ := of(sides[0])
	base := float64(a) * w.factor(w.sides[0].exposure)
	x := weighed{function: name, size: math.Abs(base)}
	for i := 1; i < len(sides); i++ {
		v, _ := of(sides[i])
		if d := math.Abs(float64(v)*w.factor(w.sides[i].exposure) - base); i == 1 || d > x.size {
			x.size, x.column = d, i
		}
	}
	return x
}

// value writes what a function is ranked by.
func (w *lister) value(x *weighed, sides []listing.Function, of func(listing.Function) (value, count int64)) {
	a, kA := of(sides[0])
	va := float64(a) * w.factor(w.sides[0].exposure)
	if x.column == 0 {
		x.value = templates.Difference{Text: w.text(va), Title: quantity.Plural(kA, "sample", "samples")}
		return
	}
	b, kB := of(sides[x.column])
	o := w.sides[x.column].exposure
	x.value = w.change(va, float64(b)*w.factor(o), kA, kB, w.exposed(w.sides[0].exposure), w.exposed(o))
}
