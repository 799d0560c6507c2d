package chart_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

func labels(a chart.Axis) []string {
	ls := []string{}
	for _, t := range a.Ticks {
		ls = append(ls, t.Label)
	}
	return ls
}

// summary has one cell for each curve; a curve is the latency at each quantile,
// the rest has too few samples.
func summary(curves ...[]float64) (stats.Summary, []int) {
	var s stats.Summary
	var cells []int
	for i, c := range curves {
		cell := stats.CellSummary{Cell: profiles.Cell{Socket: fmt.Sprint("socket", i)}, Curve: make([]stats.Estimate, len(profiles.Quantiles))}
		for q, v := range c {
			cell.Curve[q] = stats.Estimate{Median: v, Low: v * 0.98, High: v * 1.02, N: 10, Interval: true}
		}
		s.Cells = append(s.Cells, cell)
		cells = append(cells, i)
	}
	return s, cells
}

// upTo is a curve that rises from low to high over the first n quantiles.
func upTo(n int, low, high float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = low * math.Pow(high/low, float64(i)/float64(n-1))
	}
	return c
}

func TestLatency(t *testing.T) {
	t.Parallel()
	all := len(profiles.Quantiles)
	s, cells := summary(upTo(all-2, 70_000, 700_000), upTo(all-2, 140_000, 900_000))
	c := chart.Latency(s, cells)
	if diff := cmp.Diff([]string{"50 µs", "100 µs", "200 µs", "500 µs", "1 ms"}, labels(c.Y)); diff != "" {
		t.Errorf("latency axis (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"p10", "p50", "p90", "p99", "p99.9"}, labels(c.X)); diff != "" {
		t.Errorf("percentile axis (-want +got):\n%s", diff)
	}
	want := []chart.Tick{{0.025, "p10"}, {0.24, "p50"}, {0.55, "p90"}, {0.79, "p99"}, {1, "p99.9"}}
	if diff := cmp.Diff(want, c.X.Ticks, cmpopts.EquateApprox(0, 0.01)); diff != "" {
		t.Errorf("places of percentiles (-want +got):\n%s", diff)
	}
	if len(c.Series) != 2 || len(c.Series[0].Points) != all-3 {
		t.Fatalf("%d series", len(c.Series))
	}
	first, last := c.Series[0].Points[0], c.Series[0].Points[all-4]
	if first.X != 0 || last.X != 1 || !(first.Y > last.Y) || !(first.High < first.Y && first.Y < first.Low) {
		t.Errorf("first %+v, last %+v", first, last)
	}
	if last.Title != "socket0 p99.9: 700 µs, 95 % CI 686 µs – 714 µs" {
		t.Errorf("title %q", last.Title)
	}
}

// The axis ends where the last curve does: 10,000 requests have no p99.9.
func TestLatencyEndsWithTheSamples(t *testing.T) {
	t.Parallel()
	s, cells := summary(upTo(15, 70_000, 200_000), upTo(19, 70_000, 200_000))
	c := chart.Latency(s, cells)
	if diff := cmp.Diff([]string{"p10", "p50", "p90", "p99"}, labels(c.X)); diff != "" {
		t.Errorf("percentile axis (-want +got):\n%s", diff)
	}
	if p := c.Series[0].Points; p[len(p)-1].X >= 1 {
		t.Errorf("the shorter curve ends at %v", p[len(p)-1].X)
	}
	for name, c := range map[string]chart.Chart{
		"no cells":   chart.Latency(s, nil),
		"no such":    chart.Latency(s, []int{-1, 9}),
		"no samples": chart.Latency(stats.Summary{Cells: make([]stats.CellSummary, 1)}, []int{0}),
	} {
		if len(c.Series) != 0 || c.Series == nil || c.X.Ticks == nil || c.Y.Ticks == nil {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// A curve that ends early says where, since the tables go on beyond it.
func TestLatencyEnds(t *testing.T) {
	t.Parallel()
	const why = ", the last percentile beyond which a run has 100 requests. p90 and p99 of the tables need 10."
	for _, tt := range []struct {
		points []int
		want   string
	}{
		{[]int{25, 25}, ""},
		{[]int{19, 19}, ""},
		{[]int{10, 10}, "The curves end at p75" + why},
		{[]int{10}, "The curve ends at p75" + why},
		{[]int{15, 10}, "Curves end early: socket0 at p95, socket1 at p75" + why},
		{[]int{25, 13}, "Curves end early: socket1 at p90" + why},
		{[]int{}, ""},
	} {
		curves := [][]float64{}
		for _, n := range tt.points {
			curves = append(curves, upTo(n, 70_000, 200_000))
		}
		s, cells := summary(curves...)
		c := chart.Latency(s, cells)
		if got := chart.LatencyEnds(s, c); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.points, got, tt.want)
		}
	}
	s, cells := summary(upTo(10, 70_000, 200_000))
	if rows := chart.LatencyTable(s, chart.Latency(s, cells)).Rows; len(rows) != 3 || rows[2].Label != "p75" {
		t.Errorf("the table has no p75: %+v", rows)
	}
}

func TestRounds(t *testing.T) {
	t.Parallel()
	c := profiles.Comparison{
		Base:  "unix",
		Cells: []profiles.Cell{{Socket: "unix"}, {Socket: "unix", AA: true}, {Socket: "tcp4"}},
		Total: 30,
	}
	var runs []profiles.Run
	for round := 1; round <= 4; round++ {
		for cell, v := range []float64{83_000, 85_000, 174_000} {
			runs = append(runs, profiles.Run{Round: round, Cell: cell, Attempt: 2, Metrics: map[string]float64{profiles.LatencyP50: v}})
		}
	}
	runs = append(runs,
		profiles.Run{Round: 2, Cell: 0, Attempt: 1, Metrics: map[string]float64{profiles.LatencyP50: 90_000}}, // superseded
		profiles.Run{Round: 5, Cell: 0, Attempt: 2, Metrics: map[string]float64{profiles.LatencyP50: math.NaN()}},
		profiles.Run{Round: 5, Cell: 7, Attempt: 2, Metrics: map[string]float64{profiles.LatencyP50: 1}},
	)
	m := profiles.Metric{Name: profiles.LatencyP50, Unit: profiles.Nanoseconds}
	got := chart.Rounds(c, runs, m, []int{0, 1, 2})
	if diff := cmp.Diff([]string{"0 µs", "50 µs", "100 µs", "150 µs", "200 µs"}, labels(got.Y)); diff != "" {
		t.Errorf("axis (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.Fields("1 2 3 4 5 6 7 8 9 10"), labels(got.X)); diff != "" {
		t.Errorf("rounds (-want +got):\n%s", diff)
	}
	if len(got.Series) != 3 || !got.Series[1].AA || got.Series[1].Name != "unix A/A" {
		t.Fatalf("series %+v", got.Series)
	}
	for i, s := range got.Series {
		if len(s.Points) != 4 {
			t.Errorf("series %d has %d points, want 4", i, len(s.Points))
		}
	}
	base, aa := got.Series[0].Points[1], got.Series[1].Points[1]
	if !(base.X < aa.X) || math.Abs(aa.X-0.15) > 0.02 || base.Title != "unix, round 2: 83 µs" {
		t.Errorf("round 2: base %+v, A/A %+v", base, aa)
	}
	if math.Abs(base.Y-(1-83.0/200)) > 1e-9 {
		t.Errorf("83 µs of 200 stands at %v", base.Y)
	}
	if none := chart.Rounds(c, nil, m, []int{0}); len(none.Series) != 0 || none.Series == nil {
		t.Errorf("no runs: %+v", none)
	}
}

func TestRatios(t *testing.T) {
	t.Parallel()
	bars := chart.Ratios([]stats.Ratio{
		{Estimate: 2.1, Low: 2.05, High: 2.14, N: 10, Interval: true},
		{Estimate: 1.01, Low: 0.97, High: 1.04, N: 10, Interval: true},
		{},
		{Estimate: 400, Low: 300, High: 500, N: 10, Interval: true},
	})
	for i, b := range bars {
		if b.One != bars[0].One || b.Known != (i != 2) {
			t.Errorf("bar %d: %+v", i, b)
		}
		if b.Known && !(0 <= b.Low && b.Low <= b.Estimate && b.Estimate <= b.High && b.High <= 1) {
			t.Errorf("bar %d: %+v", i, b)
		}
	}
	if !(bars[0].Low > bars[0].One) || !(bars[1].Low < bars[1].One && bars[1].One < bars[1].High) || bars[3].High != 1 {
		t.Errorf("bars %+v", bars)
	}
}

func TestStacks(t *testing.T) {
	t.Parallel()
	part := func(label string, line, count int64) listing.Part {
		return listing.Part{Label: label, Line: line, Value: count * 10_000_000, Count: count}
	}
	table := verdict.PartTableOf([]verdict.Lines{
		{Cell: 0, Side: profiles.Client, Ops: 100_000, Parts: []listing.Part{part("net.Dial", 32, 118), part("runtime", 0, 82)}},
		{Cell: 2, Side: profiles.Client, Ops: 100_000, Parts: []listing.Part{part("net.Dial", 32, 447), part("conn.Close", 1042, 353)}},
	}, profiles.Client, []int{0, 2})
	got := chart.Stacks(table)
	want := []chart.Stack{
		{Cell: 0, Width: 0.25, Label: "20.0 µs", Parts: []chart.StackPart{
			{X: 0, Width: 0.1475, Row: 0, Line: 32, Label: "net.Dial", Figure: "11.8", Title: "net.Dial (line 32): 11.8 µs ±2.2 per request"},
			{X: 0.1475, Width: 0.1025, Row: 1, Label: "runtime", Figure: "8.2", Title: "runtime: 8.2 µs ±1.8 per request"},
		}},
		{Cell: 2, Width: 1, Label: "80.0 µs", Parts: []chart.StackPart{
			{X: 0, Width: 0.55875, Row: 0, Line: 32, Label: "net.Dial", Figure: "44.7", Title: "net.Dial (line 32): 44.7 µs ±4.2 per request"},
			{X: 0.55875, Width: 0.44125, Row: 2, Line: 1042, Label: "conn.Close", Figure: "35.3", Title: "conn.Close (line 1042): 35.3 µs ±3.7 per request"},
		}},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("Stacks (-want +got):\n%s", diff)
	}
	if none := chart.Stacks(verdict.PartTable{}); none == nil || len(none) != 0 {
		t.Errorf("no table: %v", none)
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	points := []chart.Point{{X: 0, Y: 0.5, High: 0.4, Low: 0.6}, {X: 1, Y: 0.25, High: 0.2, Low: 0.3}}
	if got, want := chart.Path(points, 200, 100), "M0.00 50.00L200.00 25.00"; got != want {
		t.Errorf("Path = %q, want %q", got, want)
	}
	if got, want := chart.Band(points, 200, 100), "M0.00 40.00L200.00 20.00L200.00 30.00L0.00 60.00Z"; got != want {
		t.Errorf("Band = %q, want %q", got, want)
	}
	if chart.Path(nil, 1, 1) != "" || chart.Band(nil, 1, 1) != "" {
		t.Error("a path without points")
	}
}

// Whatever the figures, everything stands within the plot, marks are in order
// and few enough to read.
func TestGeometryStaysInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.Float64Range(1e-3, 1e15)
		s, cells := summary(rapid.SliceOfN(draw, 0, 25).Draw(t, "a"), rapid.SliceOfN(draw, 0, 25).Draw(t, "b"))
		inside(t, chart.Latency(s, cells))

		c := profiles.Comparison{Cells: []profiles.Cell{{Socket: "unix"}}, Total: rapid.IntRange(0, 100).Draw(t, "rounds")}
		var runs []profiles.Run
		for i, v := range rapid.SliceOfN(rapid.OneOf(draw, rapid.Float64Range(-1e9, 1e9), rapid.Just(84_000.0)), 0, 30).Draw(t, "v") {
			runs = append(runs, profiles.Run{Round: i + 1, Metrics: map[string]float64{"m": v}})
		}
		inside(t, chart.Rounds(c, runs, profiles.Metric{Name: "m"}, []int{0}))
	})
}

func inside(t *rapid.T, c chart.Chart) {
	t.Helper()
	within := func(what string, vs ...float64) {
		for _, v := range vs {
			if !(v >= -1e-9 && v <= 1+1e-9) {
				t.Fatalf("%s at %v", what, v)
			}
		}
	}
	for _, s := range c.Series {
		for _, p := range s.Points {
			within("point", p.X, p.Y, p.Low, p.High)
		}
	}
	for n, axis := range []chart.Axis{c.X, c.Y} {
		if len(axis.Ticks) > 14 || len(c.Series) > 0 && len(axis.Ticks) == 0 {
			t.Fatalf("axis %d has %d ticks: %v", n, len(axis.Ticks), axis.Ticks)
		}
		for i, tick := range axis.Ticks {
			within("tick", tick.At)
			if i > 0 && (tick.At > axis.Ticks[i-1].At) != (n == 0) {
				t.Fatalf("axis %d: ticks %v", n, axis.Ticks)
			}
		}
	}
}

func BenchmarkLatency(b *testing.B) {
	s, cells := summary(upTo(25, 70_000, 700_000), upTo(25, 140_000, 900_000))
	b.ReportAllocs()
	for b.Loop() {
		chart.Latency(s, cells)
	}
}
