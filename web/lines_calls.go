package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

const (
	// fewCalls are always shown of an opened line; more only from 2 % of it on.
	fewCalls, leastCall = 6, 50
	// maxLevels is how far down calls open.
	maxLevels = 64
)

// node is an opened line: a way down from a line of the sheet.
type node struct {
	row     listing.Row // of the sheet
	steps   []listing.Step
	address string
	deep    bool // the heaviest way down is open from here
}

// openedRow writes an opened line of the sheet and what it calls.
func (w *lister) openedRow(t *listed, row templates.LineRow, r listing.Row, address string) {
	n := node{row: r, address: address, deep: w.opens.has(address + below + heaviest)}
	w.opened(t, row, n)
}

// opened writes an opened row, and below it what the line costs itself and what it
// calls: they add up to the row.
func (w *lister) opened(t *listed, row templates.LineRow, n node) {
	o := w.book.Open(t.Sheet, n.row, n.steps)
	if !n.deep && len(o.Calls) > 0 {
		row.DeepURL = w.toggle(n.address+below+heaviest, false)
	}
	w.put(t, row)
	depth := len(n.steps) + 1
	if slices.ContainsFunc(o.Self, func(v listing.Value) bool { return v.Flat != 0 }) {
		self := templates.LineRow{Kind: templates.SelfLine, Depth: depth, Text: "self: the line’s own work"}
		self.Values, self.Diffs, self.Noise = w.figures(o.Self, t.most)
		w.put(t, self)
	}
	w.byOrder(o.Calls)
	all := w.opens.has(n.address + below + allCalls)
	shown := len(o.Calls)
	if !all {
		shown = w.enough(len(o.Calls), o.Whole, func(i int) []listing.Value { return o.Calls[i].Values })
	}
	top := heaviestLine(o.Calls)
	for _, c := range o.Calls[:shown] {
		if w.left <= 0 {
			break
		}
		w.call(t, n, c, top, all)
	}
	rest := make([]listing.Value, len(w.sides))
	for _, c := range o.Calls[shown:] {
		rest = summed(rest, c.Values)
	}
	w.smaller(t, n.address, depth, len(o.Calls)-shown, rest)
}

// byOrder puts the calls with the largest difference first, where lines are ordered
// so.
func (w *lister) byOrder(calls []listing.Call) {
	if w.order == 0 {
		return
	}
	delta := func(c listing.Call) float64 {
		xs := w.scaled(c.Values)
		return math.Abs(xs[w.order] - xs[0])
	}
	slices.SortStableFunc(calls, func(a, b listing.Call) int { return cmp.Compare(delta(b), delta(a)) })
}

// enough is how many of a falling list are shown: the first few, and whatever is
// not small beside the whole.
func (w *lister) enough(n int, whole []listing.Value, at func(int) []listing.Value) int {
	shown := min(n, fewCalls)
	for shown < n && listing.Largest(at(shown))*leastCall >= listing.Largest(whole) {
		shown++
	}
	if n-shown == 1 {
		return n // a row that folds one row saves nothing
	}
	return shown
}

// call writes a function that is called: in one row with its line when it has one,
// else with a row for each.
func (w *lister) call(t *listed, n node, c listing.Call, top listing.Step, all bool) {
	depth := len(n.steps) + 1
	head := templates.LineRow{Kind: templates.CallLine, Depth: depth, Callee: cutText(shortName(c.Function), maxText), FlameURL: w.box(c)}
	if c.Named {
		head.CalleeURL = w.functionURL(c.Function)
	}
	if len(c.Lines) == 1 {
		w.callLine(t, n, c, c.Lines[0], head, top)
		return
	}
	head.Values, head.Diffs, head.Noise = w.figures(c.Values, t.most)
	w.put(t, head)
	lines := slices.Clone(c.Lines)
	slices.SortStableFunc(lines, func(a, b listing.CallLine) int {
		return cmp.Compare(listing.Largest(b.Values), listing.Largest(a.Values))
	})
	shown := len(lines)
	if !all {
		shown = w.enough(len(lines), c.Values, func(i int) []listing.Value { return lines[i].Values })
	}
	rest := make([]listing.Value, len(w.sides))
	for _, l := range lines[shown:] {
		rest = summed(rest, l.Values)
	}
	lines = lines[:shown]
	slices.SortFunc(lines, func(a, b listing.CallLine) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Side, b.Side))
	})
	for _, l := range lines {
		if w.left <= 0 {
			return
		}
		w.callLine(t, n, c, l, templates.LineRow{Kind: templates.CallLine, Depth: depth + 1}, top)
	}
	w.smaller(t, n.address, depth+1, len(c.Lines)-shown, rest)
}

// callLine writes a line of a called function, and what it calls when it is opened.
func (w *lister) callLine(t *listed, n node, c listing.Call, l listing.CallLine, row templates.LineRow, top listing.Step) {
	step := stepOf(c, l)
	at := node{row: n.row, steps: append(slices.Clone(n.steps), step), address: n.address + below + addressOf(step)}
	at.deep = n.deep && top == step || w.opens.has(at.address+below+heaviest)
	row.Values, row.Diffs, row.Noise = w.figures(l.Values, t.most)
	row.Text = cutText(strings.TrimSpace(l.Text), maxText)
	if l.Line != 0 {
		row.Number = strconv.FormatInt(l.Line, 10)
		if row.Text == "" {
			row.Text = "line " + row.Number
		}
	} else if row.Text == "" {
		row.Text = "what it calls"
	}
	open := !l.Leaf && len(at.steps) < maxLevels && (w.opens.has(at.address) || n.deep && top == step)
	switch {
	case l.Leaf && l.Line == 0:
		row.Text = ""
	case !l.Leaf && len(at.steps) < maxLevels:
		row.Open, row.OpenURL = open, w.toggle(at.address, open)
	}
	if !open {
		w.put(t, row)
		return
	}
	w.opened(t, row, at)
}

// smaller writes the row of what is folded; none for nothing.
func (w *lister) smaller(t *listed, address string, depth, n int, values []listing.Value) {
	if n == 0 {
		return
	}
	row := templates.LineRow{Kind: templates.SmallerLine, Depth: depth, Text: quantity.Count(int64(n)) + " smaller"}
	row.OpenURL = w.toggle(address+below+allCalls, false)
	row.Values, row.Diffs, row.Noise = w.figures(values, t.most)
	w.put(t, row)
}

// stepOf is the step down to a line of a call.
func stepOf(c listing.Call, l listing.CallLine) listing.Step {
	return listing.Step{Function: c.Function, File: c.File, Line: l.Line, Side: l.Side}
}

// heaviestLine is where the heaviest way goes on.
func heaviestLine(calls []listing.Call) (top listing.Step) {
	most := int64(-1)
	for _, c := range calls {
		for _, l := range c.Lines {
			if v := listing.Largest(l.Values); v > most {
				most, top = v, stepOf(c, l)
			}
		}
	}
	return top
}

func summed(a, b []listing.Value) []listing.Value {
	for i, v := range b {
		a[i].Flat += v.Flat
		a[i].Cum += v.Cum
		a[i].Count += v.Count
	}
	return a
}

// box is the address of a call in the flame graph: its own box where all its samples
// came one way, else its function with all its callers.
func (w *lister) box(c listing.Call) string {
	if c.Path == nil {
		return w.pivotURL(c.Function)
	}
	return w.flameURL(func(l *lens) { l.At = tree.Place(c.Path) })
}
