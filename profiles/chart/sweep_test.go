package chart_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/stats"
)

// sweepOf measures unix, its A/A cell and tcp4 at sizes, ten rounds with hardly any
// noise: tcp4 costs ratio times unix, NaN for a cell that is not measured.
func sweepOf(sizes []int, latency float64, ratio ...float64) stats.Summary {
	c := profiles.Comparison{Base: "unix", State: profiles.Done}
	for i, size := range sizes {
		cell := profiles.Cell{Socket: "unix", Workload: "echo", Size: size, Concurrency: 1, Placement: "split"}
		aa, tcp := cell, cell
		aa.AA, tcp.Socket = true, "tcp4"
		if math.IsNaN(ratio[i]) {
			tcp.NA = "No."
		}
		c.Cells = append(c.Cells, cell, aa, tcp)
	}
	var runs []profiles.Run
	for round := 1; round <= 10; round++ {
		for i := range c.Cells {
			v := latency * (1 + 0.001*float64((round*7+i*3)%10))
			if i%3 == 2 {
				v *= ratio[i/3]
			}
			runs = append(runs, profiles.Run{Round: round, Cell: i, Metrics: map[string]float64{profiles.LatencyP50: v}})
		}
	}
	c.Total = 10 * profiles.Measured(c.Cells)
	return stats.Summarize(c, runs)
}

func cellsOf(s stats.Summary) []profiles.Cell {
	cells := make([]profiles.Cell, len(s.Cells))
	for i := range s.Cells {
		cells[i] = s.Cells[i].Cell
	}
	return cells
}

var p50 = profiles.Metric{Name: profiles.LatencyP50, Label: "Latency p50", Unit: profiles.Nanoseconds}

func TestSweepOf(t *testing.T) {
	t.Parallel()
	s := sweepOf([]int{1, 64, 4096, 65536, 1 << 20}, 80_000, 1.8, math.NaN(), 1.5, 1, 1)
	w := stats.Sweeps(cellsOf(s))[0]
	d := chart.SweepOf(s, w, chart.SweepOptions{Metric: p50})
	if diff := cmp.Diff([]string{"1 B", "64 B", "4 KiB", "64 KiB", "1 MiB"}, labels(d.X)); diff != "" {
		t.Errorf("x axis (-want +got):\n%s", diff)
	}
	if got := d.X.Ticks[1].At; math.Abs(got-0.3) > 1e-9 { // 6 of 20 doublings
		t.Errorf("64 B stands at %v", got)
	}
	if diff := cmp.Diff([]string{"50 µs", "100 µs", "200 µs"}, labels(d.Y)); diff != "" {
		t.Errorf("y axis (-want +got):\n%s", diff)
	}
	var names []string
	for _, series := range d.Series {
		names = append(names, series.Name)
	}
	if diff := cmp.Diff([]string{"unix", "unix A/A", "tcp4"}, names); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
	if got := len(d.Series[2].Points); got != 4 {
		t.Errorf("tcp4 has %d points, want 4 of 5", got)
	}
	if diff := cmp.Diff(chart.SweepRow{Label: "64 B", Figures: []string{"80.4 µs", "80.4 µs", "n/a"}}, d.Table.Rows[1]); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if len(d.Marks) != 1 || d.Marks[0].Label != "tcp4 alike from 64 KiB on" || d.Marks[0].Series != 2 || d.Marks[0].X != d.X.Ticks[3].At {
		t.Errorf("marks %+v", d.Marks)
	}

	ratio := chart.SweepOf(s, w, chart.SweepOptions{Metric: p50, Ratio: true})
	if len(ratio.Series) != 2 || ratio.Series[0].Name != "unix A/A" || ratio.One <= ratio.Series[1].Points[0].Y {
		t.Errorf("ratios: %d series, 1 at %v", len(ratio.Series), ratio.One)
	}
	if got := ratio.Table.Rows[0].Figures; !slices.Equal(got, []string{"1.00×", "1.80×"}) {
		t.Errorf("ratios in the table: %q", got)
	}
	none := chart.SweepOf(s, w, chart.SweepOptions{Metric: profiles.Metric{Name: "absent"}})
	if len(none.Series) != 0 || none.X.Ticks == nil || none.Marks == nil || none.Table.Rows == nil {
		t.Errorf("nothing measured: %+v", none)
	}
}

// Every coordinate is within the plot, whatever was measured.
func TestSweepStaysInside(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 3, 64, 1 << 20}
	rapid.Check(t, func(t *rapid.T) {
		ratio := rapid.SliceOfN(rapid.SampledFrom([]float64{1, 1e-9, 1e12, 2, math.NaN(), math.Inf(1), 0}), 4, 4).Draw(t, "ratios")
		s := sweepOf(sizes, rapid.SampledFrom([]float64{1e-12, 1, 8e4, 1e300}).Draw(t, "latency"), ratio...)
		d := chart.SweepOf(s, stats.Sweeps(cellsOf(s))[0], chart.SweepOptions{Metric: p50, Ratio: rapid.Bool().Draw(t, "ratio")})
		for _, line := range d.Series {
			for _, p := range line.Points {
				for _, v := range []float64{p.X, p.Y, p.Low, p.High} {
					if !(v >= 0 && v <= 1) {
						t.Fatalf("%v %s: %+v", ratio, line.Name, p)
					}
				}
				if p.High > p.Y || p.Y > p.Low {
					t.Fatalf("error bar %+v", p)
				}
			}
		}
		for _, m := range d.Marks {
			if !(m.X >= 0 && m.X <= 1) {
				t.Fatalf("mark %+v", m)
			}
		}
	})
}

// In an open loop both times are drawn, on one scale.
func TestLatencyOfOpenLoop(t *testing.T) {
	t.Parallel()
	s, cells := summary(upTo(23, 70_000, 700_000))
	s.Cells[0].Metrics = map[string]stats.Estimate{
		profiles.ServiceP50: {Median: 20_000, Low: 19_000, High: 21_000, N: 10},
		profiles.ServiceP99: {Median: 40_000, Low: 39_000, High: 41_000, N: 10},
	}
	c := chart.Latency(s, cells)
	if len(c.Series) != 2 || c.Series[0].Service || !c.Series[1].Service || c.Series[1].Cell != 0 {
		t.Fatalf("series %+v", c.Series)
	}
	if c.Series[0].Name != "socket0, response" || c.Series[1].Name != "socket0, service" || len(c.Series[1].Points) != 2 {
		t.Errorf("names %q and %q, %d points", c.Series[0].Name, c.Series[1].Name, len(c.Series[1].Points))
	}
	if got := labels(c.Y)[0]; got != "10 µs" {
		t.Errorf("the axis starts at %s", got)
	}
	if c.Series[1].Points[0].X != c.X.Ticks[1].At {
		t.Errorf("p50 of service stands at %v, the mark at %v", c.Series[1].Points[0].X, c.X.Ticks[1].At)
	}
}
