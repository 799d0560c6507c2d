package chart

import (
	"math"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// percentiles are the marks of the axis of percentiles.
var percentiles = [...]float64{0, .5, .9, .99, .999, .9999}

// Latency is the curve of latency by percentile of some cells, each point the
// median over the rounds with its interval. Latency is on a logarithmic scale.
// The percentiles are drawn at 2q − log₁₀(1−q): the body keeps its place, and
// each nine of the tail gets the same width. The axis ends where the samples do.
func Latency(s stats.Summary, cells []int) Chart {
	c := empty()
	low, high, last := math.Inf(1), 0.0, 0.0
	for _, i := range cells {
		for q, e := range curveOf(s, i) {
			if drawable(e) {
				low, high, last = min(low, e.Low), max(high, e.High), max(last, profiles.Quantiles[q])
			}
		}
	}
	if high == 0 || last == 0 {
		return c
	}
	sp, marks := logSpan(low, high)
	c.Y = sp.axis(profiles.Nanoseconds, marks)
	width := tail(last)
	for _, q := range percentiles {
		if q <= last {
			c.X.Ticks = append(c.X.Ticks, Tick{At: tail(q) / width, Label: Percentile(q)})
		}
	}
	for _, i := range cells {
		cell := s.Cells[i].Cell
		line := Series{Cell: i, Name: cell.Name(), Socket: cell.Socket, AA: cell.AA, Points: []Point{}}
		for k, e := range curveOf(s, i) {
			if !drawable(e) {
				continue
			}
			q := profiles.Quantiles[k]
			line.Points = append(line.Points, Point{
				X: tail(q) / width, Y: sp.y(e.Median), Low: sp.y(e.Low), High: sp.y(e.High),
				Title: cell.Name() + " " + Percentile(q) + ": " + quantity.Nanoseconds(e.Median),
			})
		}
		if len(line.Points) > 0 {
			c.Series = append(c.Series, line)
		}
	}
	return c
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
