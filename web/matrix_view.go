package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// many reports whether one table is not enough to tell all that was measured.
func (r *report) many() bool { return len(r.sets) > 1 || len(r.first()) > maxColumns }

// metric is the one that the lens asks for, or that answers for the comparison.
func (r *report) metric(l lens) (profiles.Metric, error) {
	answers := verdict.Metric(r.Comparison, r.Summary)
	if l.Metric == "" {
		return answers, nil
	}
	for _, m := range profiles.Metrics {
		if m.Name == l.Metric {
			return m, nil
		}
	}
	return answers, sentence(http.StatusNotFound, "There is no metric %q: choose one of the page.", clip(l.Metric))
}

// choices are the metrics that compare something, the minor ones only where one of
// them is shown.
func (r *report) choices(l lens, shown profiles.Metric, path string) []templates.Link {
	answers := verdict.Metric(r.Comparison, r.Summary).Name
	links := []templates.Link{}
	for _, m := range profiles.Metrics {
		if m.Minor && m.Name != shown.Name || !r.compares(m) {
			continue
		}
		name := m.Name
		if name == answers {
			name = ""
		}
		links = append(links, templates.Link{
			Label: r.metricLabel(m), Current: m.Name == shown.Name,
			URL: l.with(func(l *lens) { l.Metric = name }).on(path, "matrix"),
		})
	}
	return links
}

func (r *report) compares(m profiles.Metric) bool {
	return slices.ContainsFunc(r.Summary.Cells, func(c stats.CellSummary) bool {
		_, ok := c.Ratio[m.Name]
		return ok && !c.Cell.AA
	})
}

// metricLabel names a metric: in an open loop latency is the response time, and a
// stream has messages where others have requests.
func (r *report) metricLabel(m profiles.Metric) string {
	label := verdict.MetricLabel(r.Comparison, m)
	if r.spec.Workload == runner.Stream {
		return strings.NewReplacer("Requests", "Messages", "request", "message").Replace(label)
	}
	return label
}

// matrix is the ratios of all cells by one metric. Its rows lead to the figures of
// their group on the page of that path; "" for no links.
func (r *report) matrix(l lens, m profiles.Metric, path string) *templates.Matrix {
	if len(r.sets) == 1 {
		return r.overview()
	}
	x := verdict.MatrixOf(r.Comparison, r.Summary, m)
	base := r.Comparison.Base
	v := &templates.Matrix{
		Title: r.metricLabel(m) + ", against " + base, Metrics: r.choices(l, m, path), Head: r.rowHead(),
		Hint:    fmt.Sprintf("ratio to %s with its 95 %% interval; %s itself in the first column", base, base),
		Columns: []templates.Series{}, Rows: []templates.MatrixRow{},
		Note: "blue: " + better(m) + " than " + base + " · orange: " + worse(m) + " · grey: no difference shown",
	}
	if r.Summary.Indicative {
		v.Hint = "indicative: " + plural(r.Summary.Rounds, "complete round", "complete rounds") + ", no intervals yet"
	}
	for _, c := range x.Columns {
		cell := profiles.Cell{Socket: c.Socket, Variant: c.Variant}
		v.Columns = append(v.Columns, templates.Series{Name: c.Label, Series: r.colour(cell.Name()), Title: variantTitle(cell)})
	}
	for i, row := range x.Rows {
		out := templates.MatrixRow{Label: row.Label, Cells: []templates.MatrixCell{}}
		group := r.groupLike(profiles.Cell{Workload: string(r.spec.Workload), Size: row.Size, Concurrency: row.Concurrency, Placement: row.Placement, Host: row.Host})
		if group >= 0 && len(r.sets) > 1 && path != "" {
			out.URL = l.with(func(l *lens) { l.Group, l.Base, l.Other, l.At, l.From = group, "", "", 0, 0 }).on(path, "configuration")
			out.Current = group == l.Group
		}
		for _, c := range x.Cells[i] {
			out.Cells = append(out.Cells, matrixCell(c))
		}
		v.Rows = append(v.Rows, out)
	}
	v.Family = r.familyNote(m)
	return v
}

// familyNote says how many ratios of a metric are judged together.
func (r *report) familyNote(m profiles.Metric) string {
	if n := verdict.Family(r.Summary, m.Name); n > 1 && !r.Summary.Indicative {
		return fmt.Sprintf("p-values are adjusted for %d ratios", n)
	}
	return ""
}

// overview is the ratios of many sockets in one configuration: a row for each
// socket, a column for each metric.
func (r *report) overview() *templates.Matrix {
	base := r.Comparison.Base
	v := &templates.Matrix{
		Title: "Every socket against " + base, Head: "socket", Columns: []templates.Series{}, Heads: []string{}, Rows: []templates.MatrixRow{},
		Hint: fmt.Sprintf("ratio to %s with its 95 %% interval; %s itself in the first row", base, base),
		Note: "blue: better than " + base + " · orange: worse · grey: no difference shown", Family: r.familyNote(verdict.Metric(r.Comparison, r.Summary)),
	}
	if r.Summary.Indicative {
		v.Hint = "indicative: " + plural(r.Summary.Rounds, "complete round", "complete rounds") + ", no intervals yet"
	}
	for _, m := range profiles.Metrics {
		if m.Minor || !r.compares(m) {
			continue
		}
		x := verdict.MatrixOf(r.Comparison, r.Summary, m)
		row := r.rowOf(x, r.Comparison.Cells[r.first()[0]])
		if row < 0 {
			continue
		}
		v.Heads = append(v.Heads, r.metricLabel(m))
		for i, c := range x.Columns {
			if i == len(v.Rows) {
				name := profiles.Cell{Socket: c.Socket, Variant: c.Variant}.Name()
				v.Rows = append(v.Rows, templates.MatrixRow{Socket: &templates.Series{Name: c.Label, Series: r.colour(name)}, Cells: []templates.MatrixCell{}})
			}
			v.Rows[i].Cells = append(v.Rows[i].Cells, matrixCell(x.Cells[row][i]))
		}
	}
	return v
}

// rowOf is the row of a matrix that a cell stands in; -1 for none. A configuration
// of which nothing is measured is a row too.
func (r *report) rowOf(x verdict.Matrix, c profiles.Cell) int {
	return slices.IndexFunc(x.Rows, func(row verdict.MatrixRow) bool {
		return row.Size == c.Size && row.Concurrency == c.Concurrency && row.Placement == c.Placement && row.Host == c.Host
	})
}

func matrixCell(c verdict.MatrixCell) templates.MatrixCell {
	return templates.MatrixCell{Text: c.Text, Interval: c.Interval, Title: c.Title, NA: c.NA, Plain: c.Base, Compared: c.Compared, Clear: c.Clear, Strength: c.Strength}
}

// better and worse are what less and more of a metric mean.
func better(m profiles.Metric) string {
	if m.MoreIsBetter {
		return "more"
	}
	return "less"
}

func worse(m profiles.Metric) string {
	if m.MoreIsBetter {
		return "less"
	}
	return "more"
}

// rowHead names what the rows of the matrix differ in.
func (r *report) rowHead() string {
	parts := []string{}
	for _, d := range r.dims() {
		if d.varies {
			parts = append(parts, strings.ToLower(d.label))
		}
	}
	if len(parts) == 0 {
		return "configuration"
	}
	return strings.Join(parts, ", ")
}
