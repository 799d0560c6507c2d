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
	curves := chart.Latency(r.Summary, group)
	latency := r.picture(curves, true)
	r.spread(&latency, curves)
	latency.Name = "latency"
	latency.Title, latency.Hint = "Latency by percentile", "service time (closed loop), median over the rounds; band: "+r.span()
	latency.Label = "Latency by percentile of each socket; the figures are in the table below"
	latency.Table = tableOf("percentile", latency.Keys, chart.LatencyTable(r.Summary, curves))
	if r.spec.Rate > 0 {
		latency.Hint = "response time (open loop), median over the rounds; dashed: service time"
		latency.Note = r.late(group)
	}
	if ends := chart.LatencyEnds(r.Summary, curves); ends != "" {
		if len(latency.Note) > 0 {
			ends = " " + ends
		}
		latency.Note = append(latency.Note, templates.Span{Text: ends})
	}
	if len(latency.Lines) == 0 {
		latency.Empty, latency.Table = "No run has enough requests for a curve.", nil
	}
	return []templates.Chart{latency, rounds}
}

// spread draws the interval around each curve, and facts to point at on it.
func (r *report) spread(v *templates.Chart, c chart.Chart) {
	for i, s := range c.Series {
		band := templates.ChartBand{Series: v.Keys[i], Edge: []templates.Place{}}
		for _, p := range s.Points {
			band.Edge = append(band.Edge, templates.Place{X: p.X, Y: 1 - p.High})
			v.Points = append(v.Points, templates.ChartPoint{X: p.X, Y: 1 - p.Y, Series: v.Keys[i], Title: p.Title, Hidden: true})
		}
		for k := len(s.Points) - 1; k >= 0; k-- {
			band.Edge = append(band.Edge, templates.Place{X: s.Points[k].X, Y: 1 - s.Points[k].Low})
		}
		v.Bands = append(v.Bands, band)
	}
}

// tableOf is the figures of a chart as its page shows them.
func tableOf(head string, columns []templates.Series, t chart.SweepTable) *templates.ChartTable {
	out := &templates.ChartTable{Head: head, Columns: columns, Rows: []templates.ChartRow{}}
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, templates.ChartRow(row))
	}
	return out
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
	rounds := chart.Rounds(r.Comparison, r.Runs, m, cells)
	v := r.picture(rounds, false)
	v.Name = "rounds"
	v.Title, v.Hint = "Rounds", r.metricLabel(m)+" of each run; dashed: median, band: "+r.span()
	v.Label = r.metricLabel(m) + " of each run, by round; the figures are in the table below"
	for i, level := range chart.RoundLevels(r.Summary, rounds, m) {
		if level.Known {
			series := v.Keys[i]
			series.Hollow = true // dashed
			v.Lines = append(v.Lines, templates.ChartLine{Series: series, Places: []templates.Place{{X: 0, Y: 1 - level.Y}, {X: 1, Y: 1 - level.Y}}})
			v.Bands = append(v.Bands, templates.ChartBand{Series: series, Edge: []templates.Place{
				{X: 0, Y: 1 - level.High}, {X: 1, Y: 1 - level.High}, {X: 1, Y: 1 - level.Low}, {X: 0, Y: 1 - level.Low},
			}})
		}
	}
	v.Table = tableOf("round", v.Keys, chart.RoundTable(r.Runs, rounds, m))
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
