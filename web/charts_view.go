package web

import (
	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// charts are the pictures of an answer about one group: of a stream the rounds
// only, since it has no latencies.
func (r *report) charts(group []int) []templates.Chart {
	rounds := r.roundsChart(group)
	if r.spec.Workload == runner.Stream {
		return []templates.Chart{rounds}
	}
	latency := r.picture(chart.Latency(r.Summary, group), true)
	latency.Name = "latency"
	latency.Title, latency.Hint = "Latency by percentile", "service time (closed loop), median over the rounds"
	latency.Label = "Latency by percentile of each socket"
	if r.spec.Rate > 0 {
		latency.Hint = "response time (open loop), median over the rounds; dashed: service time"
		latency.Note = r.late(group)
	}
	if len(latency.Lines) == 0 {
		latency.Empty = "No run has enough requests for a curve."
	}
	return []templates.Chart{latency, rounds}
}

// roundsChart is the metric that answers, for each run.
func (r *report) roundsChart(group []int) templates.Chart {
	cells := append([]int{}, group...)
	if len(group) > 0 {
		if aa := r.Summary.Cells[group[0]].Noise; aa >= 0 && r.Comparison.Cells[aa].NA == "" {
			cells = append(cells, aa)
		}
	}
	m := verdict.Metric(r.Comparison, r.Summary)
	v := r.picture(chart.Rounds(r.Comparison, r.Runs, m, cells), false)
	v.Name = "rounds"
	v.Title, v.Hint = "Rounds", r.metricLabel(m)+" of each run"
	v.Label = r.metricLabel(m) + " of each run, by round"
	if len(v.Points) == 0 {
		v.Empty = "No run is finished yet."
	}
	return v
}

// picture turns a chart's geometry, whose origin is at the top, into the page's,
// whose origin is at the bottom.
func (r *report) picture(c chart.Chart, lines bool) templates.Chart {
	v := templates.Chart{XTicks: []templates.Tick{}, YTicks: []templates.Tick{}, Lines: []templates.ChartLine{}, Points: []templates.ChartPoint{}, Keys: []templates.Series{}}
	for _, t := range c.X.Ticks {
		v.XTicks = append(v.XTicks, templates.Tick(t))
	}
	for _, t := range c.Y.Ticks {
		v.YTicks = append(v.YTicks, templates.Tick{At: 1 - t.At, Label: t.Label})
	}
	for _, s := range c.Series {
		series := r.series(s.Cell)
		if s.Service {
			series.Name, series.Hollow, series.Title = series.Name+", service", true, "service time: from when a request was sent"
		}
		v.Keys = append(v.Keys, series)
		line := templates.ChartLine{Series: series, Places: []templates.Place{}}
		for _, p := range s.Points {
			if lines {
				line.Places = append(line.Places, templates.Place{X: p.X, Y: 1 - p.Y})
			} else {
				v.Points = append(v.Points, templates.ChartPoint{X: p.X, Y: 1 - p.Y, Series: series, Title: p.Title})
			}
		}
		if lines {
			v.Lines = append(v.Lines, line)
		}
	}
	return v
}

// codeValues are the costs of the workload's loop by line, for the first group; ok
// is false where no profile has them.
func (r *report) codeValues(side profiles.Side) (t verdict.PartTable, ok bool) {
	t = verdict.PartTableOf(r.Lines, side, r.first())
	return t, len(t.Rows) > 0
}
