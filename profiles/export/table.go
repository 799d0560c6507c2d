package export

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// grid is a table of texts: the first column is words, the others are figures.
type grid struct {
	title string
	rows  [][]string // the header first
}

// measured are the tables of metrics, with the minor metrics left out.
func (r *Report) measured() []grid {
	tables := verdict.Tables(r.Comparison, r.Summary)
	grids := make([]grid, 0, len(tables))
	for _, t := range tables {
		g := grid{}
		if len(tables) > 1 {
			g.title = oneLine(verdict.Configuration(t.Cell))
		}
		base := oneLine(t.Cell.Socket)
		header := []string{""}
		for _, i := range t.Cells {
			header = append(header, oneLine(r.Summary.Cells[i].Cell.Socket))
		}
		for _, i := range t.Cells[1:] {
			header = append(header, oneLine(r.Summary.Cells[i].Cell.Socket)+" against "+base)
		}
		g.rows = append(g.rows, append(header, "A/A "+base))
		for _, row := range t.Rows {
			if !row.Metric.Minor {
				g.rows = append(g.rows, measuredRow(row))
			}
		}
		if len(g.rows) > 1 {
			grids = append(grids, g)
		}
	}
	return grids
}

func measuredRow(row verdict.Row) []string {
	cells := []string{row.Metric.Label}
	for _, f := range row.Figures {
		cells = append(cells, strings.TrimSpace(f.Text+" "+f.Error))
	}
	for _, c := range row.Changes {
		cells = append(cells, c.Text)
	}
	return append(cells, row.AA)
}

// byLine are the tables of the client's CPU by line of the workload.
func (r *Report) byLine() []grid {
	var grids []grid
	tables := verdict.Tables(r.Comparison, r.Summary)
	for _, t := range tables {
		p := verdict.PartTableOf(r.Lines, profiles.Client, t.Cells)
		if len(p.Rows) == 0 {
			continue
		}
		g := grid{title: "Client CPU per request by line"}
		if len(tables) > 1 {
			g.title += ", " + oneLine(verdict.Configuration(t.Cell))
		}
		header := []string{"line"}
		for _, i := range p.Cells {
			header = append(header, oneLine(r.Summary.Cells[i].Cell.Socket))
		}
		for _, i := range p.Cells[1:] {
			header = append(header, oneLine(r.Summary.Cells[i].Cell.Socket)+" difference")
		}
		g.rows = append(g.rows, header)
		scale := scaleOf(p.Total)
		for _, row := range append(p.Rows, p.Total) {
			g.rows = append(g.rows, lineRow(row, scale))
		}
		grids = append(grids, g)
	}
	return grids
}

// scaleOf is the scale of the largest total, which all lines share.
func scaleOf(total verdict.PartRow) quantity.Scale {
	largest := 0.0
	for _, c := range total.Costs {
		largest = max(largest, c.Value)
	}
	return quantity.ScaleOf(profiles.Nanoseconds, largest)
}

func lineRow(row verdict.PartRow, scale quantity.Scale) []string {
	label := oneLine(row.Label)
	if row.Line > 0 {
		label = strconv.FormatInt(row.Line, 10) + "  " + label
	}
	cells := []string{label}
	for _, c := range row.Costs {
		cells = append(cells, scale.Format(c.Value)+" ±"+scale.Figure(c.Error))
	}
	for _, c := range row.Costs[1:] {
		if c.Noise {
			cells = append(cells, "within noise")
			continue
		}
		cells = append(cells, scale.Signed(c.Value-row.Costs[0].Value))
	}
	return cells
}

// widths is how many characters each column needs.
func (g grid) widths() []int {
	var w []int
	for _, row := range g.rows {
		for i, cell := range row {
			if i == len(w) {
				w = append(w, 0)
			}
			w[i] = max(w[i], utf8.RuneCountInString(cell))
		}
	}
	return w
}
