package samples

import (
	"math"

	"github.com/sockscope/sockscope/templates"
)

// latencyChart is a chart as package profiles/chart would place it.
func latencyChart() templates.Chart {
	curve := func(low float64) []templates.Place {
		places := []templates.Place{}
		for x := 0.0; x <= 1; x += .04 {
			places = append(places, templates.Place{X: min(x, 1), Y: low + .5/(1+math.Exp(9-14*x))})
		}
		return places
	}
	return templates.Chart{
		Title: "Latency by percentile", Hint: "every request, HDR histogram", Label: "Latency by percentile: unix p50 81.2 µs p99 142 µs; tcp4 p50 171 µs p99 288 µs",
		XTicks: []templates.Tick{{At: .1, Label: "p50"}, {At: .33, Label: "p90"}, {At: .66, Label: "p99"}, {At: 1, Label: "p99.9"}},
		YTicks: []templates.Tick{{At: 0, Label: "50 µs"}, {At: .23, Label: "100 µs"}, {At: .46, Label: "200 µs"}, {At: .77, Label: "500 µs"}, {At: 1, Label: "1 ms"}},
		Lines:  []templates.ChartLine{{Series: unix, Places: curve(.15)}, {Series: tcp, Places: curve(.4)}},
		Keys:   []templates.Series{unix, tcp},
	}
}

func roundsChart(rounds int) templates.Chart {
	c := templates.Chart{
		Title: "Rounds", Hint: "p50 of each run", Label: "Rounds: unix around 81 µs, tcp4 around 172 µs", Keys: []templates.Series{unix, aa, tcp},
		YTicks: []templates.Tick{{At: .1, Label: "80 µs"}, {At: .4, Label: "120 µs"}, {At: .7, Label: "160 µs"}},
	}
	for r := 1; r <= 10; r++ {
		x := (float64(r) - .5) / 10
		c.XTicks = append(c.XTicks, templates.Tick{At: x, Label: figure(r)})
		if r > rounds {
			continue
		}
		wave := .01 * (float64((r*7)%5) - 2)
		c.Points = append(c.Points,
			templates.ChartPoint{X: x, Y: .79 + wave, Series: tcp, Title: "round " + figure(r) + ", tcp4"},
			templates.ChartPoint{X: x, Y: .11 - wave, Series: unix, Title: "round " + figure(r) + ", unix"},
			templates.ChartPoint{X: x + .016, Y: .12 + 1.5*wave, Series: aa, Title: "round " + figure(r) + ", unix A/A"})
	}
	return c
}
