package verdict_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

func TestTables(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	s := stats.Summarize(c, runs(c, 10, 84_000, 84_100, 177_000))
	tables := verdict.Tables(c, s)
	if len(tables) != 1 {
		t.Fatalf("%d tables", len(tables))
	}
	var got [][]string
	for _, r := range tables[0].Rows {
		row := []string{r.Metric.Label}
		for _, f := range r.Figures {
			row = append(row, plain(f.Text+" "+f.Error))
		}
		for _, ch := range r.Changes {
			row = append(row, ch.Text, fmt.Sprint(ch.Direction))
		}
		got = append(got, append(row, r.AA))
	}
	want := [][]string{
		{"Requests per second", "11 905 ±0.4 %", "5 650 ±0.4 %", "−52.6 %", "2", "0.99 – 1.00"},
		{"Latency p50", "84.0 µs ±0.4 %", "177.0 µs ±0.4 %", "+110.8 %", "2", "1.00 – 1.01"},
		{"Client CPU per request", "28.0 µs ±0.4 %", "59.0 µs ±0.4 %", "+110.8 %", "2", "1.00 – 1.01"},
		{"Client allocations per request", "14 ", "28 ", "+14", "2", "1.00 – 1.00"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestChangeOf(t *testing.T) {
	t.Parallel()
	metric := profiles.Metric{Name: "m", Unit: profiles.Nanoseconds}
	cell := func(r stats.Ratio, d stats.Difference, clear bool) *stats.CellSummary {
		return &stats.CellSummary{
			Ratio: map[string]stats.Ratio{"m": r}, Difference: map[string]stats.Difference{"m": d}, Clear: map[string]bool{"m": clear},
		}
	}
	ten := stats.Ratio{Estimate: 2.1, Low: 2.05, High: 2.14, P: 0.002, N: 10, Interval: true}
	tenD := stats.Difference{Estimate: 90, Low: 80, High: 100, N: 10, Interval: true}
	four := stats.Ratio{Estimate: 2.1, Low: 2.05, High: 2.14, P: 0.125, N: 4}
	for _, tt := range []struct {
		name string
		m    profiles.Metric
		s    *stats.CellSummary
		want verdict.Change
	}{
		{"clear", metric, cell(ten, tenD, true), verdict.Change{
			Text: "+110.0 %", Title: "ratio 2.10, 95 % CI 2.05 – 2.14, p = 0.0020", Direction: verdict.Worse,
		}},
		{"not clear", metric, cell(ten, tenD, false), verdict.Change{
			Text: "no difference shown", Title: "ratio 2.10, 95 % CI 2.05 – 2.14, p = 0.0020",
		}},
		{"indicative", metric, cell(four, stats.Difference{Estimate: 90, N: 4}, false), verdict.Change{
			Text: "+110 %", Title: "ratio 2.10, rounds 2.05 – 2.14", Direction: verdict.Worse, Indicative: true,
		}},
		{"more is better", profiles.Metric{Name: "m", Unit: profiles.PerSecond, MoreIsBetter: true}, cell(ten, tenD, true), verdict.Change{
			Text: "+110.0 %", Title: "ratio 2.10, 95 % CI 2.05 – 2.14, p = 0.0020", Direction: verdict.Better,
		}},
		{"no ratio", metric, &stats.CellSummary{
			Difference: map[string]stats.Difference{"m": tenD}, Clear: map[string]bool{"m": true},
		}, verdict.Change{Text: "+90 ns", Title: "difference +90 ns, +80.0 ns … +100.0 ns", Direction: verdict.Worse}},
		{"not measured", metric, &stats.CellSummary{}, verdict.Change{Text: "n/a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, verdict.ChangeOf(tt.m, tt.s)); diff != "" {
				t.Errorf("ChangeOf (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPartTableOf(t *testing.T) {
	t.Parallel()
	lines := article()
	// On the second cell Write is unseen and another line appears.
	lines[1].Parts[1] = listing.Part{Label: "tls.Handshake", Line: 34, Value: 60 * 10_000_000, Count: 60}
	got := verdict.PartTableOf(lines, profiles.Client, []int{0, 1, 2})
	if diff := cmp.Diff([]int{0, 2}, got.Cells); diff != "" {
		t.Fatalf("cells (-want +got):\n%s", diff)
	}
	var labels []string
	sum := [2]float64{}
	for _, r := range got.Rows {
		labels = append(labels, r.Label)
		for i, c := range r.Costs {
			sum[i] += c.Value
		}
	}
	want := []string{"net.Dial", "conn.Write", "io.ReadFull", "conn.Close", "runtime", "tls.Handshake"}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for i, c := range got.Total.Costs {
		if d := c.Value - sum[i]; d > 1e-6 || d < -1e-6 {
			t.Errorf("total of column %d is %v, its parts sum to %v", i, c.Value, sum[i])
		}
	}
	if w := got.Rows[1].Costs; w[1].Value != 0 || w[1].Noise || !w[0].Noise {
		t.Errorf("a line that vanished: %+v", w)
	}
	if r := got.Rows[4].Costs; !r[1].Noise {
		t.Errorf("runtime at 5.6 and 6 µs from 33 and 36 samples is not within noise: %+v", r)
	}
	if empty := verdict.PartTableOf(nil, profiles.Client, []int{0}); len(empty.Rows) != 0 || empty.Rows == nil {
		t.Errorf("no lines: %+v", empty)
	}
}

// twoCalls is a line of two calls that cost the same over both sockets; which of the
// two costs most, and so names it, is chance.
func twoCalls() []verdict.Lines {
	cell := func(i int, label string) verdict.Lines {
		return verdict.Lines{Cell: i, Side: profiles.Client, Ops: 1_000_000, Parts: []listing.Part{
			{Label: label, Line: 3, Value: 190 * 10e6, Count: 190}, {Label: "runtime", Value: 40 * 10e6, Count: 40},
		}}
	}
	return []verdict.Lines{cell(0, "Set"), cell(2, "strconv.Itoa")}
}

// A line is one row whatever names it on a cell, and the cell on which it costs most
// names it for all.
func TestPartsOfOneLine(t *testing.T) {
	t.Parallel()
	lines := twoCalls()
	got := verdict.PartTableOf(lines, profiles.Client, []int{0, 2})
	if len(got.Rows) != 2 || got.Rows[0].Label != "Set" || got.Rows[0].Line != 3 {
		t.Fatalf("%+v", got.Rows)
	}
	if c := got.Rows[0].Costs; c[0].Value != 1900 || c[1].Value != 1900 || !c[1].Noise {
		t.Errorf("%+v", c)
	}
	c := plan(10, "unix", "tcp4")
	v := verdict.Of(c, stats.Summarize(c, runs(c, 10, 84_000, 84_100, 177_000)), lines)
	if want := "No line of the client’s code differs beyond sampling noise (230 and 230 samples)."; len(v.Facts) == 0 || plain(v.Facts[0]) != want {
		t.Errorf("%q, want %q", v.Facts, want)
	}
	lines[1].Ops /= 2 // a request costs twice as much there
	if r := verdict.PartTableOf(lines, profiles.Client, []int{0, 2}).Rows[0]; r.Label != "strconv.Itoa" || r.Costs[1].Noise {
		t.Errorf("%+v", r)
	}
}

func ExampleOf() {
	c := plan(10, "unix", "tcp4")
	v := verdict.Of(c, stats.Summarize(c, runs(c, 10, 84_000, 84_100, 177_000)), article())
	fmt.Println(v.Headline.Figure, v.Text)
	fmt.Println(v.Facts[0])
	// Output:
	// 2.1× A request over unix takes 84 µs; over tcp4 it takes 177 µs.
	// net.Dial (line 32) is 68 % of the difference in CPU: 44.7 ±5.4 against 11.7 ±2.8 µs of client CPU.
}

func BenchmarkOf(b *testing.B) {
	c := plan(10, "unix", "tcp4")
	s := stats.Summarize(c, runs(c, 10, 84_000, 84_100, 177_000))
	lines := article()
	b.ReportAllocs()
	for b.Loop() {
		verdict.Of(c, s, lines)
	}
}

// Profiles of more operations, or with a shorter period, have more samples for
// the same cost: that is no difference.
func TestPartsOfOtherOpsAndPeriod(t *testing.T) {
	t.Parallel()
	cell := func(i int, ops, count, period int64) verdict.Lines {
		return verdict.Lines{Cell: i, Side: profiles.Client, Ops: ops, Parts: []listing.Part{
			{Label: "net.Dial", Line: 32, Value: count * period, Count: count},
		}}
	}
	for _, tt := range []struct {
		name  string
		other verdict.Lines
		noise bool
	}{
		{"twice the operations", cell(2, 20_000, 1000, 10e6), true},
		{"a tenth of the period", cell(2, 10_000, 5000, 1e6), true},
		{"as many samples of half the operations", cell(2, 5_000, 500, 10e6), false},
	} {
		got := verdict.PartTableOf([]verdict.Lines{cell(0, 10_000, 500, 10e6), tt.other}, profiles.Client, []int{0, 2})
		if c := got.Rows[0].Costs[1]; c.Noise != tt.noise {
			t.Errorf("%s: %+v, want noise %v", tt.name, c, tt.noise)
		}
	}
}
