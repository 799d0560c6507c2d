package chart

import (
	"fmt"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// LatencyTable is the figures of the curves at the marked percentiles: a row for each,
// a column for each series of the chart.
func LatencyTable(s stats.Summary, c Chart) SweepTable {
	t := SweepTable{Columns: []string{}, Rows: []SweepRow{}}
	for _, line := range c.Series {
		t.Columns = append(t.Columns, line.Name)
	}
	for _, q := range [...]float64{0, .5, .75, .9, .99, .999, .9999} {
		row, known := SweepRow{Label: Percentile(q), Figures: []string{}}, false
		for _, line := range c.Series {
			text := quantity.Missing
			if e, ok := latencyAt(s, line, q); ok {
				text, known = quantity.Nanoseconds(e.Median)+spread(e), true
			}
			row.Figures = append(row.Figures, text)
		}
		if known {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func latencyAt(s stats.Summary, line Series, q float64) (stats.Estimate, bool) {
	if line.Service {
		for _, p := range serviceOf(s, line.Cell) {
			if p.q == q {
				return p.e, true
			}
		}
		return stats.Estimate{}, false
	}
	for k, e := range curveOf(s, line.Cell) {
		if profiles.Quantiles[k] == q {
			return e, drawable(e)
		}
	}
	return stats.Estimate{}, false
}

// LatencyEnds says where the curves end and why, for those that end before the axis
// does; "" where none do. Tables have a percentile with fewer requests beyond it, so
// they go on where a curve does not.
func LatencyEnds(s stats.Summary, c Chart) string {
	var short []ending
	curves := 0
	for _, line := range c.Series {
		if line.Service {
			continue
		}
		curves++
		if q := lastOf(s, line.Cell); q < lastDrawn {
			short = append(short, ending{line.Name, q})
		}
	}
	if len(short) == 0 {
		return ""
	}
	subject := "The curves end at " + Percentile(short[0].q)
	if curves == 1 {
		subject = "The curve ends at " + Percentile(short[0].q)
	}
	if !alike(short, curves) {
		subject = "Curves end early: " + listed(short)
	}
	return subject + fmt.Sprintf(", the last percentile beyond which a run has %d requests. p90 and p99 of the tables need %d.", curveTail, tableTail)
}

// Requests of a run beyond a percentile that its curve needs, and that p90 and p99 as
// metrics need (runner/bench).
const (
	curveTail = 100
	tableTail = 10
)

// ending is a curve and the last percentile that it has.
type ending struct {
	name string
	q    float64
}

// lastOf is the last percentile that the curve of a cell has.
func lastOf(s stats.Summary, cell int) (last float64) {
	for k, e := range curveOf(s, cell) {
		if drawable(e) {
			last = profiles.Quantiles[k]
		}
	}
	return last
}

// alike reports whether all curves end, at the same percentile.
func alike(short []ending, curves int) bool {
	for _, e := range short {
		if e.q != short[0].q {
			return false
		}
	}
	return len(short) == curves
}

func listed(short []ending) string {
	each := make([]string, len(short))
	for i, e := range short {
		each[i] = e.name + " at " + Percentile(e.q)
	}
	return strings.Join(each, ", ")
}
