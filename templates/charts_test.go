package templates_test

import (
	"math"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

func inside(t *testing.T, c templates.Chart) {
	t.Helper()
	check := func(what string, x float64) {
		if !(x >= 0 && x <= 1) {
			t.Errorf("%s is at %v, outside of the picture", what, x)
		}
	}
	for _, ticks := range [][]templates.Tick{c.XTicks, c.YTicks} {
		for _, k := range ticks {
			check("tick "+k.Label, k.At)
		}
	}
	for _, l := range c.Lines {
		for _, p := range l.Places {
			check("a place", p.X)
			check("a place", p.Y)
		}
	}
	for _, p := range c.Points {
		check(p.Title, p.X)
		check(p.Title, p.Y)
	}
}

func TestLatencyChart(t *testing.T) {
	t.Parallel()
	curve := make([]float64, len(profiles.Quantiles))
	for i := range curve {
		curve[i] = 80_000 * math.Pow(1.07, float64(i))
	}
	curve[len(curve)-1] = 0 // too few samples for p99.99
	c := templates.NewLatencyChart("Latency", "", []templates.LatencyCurve{{Series: templates.Series{Name: "unix", Series: 1}, Curve: curve}})
	inside(t, c)
	if n := len(c.Lines[0].Places); n != len(curve)-1 {
		t.Errorf("the curve has %d places, want one for each quantile that is known", n)
	}
	places := c.Lines[0].Places
	for i := 1; i < len(places); i++ {
		if places[i].X <= places[i-1].X || places[i].Y <= places[i-1].Y {
			t.Errorf("place %d does not rise", i)
		}
	}
	if len(c.YTicks) < 2 || len(c.XTicks) < 4 {
		t.Errorf("%d and %d ticks are too few to read it", len(c.XTicks), len(c.YTicks))
	}
	if empty := templates.NewLatencyChart("Latency", "", nil); empty.Empty == "" {
		t.Error("a chart without curves does not say so")
	}
}

func TestRoundsChart(t *testing.T) {
	t.Parallel()
	unix := templates.Series{Name: "unix", Series: 1}
	for name, values := range map[string][]templates.RoundValue{
		"one":   {{Round: 1, Series: unix, Value: 80_000}},
		"same":  {{Round: 1, Series: unix, Value: 5}, {Round: 10, Series: unix, Value: 5}},
		"zeros": {{Round: 3, Series: unix}},
		"wide":  {{Round: 1, Series: unix, Value: 1}, {Round: 2, Series: unix, Value: 1e12}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := templates.NewRoundsChart("Rounds", "", profiles.Nanoseconds, 10, values)
			inside(t, c)
			if len(c.Points) != len(values) || c.Empty != "" {
				t.Errorf("%d of %d values are drawn", len(c.Points), len(values))
			}
		})
	}
	if c := templates.NewRoundsChart("Rounds", "", profiles.Nanoseconds, 10, []templates.RoundValue{{Round: 1, Value: math.NaN()}}); c.Empty == "" {
		t.Error("a value that is no number is drawn")
	}
}

func TestRatioBar(t *testing.T) {
	t.Parallel()
	b := templates.NewRatioBar(2.1, 2.05, 2.14, templates.Worse)
	if !(b.One < b.Low && b.Low < b.At && b.At < b.High && b.High < 1) {
		t.Errorf("marks are out of order: %+v", b)
	}
	for _, r := range []float64{0, -1, math.NaN(), math.Inf(1), 1e9, 1e-9} {
		if b := templates.NewRatioBar(r, r, r, templates.Unclear); !(b.At >= 0 && b.At <= 1) {
			t.Errorf("the ratio %v is at %v, outside of the bar", r, b.At)
		}
	}
}
