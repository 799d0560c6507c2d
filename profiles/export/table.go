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

const (
	// fewTables is up to how many hosts, sizes, concurrencies and placements each get
	// a table of their own.
	fewTables = 3
	// fewColumns is up to how many cells stand beside each other in it.
	fewColumns = 4
)

// measured are the tables of metrics, with the minor metrics left out. Many cells
// stand below each other, and of many configurations there is a matrix of the
// metrics that matter most.
func (r *Report) measured() []grid {
	tables := verdict.Tables(r.Comparison, r.Summary)
	var grids []grid
	if len(tables) > 1 {
		grids = r.matrices(len(tables) > fewTables)
	}
	if len(tables) > fewTables {
		return grids
	}
	for _, t := range tables {
		g := r.wide(t)
		if len(t.Cells) > fewColumns {
			g = r.tall(t)
		}
		if len(tables) > 1 {
			g.title = oneLine(verdict.Configuration(t.Cell))
		}
		if len(g.rows) > 1 {
			grids = append(grids, g)
		}
	}
	return grids
}

// name is that of a cell in a table.
func (r *Report) name(i int) string { return oneLine(verdict.CellName(r.Summary.Cells[i].Cell)) }

// wide has a row for each metric.
func (r *Report) wide(t verdict.Table) grid {
	var g grid
	base := r.name(t.Cells[0])
	header := []string{""}
	for _, i := range t.Cells {
		header = append(header, r.name(i))
	}
	for _, i := range t.Cells[1:] {
		header = append(header, r.name(i)+" against "+base)
	}
	g.rows = append(g.rows, append(header, "A/A "+base))
	for _, row := range t.Rows {
		if !row.Metric.Minor {
			g.rows = append(g.rows, measuredRow(row))
		}
	}
	return g
}

// tall has a row for each cell, and how each compares with the base by the metric
// that answers.
func (r *Report) tall(t verdict.Table) grid {
	answer := verdict.Metric(r.Comparison, r.Summary)
	header := []string{""}
	lines := make([][]string, len(t.Cells))
	for n, i := range t.Cells {
		lines[n] = []string{r.name(i)}
	}
	for _, row := range t.Rows {
		if row.Metric.Minor {
			continue
		}
		header = append(header, row.Metric.Label)
		for n, f := range row.Figures {
			lines[n] = append(lines[n], strings.TrimSpace(f.Text+" "+f.Error))
		}
		if row.Metric.Name != answer.Name {
			continue
		}
		header = append(header, "against "+r.name(t.Cells[0]))
		for n := range lines {
			change := "A/A " + row.AA
			if n > 0 {
				change = row.Changes[n-1].Text
			}
			lines[n] = append(lines[n], change)
		}
	}
	if len(header) == 1 {
		return grid{}
	}
	return grid{rows: append([][]string{header}, lines...)}
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
	if len(tables) > fewTables {
		return nil
	}
	for _, t := range tables {
		if len(t.Cells) > fewColumns { // too wide: those of the answer
			t.Cells = r.answering(t.Cells)
		}
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
			header = append(header, r.name(i))
		}
		for _, i := range p.Cells[1:] {
			header = append(header, r.name(i)+" difference")
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

// answering are the base and the cell that the headline compares it with.
func (r *Report) answering(cells []int) []int {
	h := r.Verdict.Headline
	if h == nil {
		return cells[:1]
	}
	kept := cells[:1:1]
	for _, i := range cells[1:] {
		if i == h.Cheaper || i == h.Costlier {
			kept = append(kept, i)
		}
	}
	return kept
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
