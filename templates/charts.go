package templates

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// LatencyCurve is one socket's latency in ns at each of profiles.Quantiles; 0
// where there are too few samples to say.
type LatencyCurve struct {
	Series Series
	Curve  []float64
}

// NewLatencyChart draws latency over the percentile, both logarithmic: each nine
// of the percentile takes the same width, as is usual for HDR histograms.
func NewLatencyChart(title, hint string, curves []LatencyCurve) Chart {
	c := Chart{Title: title, Hint: hint, Keys: []Series{}, Empty: "No latency was measured."}
	low, high, last := math.Inf(1), 0.0, 0.0
	for _, l := range curves {
		for i, v := range l.Curve {
			if v > 0 && i < len(profiles.Quantiles) {
				low, high, last = min(low, v), max(high, v), max(last, nines(profiles.Quantiles[i]))
			}
		}
	}
	if high == 0 || last == 0 {
		return c
	}
	c.Empty = ""
	y := logScale(low, high)
	c.YTicks = y.ticks()
	c.XTicks = percentileTicks(last)
	for _, l := range curves {
		line := ChartLine{Series: l.Series}
		for i, v := range l.Curve {
			if v > 0 && i < len(profiles.Quantiles) {
				line.Places = append(line.Places, Place{nines(profiles.Quantiles[i]) / last, y.at(v)})
			}
		}
		c.Lines = append(c.Lines, line)
		c.Keys = append(c.Keys, l.Series)
	}
	c.Label = title + ": " + curveWords(curves)
	return c
}

// nines is the width of a quantile: 1 for .9, 2 for .99.
func nines(q float64) float64 { return -math.Log10(1 - q) }

func percentileTicks(last float64) []Tick {
	ticks := []Tick{}
	for _, t := range []Tick{{.5, "p50"}, {.9, "p90"}, {.99, "p99"}, {.999, "p99.9"}, {.9999, "p99.99"}} {
		if x := nines(t.At) / last; x <= 1+1e-9 {
			ticks = append(ticks, Tick{min(x, 1), t.Label})
		}
	}
	return ticks
}

// curveWords says p50 and p99 of each curve, for who cannot see the picture.
func curveWords(curves []LatencyCurve) string {
	var parts []string
	for _, l := range curves {
		s := l.Series.Name
		for i, v := range l.Curve {
			if i < len(profiles.Quantiles) && v > 0 && (profiles.Quantiles[i] == .5 || profiles.Quantiles[i] == .99) {
				s += fmt.Sprintf(" p%g %s", 100*profiles.Quantiles[i], quantity.Nanoseconds(v))
			}
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// RoundValue is what one run of a round measured.
type RoundValue struct {
	Round  int // from 1
	Series Series
	Value  float64
}

// NewRoundsChart draws a dot for each run, by round. Hollow series, the A/A cell,
// stand a little to the right, so that they do not hide the base.
func NewRoundsChart(title, hint string, unit profiles.Unit, rounds int, values []RoundValue) Chart {
	c := Chart{Title: title, Hint: hint, Keys: []Series{}, Empty: "No round is finished yet."}
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v.Value), max(high, v.Value)
	}
	if len(values) == 0 || math.IsNaN(high-low) || math.IsInf(high-low, 0) {
		return c
	}
	c.Empty = ""
	y := linearScale(low, high, unit)
	c.YTicks = y.ticks()
	rounds = max(rounds, 1)
	place := func(round int) float64 { return (float64(round) - .5) / float64(rounds) }
	step := max(1, int(math.Ceil(float64(rounds)/10)))
	for r := 1; r <= rounds; r += step {
		c.XTicks = append(c.XTicks, Tick{place(r), strconv.Itoa(r)})
	}
	seen := map[Series]bool{}
	for _, v := range values {
		x := place(v.Round)
		if v.Series.Hollow {
			x += .16 / float64(rounds)
		}
		c.Points = append(c.Points, ChartPoint{x, y.at(v.Value), v.Series,
			fmt.Sprintf("round %d, %s: %s", v.Round, v.Series.Name, quantity.Of(unit, v.Value))})
		if !seen[v.Series] {
			seen[v.Series] = true
			c.Keys = append(c.Keys, v.Series)
		}
	}
	slices.SortStableFunc(c.Keys, func(a, b Series) int { return a.Series - b.Series })
	c.Label = fmt.Sprintf("%s: %d runs between %s and %s", title, len(values), quantity.Of(unit, low), quantity.Of(unit, high))
	return c
}
