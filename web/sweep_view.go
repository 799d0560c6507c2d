package web

import (
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/templates"
)

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
		figures.Name = "by-" + string(w.Axis)
		figures.Hint = r.curveHint(w)
		figures.Label = figures.Title + ", a curve for each socket; the figures are in the table below"
		ratios := r.curve(chart.SweepOf(r.Summary, w, chart.SweepOptions{Metric: m, Ratio: true}))
		ratios.Title = "Ratio to " + r.Comparison.Base + " by " + ratios.XTitle
		ratios.Name = "ratio-by-" + string(w.Axis)
		ratios.Hint = "with its " + r.span() + "; 1× is " + r.Comparison.Base
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
	return "median over the rounds, " + r.span()
}

// span names what bars reach over: too few rounds give no interval.
func (r *report) span() string {
	if r.Summary.Indicative {
		return "lowest and highest round"
	}
	return "95 % interval"
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
	v.Table = tableOf(w.Label, v.Keys, w.Table)
	return v
}
