package web

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// Profiles of scripts, of perf and of stripped binaries have functions without a
// file, and frames without a function. Their lines cannot be listed, which is said;
// what they cost can.

// unclipped is the function that a link names: one whose name is too long for it
// stands there as in a flame graph.
func (p panel) unclipped(name string) string {
	if !tree.Clipped(name) {
		return name
	}
	for _, o := range p.sides {
		for _, f := range o.top() {
			if len(f.Function) > tree.MaxName && tree.Clip(f.Function) == name {
				return f.Function
			}
		}
	}
	return name
}

// lineless lists the functions that match and have no lines, the costliest of the
// last side first.
func (w *lister) lineless(v *templates.Lines, re *regexp.Regexp) {
	names, seen := []string{}, map[string]bool{}
	for i := len(w.sides) - 1; i >= 0; i-- {
		for _, f := range w.sides[i].top() {
			if !seen[f.Function] && (re.MatchString(f.Function) || len(f.Function) > tree.MaxName && re.MatchString(tree.Clip(f.Function))) {
				seen[f.Function] = true
				names = append(names, f.Function)
			}
		}
	}
	for _, name := range names[:min(len(names), maxSheets)] {
		v.Sheets = append(v.Sheets, w.withoutLines(name, len(names) == 1))
	}
	if len(names) > maxSheets {
		v.Note = fmt.Sprintf("%s functions match, and none of them has lines; the %d costliest are shown. ", count(len(names)), maxSheets) + v.Note
	}
}

// withoutLines is the sheet of a function that has none: what it costs.
func (w *lister) withoutLines(function string, alone bool) templates.Sheet {
	values, figures := make([]listing.Value, len(w.sides)), []string{}
	for i, o := range w.sides {
		f := costOf(o, function)
		values[i] = listing.Value{Flat: f.Flat, Cum: f.Cum, Count: f.Count}
		text := fmt.Sprintf("flat %s, cum %s", w.recorded(f.Flat, o), w.recorded(f.Cum, o))
		if len(w.sides) > 1 {
			text = o.series.Name + ": " + text
		}
		figures = append(figures, text)
	}
	s := templates.Sheet{Function: cutText(function, maxText), FlameURL: w.pivotURL(function), Missing: w.whyNoLines(function) + " " + strings.Join(figures, "; ") + "."}
	if !alone {
		s.URL = w.functionURL(function)
	}
	s.Totals, s.Diffs, _ = w.figures(values, 0)
	return s
}

// unlisted puts in what a function costs on the sides that have no lines of it, and
// says so: its lines stand there without a value of that side.
func (w *lister) unlisted(v *templates.Sheet, t *listed) {
	if t.Function == "" || t.Key() != "" {
		return
	}
	for i, o := range w.sides {
		if _, lines := o.index().Has(t.Function); lines {
			continue
		}
		if f := costOf(o, t.Function); f.Flat != 0 || f.Cum != 0 {
			t.Sides, t.True = slices.Clone(t.Sides), slices.Clone(t.True) // the book keeps its own
			t.Sides[i], t.True[i] = listing.Value{Flat: f.Flat, Cum: f.Cum, Count: f.Count}, f.Cum
			v.Note += o.series.Name + " was made without line numbers for this function, so only its total is known. "
		}
	}
}

// recorded is a value in the figures of the page.
func (w *lister) recorded(value int64, o side) string {
	return w.text(float64(value) * w.factor(o.exposure))
}

// costOf is what a function costs on a side: functions without a name may share that
// of their binary.
func costOf(o side, function string) listing.Function {
	sum := listing.Function{Function: function}
	for _, f := range o.top() {
		if f.Function == function {
			sum.Flat, sum.Cum, sum.Count, sum.FlatCount = sum.Flat+f.Flat, sum.Cum+f.Cum, sum.Count+f.Count, sum.FlatCount+f.FlatCount
		}
	}
	return sum
}

// whyNoLines says why no line of a function can be shown.
func (w *lister) whyNoLines(function string) string {
	for _, o := range w.sides {
		if named, _ := o.index().Has(function); named {
			return cutText(shortName(function), 60) + " has no file or line in " + w.these() + ": it was made without line numbers."
		}
	}
	return "These frames of " + cutText(strings.Trim(function, "[]<>"), 60) + " have no function name in " + w.these() + ", and so no file or line."
}

func (p panel) these() string {
	if len(p.sides) == 1 {
		return "this profile"
	}
	return "these profiles"
}

// addressed is what a flame graph calls a frame without a function name.
var addressed = regexp.MustCompile(`^0x[0-9a-f]+( in .+)?$|^\?( in .+)?$`)

// absent says that nothing is listed. name is the only function that the pattern can
// find; "" where it can find several.
func (w *lister) absent(pattern, name string) string {
	if addressed.MatchString(name) {
		return clip(name) + " is the address of a frame without a function name, and so it has no lines."
	}
	return fmt.Sprintf("No function in these profiles matches %q.", clip(pattern))
}
