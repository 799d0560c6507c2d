package chart

import (
	"math"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// Interval is a ratio with its interval on a line, and where the line of 1 : 1
// stands. Known is false when there is no ratio.
type Interval struct {
	One, Estimate, Low, High float64
	Known                    bool
}

// farthest is the ratio at which a scale of ratios ends; what is beyond stands at
// its end.
const farthest = 16

// Ratios places ratios on one logarithmic scale, so that the rows of a list can
// be compared. It reaches at least from 0.8 to 1.5.
func Ratios(rs []stats.Ratio) []Interval {
	low, high := math.Log(0.8), math.Log(1.5)
	for _, r := range rs {
		if r.N > 0 && r.Low > 0 {
			low, high = min(low, math.Log(r.Low)), max(high, math.Log(r.High))
		}
	}
	low, high = max(low, -math.Log(farthest)), min(high, math.Log(farthest))
	pad := (high - low) * 0.05
	low, high = low-pad, high+pad
	at := func(r float64) float64 { return min(1, max(0, (math.Log(r)-low)/(high-low))) }
	bars := make([]Interval, len(rs))
	for i, r := range rs {
		bars[i].One = at(1)
		if r.N > 0 && r.Low > 0 {
			bars[i] = Interval{One: at(1), Estimate: at(r.Estimate), Low: at(r.Low), High: at(r.High), Known: true}
		}
	}
	return bars
}

// Stack is a bar of parts laid end to end.
type Stack struct {
	Cell  int
	Width float64 // of the longest bar
	Label string  // the sum: "33.5 µs"
	Parts []StackPart
}

// StackPart is one part of a [Stack].
type StackPart struct {
	X, Width float64 // of the plot, not of the bar
	Row      int     // of the table: equal rows have equal colours
	Line     int64
	Label    string // "net.Dial"
	Figure   string // "11.8", in the unit of the stacks' labels
	Title    string // "net.Dial (line 32): 11.8 µs ±0.6 per request"
}

// Stacks draws a table of costs by line as one bar for each cell on a common
// scale. Negative costs, which only a difference has, are left out.
func Stacks(t verdict.PartTable) []Stack {
	longest := 0.0
	var totals []float64
	for _, c := range t.Total.Costs {
		longest = max(longest, c.Value)
		totals = append(totals, c.Value)
	}
	stacks := []Stack{}
	if longest <= 0 || !usable(longest) {
		return stacks
	}
	scale := quantity.ScaleOf(profiles.Nanoseconds, totals...)
	for column, cell := range t.Cells {
		total := t.Total.Costs[column].Value
		s := Stack{Cell: cell, Width: max(0, total/longest), Label: scale.Format(total), Parts: []StackPart{}}
		x := 0.0
		for n, row := range t.Rows {
			c := row.Costs[column]
			if c.Value <= 0 {
				continue
			}
			w := min(c.Value/longest, 1-x)
			s.Parts = append(s.Parts, StackPart{
				X: x, Width: w, Row: n, Line: row.Line, Label: row.Label, Figure: scale.Figure(c.Value),
				Title: partTitle(row, c, scale),
			})
			x += w
		}
		stacks = append(stacks, s)
	}
	return stacks
}

func partTitle(row verdict.PartRow, c verdict.PartCost, scale quantity.Scale) string {
	title := row.Label
	if row.Line > 0 {
		title += " (line " + strconv.FormatInt(row.Line, 10) + ")"
	}
	return title + ": " + scale.Format(c.Value) + " ±" + scale.Figure(c.Error) + " per request"
}
