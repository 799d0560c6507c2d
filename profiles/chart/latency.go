package chart

import (
	"math"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// percentiles are the marks of the axis of percentiles.
var percentiles = [...]float64{.1, .5, .9, .99, .999, .9999}

// firstDrawn is where the curve begins. The fastest request of all lies far below the
// rest and would be a step at the left that says nothing.
const firstDrawn = .05

// lastDrawn is where the axis ends at least, so that the same percentiles are marked
// however few samples there are; a curve ends where its samples do.
const lastDrawn = .99

// Latency is the curve of latency by percentile of some cells, each point the
// median over the rounds with its interval. Latency is on a logarithmic scale.
// The percentiles are drawn at 2q − log₁₀(1−q): the body keeps its place, and
// each nine of the tail gets the same width.
// In an open loop the latency is the response time, and the service time of the
// same cell stands beside it.
func Latency(s stats.Summary, cells []int) Chart {
	c := empty()
	low, high, last := math.Inf(1), 0.0, 0.0
	for _, i := range cells {
		for q, e := range curveOf(s, i) {
			if drawable(e) && profiles.Quantiles[q] >= firstDrawn {
				low, high, last = min(low, e.Low), max(high, e.High), max(last, profiles.Quantiles[q])
			}
		}
		for _, p := range serviceOf(s, i) {
			low, high, last = min(low, p.e.Low), max(high, p.e.High), max(last, p.q)
		}
	}
	if high == 0 || last == 0 {
		return c
	}
	sp, marks := logSpan(low, high)
	c.Y = sp.axis(profiles.Nanoseconds, marks)
	from, width := tail(firstDrawn), tail(max(last, lastDrawn))-tail(firstDrawn)
	for _, q := range percentiles {
		if q <= max(last, lastDrawn) {
			c.X.Ticks = append(c.X.Ticks, Tick{At: (tail(q) - from) / width, Label: Percentile(q)})
		}
	}
	place := func(name string, q float64, e stats.Estimate) Point {
		return Point{
			X: (tail(q) - from) / width, Y: sp.y(e.Median), Low: sp.y(e.Low), High: sp.y(e.High),
			Title: name + " " + Percentile(q) + ": " + quantity.Nanoseconds(e.Median) + spread(e),
		}
	}
	for _, i := range cells {
		if i < 0 || i >= len(s.Cells) {
			continue
		}
		cell := s.Cells[i].Cell
		service := serviceOf(s, i)
		line := Series{Cell: i, Name: verdict.CellName(cell), Socket: cell.Socket, Variant: cell.Variant, AA: cell.AA, Points: []Point{}}
		if len(service) > 0 {
			line.Name += ", response"
		}
		for k, e := range curveOf(s, i) {
			if drawable(e) && profiles.Quantiles[k] >= firstDrawn {
				line.Points = append(line.Points, place(line.Name, profiles.Quantiles[k], e))
			}
		}
		if len(line.Points) > 0 {
			c.Series = append(c.Series, line)
		}
		if len(service) > 0 {
			line.Name, line.Service, line.Points = verdict.CellName(cell)+", service", true, []Point{}
			for _, p := range service {
				line.Points = append(line.Points, place(line.Name, p.q, p.e))
			}
			c.Series = append(c.Series, line)
		}
	}
	return c
}

// servicePoint is the service time at one quantile.
type servicePoint struct {
	q float64
	e stats.Estimate
}

// serviceOf is the service time of a cell in an open loop, at the percentiles that
// are kept of it; none in a closed loop, whose latency is service time.
func serviceOf(s stats.Summary, i int) []servicePoint {
	if i < 0 || i >= len(s.Cells) {
		return nil
	}
	var points []servicePoint
	for _, p := range [...]struct {
		q      float64
		metric string
	}{{.5, profiles.ServiceP50}, {.9, profiles.ServiceP90}, {.99, profiles.ServiceP99}, {.999, profiles.ServiceP999}} {
		if e := s.Cells[i].Metrics[p.metric]; drawable(e) {
			points = append(points, servicePoint{p.q, e})
		}
	}
	return points
}

// curveOf returns a cell's curve, cut to the quantiles that have a name.
func curveOf(s stats.Summary, i int) []stats.Estimate {
	if i < 0 || i >= len(s.Cells) {
		return nil
	}
	curve := s.Cells[i].Curve
	return curve[:min(len(curve), len(profiles.Quantiles))]
}

func drawable(e stats.Estimate) bool { return e.N > 0 && e.Low > 0 && usable(e.High) }

// tail is where a quantile stands on the axis of percentiles, unscaled.
func tail(q float64) float64 { return 2*q - math.Log10(1-q) }

// Percentile names a quantile: "p99.9". The lowest is "min".
func Percentile(q float64) string {
	if q == 0 {
		return "min"
	}
	return "p" + strconv.FormatFloat(math.Round(q*1e6)/1e4, 'f', -1, 64)
}

// spread says how far the rounds lie apart.
func spread(e stats.Estimate) string {
	switch {
	case e.N < 2 || e.Low == e.High:
		return ""
	case e.Interval:
		return ", 95 % CI " + quantity.Nanoseconds(e.Low) + " – " + quantity.Nanoseconds(e.High)
	}
	return ", rounds " + quantity.Nanoseconds(e.Low) + " – " + quantity.Nanoseconds(e.High)
}
