package verdict

import (
	"math"
	"slices"
	"strings"

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
	Host              string // "" in a comparison on one host
	Size, Concurrency int
	Placement         string
	// Label is what differs among the rows: "64 KiB messages, 8 connections".
	Label                    string
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
	// Compared says that a ratio or a difference to the base exists.
	Compared bool
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
	for i, cell := range c.Cells {
		if cell.AA || i >= len(s.Cells) {
			continue
		}
		row, column := x.row(cell), x.column(cell)
		for len(x.Cells) <= row {
			x.Cells = append(x.Cells, nil)
		}
		for len(x.Cells[row]) <= column {
			x.Cells[row] = append(x.Cells[row], MatrixCell{Cell: -1})
		}
		x.Cells[row][column] = matrixCell(c, s, m, i)
	}
	for row := range x.Cells {
		for len(x.Cells[row]) < len(x.Columns) {
			x.Cells[row] = append(x.Cells[row], MatrixCell{Cell: -1})
		}
		x.Rows[row].Label = x.label(row)
	}
	return x
}

func (x *Matrix) row(c profiles.Cell) int {
	at := slices.IndexFunc(x.Rows, func(r MatrixRow) bool {
		return r.Host == c.Host && r.Size == c.Size && r.Concurrency == c.Concurrency && r.Placement == c.Placement
	})
	if at >= 0 {
		return at
	}
	x.Rows = append(x.Rows, MatrixRow{
		Host: c.Host, Size: c.Size, Concurrency: c.Concurrency, Placement: c.Placement,
		SizeText: quantity.Bytes(int64(c.Size)), ConnectionText: quantity.Count(int64(c.Concurrency)),
	})
	return len(x.Rows) - 1
}

func (x *Matrix) column(c profiles.Cell) int {
	at := slices.IndexFunc(x.Columns, func(o MatrixColumn) bool { return o.Socket == c.Socket && o.Variant == c.Variant })
	if at >= 0 {
		return at
	}
	x.Columns = append(x.Columns, MatrixColumn{Socket: c.Socket, Variant: c.Variant, Label: CellName(c)})
	return len(x.Columns) - 1
}

// label names what sets a row apart from the others; a single row is named in
// full.
func (x *Matrix) label(row int) string {
	r := x.Rows[row]
	differs := func(same func(o MatrixRow) bool) bool {
		return len(x.Rows) == 1 || slices.ContainsFunc(x.Rows, func(o MatrixRow) bool { return !same(o) })
	}
	var parts []string
	if r.Host != "" && differs(func(o MatrixRow) bool { return o.Host == r.Host }) {
		parts = append(parts, r.Host)
	}
	if differs(func(o MatrixRow) bool { return o.Size == r.Size }) {
		parts = append(parts, r.SizeText+" messages")
	}
	if differs(func(o MatrixRow) bool { return o.Concurrency == r.Concurrency }) {
		parts = append(parts, quantity.Plural(int64(r.Concurrency), "connection", "connections"))
	}
	if differs(func(o MatrixRow) bool { return o.Placement == r.Placement }) {
		parts = append(parts, "placement "+r.Placement)
	}
	return strings.Join(parts, ", ")
}

func matrixCell(c profiles.Comparison, s stats.Summary, m profiles.Metric, i int) MatrixCell {
	cell := &s.Cells[i]
	x := MatrixCell{Cell: i, Base: cell.Cell.Socket == c.Base && cell.Cell.Variant == "", NA: cell.Cell.NA}
	name := CellName(cell.Cell)
	m.Label = MetricLabel(c, m)
	e, measured := cell.Metrics[m.Name]
	switch {
	case x.NA != "":
		x.Text, x.Title = quantity.Missing, name+" is not measured: "+x.NA
		return x
	case !measured && cell.Rounds == 0 && !c.State.Final():
		x.Text, x.Title = "…", name+" has not been measured yet."
		return x
	case !measured:
		x.Text, x.Title = quantity.Missing, name+": "+lowerFirst(m.Label)+" could not be measured."
		return x
	case cell.Base < 0 || s.Cells[cell.Base].Metrics[m.Name].N == 0:
		x.Text = quantity.Of(m.Unit, e.Median)
		x.Title = name + ", " + lowerFirst(m.Label) + ": " + x.Text
		if e.Interval {
			x.Title += " " + quantity.PlusMinus(e.Median, e.Low, e.High)
		}
		x.Title += "."
		return x
	}
	x.against(s, m, cell)
	return x
}

// against fills how a cell compares with the base of its row.
func (x *MatrixCell) against(s stats.Summary, m profiles.Metric, cell *stats.CellSummary) {
	base := &s.Cells[cell.Base]
	d := cell.Difference[m.Name]
	r, ok := cell.Ratio[m.Name]
	x.Ratio, x.Clear, x.Compared = r, cell.Clear[m.Name], ok || d.N > 0
	if !x.Compared {
		x.Text = quantity.Missing
		x.Title = CellName(cell.Cell) + " and " + CellName(base.Cell) + " have no round in common."
		return
	}
	worse := d.Estimate > 0 != m.MoreIsBetter
	if ok {
		x.Text = quantity.Ratio(r.Estimate) + "×"
		if r.Interval {
			x.Interval = quantity.Range(r.Low, r.High)
		}
		x.Strength = math.Log(r.Estimate) / math.Log(fullStrength)
		if m.MoreIsBetter {
			x.Strength = -x.Strength
		}
	} else {
		x.Text = quantity.Signed(m.Unit, d.Estimate)
		x.Strength = 0.5
		if !worse {
			x.Strength = -0.5
		}
	}
	x.Strength = min(1, max(-1, x.Strength))
	if !x.Clear {
		x.Strength = 0
	}
	x.Title = CellName(cell.Cell) + " against " + CellName(base.Cell) + ", " + lowerFirst(m.Label) + ": " +
		quantity.Of(m.Unit, cell.Metrics[m.Name].Median) + " against " + quantity.Of(m.Unit, base.Metrics[m.Name].Median) +
		", " + title(m, r, d, ok)
	if p, adjusted := cell.Adjusted[m.Name]; adjusted && p != r.P && d.Interval {
		x.Title += " (adjusted for all cells: " + quantity.P(p) + ")"
	}
	if !x.Clear && d.Interval {
		x.Title += ": no difference shown"
	}
	x.Title += "."
}
