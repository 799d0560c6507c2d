package chart

import (
	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
)

// Sweep is a chart of curves along one axis, both axes logarithmic, with the
// figures that it draws.
type Sweep struct {
	Chart
	Axis  stats.Axis
	Label string // of the x axis: "message size", "connections"
	// One is where the line of 1 : 1 stands in a chart of ratios; -1 in others.
	One float64
	// Marks are the crossovers.
	Marks []Mark
	// Table has a row for each place on the axis and a column for each series.
	Table SweepTable
}

// Mark is a crossover: a vertical line with a text.
type Mark struct {
	X      float64
	Series int // index into the chart's series
	Label  string
}

// SweepTable is the figures of a sweep as texts.
type SweepTable struct {
	Columns []string // names of the series
	Rows    []SweepRow
}

// SweepRow is one place on the axis.
type SweepRow struct {
	Label   string   // "64 KiB", "8"
	Figures []string // by column: "84.2 µs", "1.73×", "n/a"
}

// SweepOptions say what is drawn.
type SweepOptions struct {
	Metric profiles.Metric
	// Ratio draws the ratio to the base instead of the figure itself.
	Ratio bool
}

// SweepOf draws a sweep of a comparison.
func SweepOf(s stats.Summary, w stats.Sweep, o SweepOptions) Sweep {
	return Sweep{Chart: empty(), Axis: w.Axis, One: -1, Marks: []Mark{}, Table: SweepTable{Columns: []string{}, Rows: []SweepRow{}}}
}
