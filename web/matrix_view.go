package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
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
	if rest, ok := strings.CutPrefix(m.Label, "Latency "); ok && r.spec.Rate > 0 {
		return "Response time " + rest
	}
	if r.spec.Workload == runner.Stream {
		return strings.NewReplacer("Requests", "Messages", "request", "message").Replace(m.Label)
	}
	return m.Label
}

// matrix is the ratios of all cells by one metric. Its rows lead to the figures of
// their group on the page of that path; "" for no links.
func (r *report) matrix(l lens, m profiles.Metric, path string) *templates.Matrix {
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
			out.Cells = append(out.Cells, templates.MatrixCell{
				Text: c.Text, Interval: c.Interval, Title: c.Title, NA: c.NA, Plain: c.Base, Clear: c.Clear, Strength: c.Strength,
			})
		}
		v.Rows = append(v.Rows, out)
	}
	if n := r.family(m.Name); n > 1 && !r.Summary.Indicative {
		v.Family = fmt.Sprintf("p-values are adjusted for %d ratios", n)
	}
	return v
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

// family is how many ratios are judged together by a metric.
func (r *report) family(metric string) int {
	n := 0
	for i := range r.Summary.Cells {
		if _, ok := r.Summary.Cells[i].Adjusted[metric]; ok {
			n++
		}
	}
	return n
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

// curves are the sweeps that the group of the lens is part of: the figures along
// each, and the ratios.
func (r *report) curves(l lens, m profiles.Metric) []templates.Chart {
	charts := []templates.Chart{}
	if l.Group >= len(r.sets) {
		return charts
	}
	here := r.sets[l.Group]
	for _, w := range stats.Sweeps(r.Comparison.Cells) {
		if !slices.ContainsFunc(w.Lines, func(line stats.Line) bool { return slices.Contains(line.Cells, here[0]) }) {
			continue
		}
		figures := r.curve(chart.SweepOf(r.Summary, w, chart.SweepOptions{Metric: m}))
		figures.Title = r.metricLabel(m) + " by " + figures.XTitle
		figures.Hint = r.curveHint(w)
		figures.Label = figures.Title + ", a curve for each socket; the figures are in the table below"
		ratios := r.curve(chart.SweepOf(r.Summary, w, chart.SweepOptions{Metric: m, Ratio: true}))
		ratios.Title = "Ratio to " + r.Comparison.Base + " by " + ratios.XTitle
		ratios.Hint = "with its 95 % interval; 1× is " + r.Comparison.Base
		ratios.Label = ratios.Title + "; the figures are in the table below"
		for _, c := range []templates.Chart{figures, ratios} {
			if len(c.Lines) > 0 {
				charts = append(charts, c)
			}
		}
	}
	return charts
}

// curveHint says what holds for all of a sweep, where something else varies too.
func (r *report) curveHint(w stats.Sweep) string {
	cell, v := w.Like, r.varies
	if w.Axis == stats.BySize {
		v.size = false
	} else {
		v.concurrency = false
	}
	other := report{spec: r.spec, varies: v}
	if where := other.where(cell); where != "" {
		return where
	}
	return "median over the rounds, 95 % interval"
}

// curve turns the geometry of a sweep into the page's.
func (r *report) curve(w chart.Sweep) templates.Chart {
	v := r.picture(w.Chart, true)
	v.XTitle = w.Label
	v.Bars, v.Rules, v.Levels = []templates.ChartBar{}, []templates.ChartRule{}, []templates.ChartLevel{}
	for i, s := range w.Series {
		for _, p := range s.Points {
			series := v.Keys[i]
			v.Points = append(v.Points, templates.ChartPoint{X: p.X, Y: 1 - p.Y, Series: series, Title: p.Title})
			if p.Low != p.High {
				v.Bars = append(v.Bars, templates.ChartBar{X: p.X, Low: 1 - p.Low, High: 1 - p.High, Series: series})
			}
		}
	}
	for _, m := range w.Marks {
		rule := templates.ChartRule{X: m.X, Label: m.Label}
		if m.Series >= 0 && m.Series < len(v.Keys) {
			rule.Series = v.Keys[m.Series]
		}
		v.Rules = append(v.Rules, rule)
		if len(v.Note) > 0 {
			v.Note = append(v.Note, templates.Span{Text: " · "})
		}
		v.Note = append(v.Note, templates.Span{Text: m.Label})
	}
	if w.One >= 0 {
		v.Levels = append(v.Levels, templates.ChartLevel{Y: 1 - w.One, Label: r.Comparison.Base})
	}
	t := &templates.ChartTable{Head: w.Label, Columns: v.Keys, Rows: []templates.ChartRow{}}
	for _, row := range w.Table.Rows {
		t.Rows = append(t.Rows, templates.ChartRow(row))
	}
	v.Table = t
	return v
}
