package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
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
	out.Y, out.scale = sp.axis(m.Unit, marks), sp
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

// Level is a horizontal line with the band around it.
type Level struct {
	Y, Low, High float64
	Known        bool
}

// RoundLevels are the medians of a chart of rounds with their intervals, one for each
// series; those of A/A cells are left out, since they lie on their base's.
func RoundLevels(s stats.Summary, c Chart, m profiles.Metric) []Level {
	levels := make([]Level, len(c.Series))
	for i, line := range c.Series {
		if line.AA || line.Cell >= len(s.Cells) {
			continue
		}
		if e := s.Cells[line.Cell].Metrics[m.Name]; e.N > 1 && usable(e.Low) && usable(e.High) {
			levels[i] = Level{Y: c.scale.y(e.Median), Low: c.scale.y(e.Low), High: c.scale.y(e.High), Known: true}
		}
	}
	return levels
}

// RoundTable is the figures of a chart of rounds: a row for each round, a column for
// each series.
func RoundTable(runs []profiles.Run, c Chart, m profiles.Metric) SweepTable {
	t := SweepTable{Columns: []string{}, Rows: []SweepRow{}}
	last := 0
	for _, line := range c.Series {
		t.Columns = append(t.Columns, line.Name)
	}
	for i := range runs {
		last = max(last, runs[i].Round)
	}
	for round := 1; round <= last; round++ {
		row, known := SweepRow{Label: strconv.Itoa(round), Figures: make([]string, len(c.Series))}, false
		for i, line := range c.Series {
			row.Figures[i] = quantity.Missing
			for k := range runs {
				if v, ok := plotted(&runs[k], m, []int{line.Cell}); ok && runs[k].Round == round && !superseded(runs, &runs[k]) {
					row.Figures[i], known = quantity.Of(m.Unit, v), true
				}
			}
		}
		if known {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}
