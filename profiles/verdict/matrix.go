package verdict

import (
	"math"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// Matrix is one metric of a whole comparison at a glance: a column for each socket
// with its variant, a row for each host, size, concurrency and placement.
type Matrix struct {
	Metric  profiles.Metric
	Columns []MatrixColumn
	Rows    []MatrixRow
	Cells   [][]MatrixCell // by row, then column
}

// MatrixColumn is a socket and a variant. The first is the base.
type MatrixColumn struct {
	Socket  string
	Variant string
	Label   string // "tcp4", "tcp4 with Nagle on"
}

// MatrixRow is what the cells of a row have in common.
type MatrixRow struct {
	Host                     string // "" in a comparison on one host
	Size, Concurrency        int
	Placement                string
	Label                    string // what differs among the rows: "64 KiB messages, 8 connections"
	SizeText, ConnectionText string // "64 KiB", "8"
}

// MatrixCell is how a cell compares with the base of its row.
type MatrixCell struct {
	Cell int // index into the comparison's cells; -1 where the plan has none
	// Text is the ratio, "1.73×"; in the base's column its figure, "84.2 µs"; "n/a"
	// where nothing is measured, and "…" where nothing is yet.
	Text string
	// Interval is "1.61 – 1.80", or "" without one.
	Interval string
	Ratio    stats.Ratio // other divided by base; N is 0 for none
	Base     bool
	// Clear says that the difference is shown; otherwise the text is grey.
	Clear bool
	NA    string // the reason why the cell is not measured
	// Strength is for the colour: 0 unless clear, up to 1 where the cell costs four
	// times the base or more, down to −1 where it costs a quarter.
	Strength float64
	// Title is the cell in one sentence.
	Title string
}

// fullStrength is the ratio at which the colour is at its strongest.
const fullStrength = 4

// MatrixOf lays out one metric of a comparison.
func MatrixOf(c profiles.Comparison, s stats.Summary, m profiles.Metric) Matrix {
	x := Matrix{Metric: m, Columns: []MatrixColumn{}, Rows: []MatrixRow{}, Cells: [][]MatrixCell{}}
	_ = slices.Contains[[]int]
	_ = math.Log
	_ = quantity.Missing
	return x
}
