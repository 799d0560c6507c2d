package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// Rounds is a metric of every run by round, for the rounds that there are and
// with room for those to come. Points of one round stand side by side, so that
// an A/A point does not hide behind its base.
func Rounds(c profiles.Comparison, runs []profiles.Run, m profiles.Metric, cells []int) Chart {
	out := empty()
	planned := max(c.Rounds(), 1)
	low, high := math.Inf(1), math.Inf(-1)
	for i := range runs {
		r := &runs[i]
		if v, ok := plotted(r, m, cells); ok {
			low, high, planned = min(low, v), max(high, v), max(planned, r.Round)
		}
	}
	if low > high {
		return out
	}
	sp, marks := linearSpan(low, high)
	out.Y = sp.axis(m.Unit, marks)
	place := func(round int, column int) float64 {
		slot := 1 / float64(planned)
		// All cells of a round within the middle half of its slot.
		return (float64(round-1) + 0.5 + 0.5*(float64(column)+0.5)/float64(len(cells)) - 0.25) * slot
	}
	for _, round := range roundMarks(planned) {
		out.X.Ticks = append(out.X.Ticks, Tick{At: (float64(round) - 0.5) / float64(planned), Label: strconv.Itoa(round)})
	}
	for column, i := range cells {
		if i < 0 || i >= len(c.Cells) {
			continue
		}
		cell := c.Cells[i]
		line := Series{Cell: i, Name: cell.Name(), Socket: cell.Socket, AA: cell.AA, Points: []Point{}}
		for k := range runs {
			r := &runs[k]
			v, ok := plotted(r, m, []int{i})
			if !ok || superseded(runs, r) {
				continue
			}
			y := sp.y(v)
			line.Points = append(line.Points, Point{
				X: place(r.Round, column), Y: y, Low: y, High: y,
				Title: fmt.Sprintf("%s, round %d: %s", cell.Name(), r.Round, quantity.Of(m.Unit, v)),
			})
		}
		slices.SortFunc(line.Points, func(a, b Point) int { return compare(a.X, b.X) })
		if len(line.Points) > 0 {
			out.Series = append(out.Series, line)
		}
	}
	return out
}

func plotted(r *profiles.Run, m profiles.Metric, cells []int) (float64, bool) {
	v, ok := r.Metrics[m.Name]
	return v, ok && usable(v) && r.Round >= 1 && slices.Contains(cells, r.Cell)
}

// superseded reports whether a later attempt measured the same round and cell.
func superseded(runs []profiles.Run, r *profiles.Run) bool {
	return slices.ContainsFunc(runs, func(o profiles.Run) bool {
		return o.Round == r.Round && o.Cell == r.Cell && o.Attempt > r.Attempt
	})
}

// roundMarks numbers every round up to twelve, then as many as are readable, and
// always the last.
func roundMarks(planned int) []int {
	step := 1
	for _, s := range []int{2, 5, 10, 20, 50, 100} {
		if planned/step > 12 {
			step = s
		}
	}
	marks := []int{1}
	for r := max(step, 2); r <= planned-step/2; r += step {
		marks = append(marks, r)
	}
	if last := marks[len(marks)-1]; last != planned {
		marks = append(marks, planned)
	}
	return marks
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
