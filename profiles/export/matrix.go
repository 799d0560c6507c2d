package export

import (
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// matrices are ratios of every cell to its base: a row for each configuration, or
// for each socket where that makes fewer columns.
func (r *Report) matrices(several bool) []grid {
	metrics := []profiles.Metric{verdict.Metric(r.Comparison, r.Summary)}
	for _, m := range profiles.Metrics {
		if several && (m.Name == profiles.LatencyP99 || m.Name == profiles.ClientCPU) {
			metrics = append(metrics, m)
		}
	}
	var grids []grid
	for _, m := range metrics {
		x := verdict.MatrixOf(r.Comparison, r.Summary, m)
		if !slices.ContainsFunc(x.Cells, func(row []verdict.MatrixCell) bool {
			return slices.ContainsFunc(row, func(c verdict.MatrixCell) bool { return c.Ratio.N > 0 })
		}) {
			continue
		}
		grids = append(grids, r.matrix(x))
	}
	return grids
}

func (r *Report) matrix(x verdict.Matrix) grid {
	g := grid{title: verdict.MetricLabel(r.Comparison, x.Metric) + ", each against " + oneLine(r.Comparison.Base) + " (≈ no difference shown)"}
	header := []string{""}
	for _, c := range x.Columns {
		header = append(header, oneLine(c.Label))
	}
	g.rows = append(g.rows, header)
	for n, row := range x.Cells {
		line := []string{oneLine(x.Rows[n].Label)}
		for _, c := range row {
			line = append(line, matrixText(c))
		}
		g.rows = append(g.rows, line)
	}
	if len(x.Columns) > len(x.Rows) {
		g.rows = transpose(g.rows)
	}
	return g
}

func matrixText(c verdict.MatrixCell) string {
	switch {
	case c.Cell < 0:
		return ""
	case c.Ratio.N > 0 && !c.Clear:
		return "≈ " + c.Text
	}
	return c.Text
}

func transpose(rows [][]string) [][]string {
	turned := make([][]string, len(rows[0]))
	for i := range turned {
		for _, row := range rows {
			turned[i] = append(turned[i], row[i])
		}
	}
	return turned
}
