package verdict_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// plain writes narrow no-break spaces as plain ones.
func plain(s string) string { return strings.ReplaceAll(s, "\u202f", " ") }

// plan is a comparison of the base, its A/A cell and others, of one size.
func plan(rounds int, base string, others ...string) profiles.Comparison {
	cell := profiles.Cell{Socket: base, Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split"}
	aa := cell
	aa.AA = true
	c := profiles.Comparison{ID: "C-42", State: profiles.Done, Base: base, Cells: []profiles.Cell{cell, aa}}
	for _, o := range others {
		cell.Socket = o
		c.Cells = append(c.Cells, cell)
	}
	c.Total = rounds * len(c.Cells)
	return c
}

// wobble is noise in tenths of a percent with median and mean zero.
var wobble = [10]float64{5, -4, 3, -2, 1, -1, 2, -3, 4, -5}

// runs makes n rounds: latency in ns by cell with the wobble, in another order
// for each cell, and client CPU of a third of the latency.
func runs(c profiles.Comparison, n int, latency ...float64) []profiles.Run {
	var rs []profiles.Run
	for round := 1; round <= n; round++ {
		for cell := range c.Cells {
			v := latency[cell] * (1 + wobble[(round+3*cell)%10]/1000)
			rs = append(rs, profiles.Run{
				Round: round, Cell: cell, Attempt: 1,
				Metrics: map[string]float64{
					profiles.LatencyP50: v, profiles.ClientCPU: v / 3, profiles.RequestsPerSecond: 1e9 / v,
					profiles.ClientAllocs: 14 * float64(1+cell/2),
				},
			})
		}
	}
	return rs
}

// article is the cost by line of the article's experiment: 60,000 requests of
// each socket at 100 Hz.
func article() []verdict.Lines {
	part := func(label string, line int64, us float64) listing.Part {
		const ops = 60_000
		count := int64(us * ops / 10_000)
		return listing.Part{Label: label, Line: line, Value: count * 10_000_000, Count: count}
	}
	return []verdict.Lines{
		{Cell: 0, Side: profiles.Client, Ops: 60_000, Parts: []listing.Part{
			part("net.Dial", 32, 11.8), part("conn.Write", 36, 2), part("io.ReadFull", 39, 7.3), part("conn.Close", 42, 6.8), part("runtime", 0, 5.6),
		}},
		{Cell: 2, Side: profiles.Client, Ops: 60_000, Parts: []listing.Part{
			part("net.Dial", 32, 44.7), part("conn.Write", 36, 10.7), part("io.ReadFull", 39, 5.7), part("conn.Close", 42, 14.7), part("runtime", 0, 6),
		}},
	}
}

func of(c profiles.Comparison, rs []profiles.Run, lines []verdict.Lines) verdict.Verdict {
	return verdict.Of(c, stats.Summarize(c, rs), lines)
}

func TestArticle(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	v := of(c, runs(c, 10, 84_000, 84_100, 177_000), article())
	if v.Outcome != verdict.Shown {
		t.Errorf("outcome %q", v.Outcome)
	}
	if want := "A request over unix takes 84 µs; over tcp4 it takes 177 µs."; v.Text != want {
		t.Errorf("text %q, want %q", v.Text, want)
	}
	want := verdict.Sentence{
		{Text: "A request over "},
		{Text: "unix", Socket: "unix"},
		{Text: " takes "},
		{Text: "84 µs", Strong: true},
		{Text: "; "},
		{Text: "over "},
		{Text: "tcp4", Socket: "tcp4"},
		{Text: " it takes "},
		{Text: "177 µs", Strong: true},
		{Text: "."},
	}
	if diff := cmp.Diff(want, v.Sentence); diff != "" {
		t.Errorf("sentence (-want +got):\n%s", diff)
	}
	h := v.Headline
	if h == nil || h.Figure != "2.1×" || h.Interval != "95 % CI 2.10 – 2.11" || h.P != "p = 0.0020" ||
		h.Label != "tcp4 against unix, latency p50" || !h.Clear || h.Cheaper != 0 || h.Costlier != 2 {
		t.Errorf("headline %+v", h)
	}
	facts := []string{
		"net.Dial (line 32) is 68 % of the difference in CPU: 44.7 ±5.4 against 11.7 ±2.8 µs of client CPU.",
		"conn.Write (line 36) costs more over tcp4: 10.7 ±2.7 against 2.0 ±1.2 µs of client CPU.",
		"conn.Close (line 42) costs 2.2× as much over tcp4: 14.7 ±3.2 against 6.7 ±2.2 µs of client CPU.",
	}
	if diff := cmp.Diff(facts, v.Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"A/A noise, unix against unix, latency p50: 1.00 – 1.01."}, v.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// The base may be the slower one, and the answer is the same.
func TestBaseIsSlower(t *testing.T) {
	t.Parallel()
	c := plan(10, "tcp4", "unix")
	v := of(c, runs(c, 10, 177_000, 177_100, 84_000), nil)
	if want := "A request over unix takes 84 µs; over tcp4 it takes 177 µs."; v.Text != want {
		t.Errorf("text %q", v.Text)
	}
	if h := v.Headline; h.Figure != "2.1×" || h.Label != "tcp4 against unix, latency p50" || h.Ratio.Low > h.Ratio.High || h.Ratio.Low < 2 {
		t.Errorf("headline %+v", h)
	}
	want := []string{"The client uses more CPU over tcp4: 59.0 against 28.0 µs per request."}
	if diff := cmp.Diff(want, v.Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		state   profiles.State
		rounds  int
		sockets []string
		latency []float64
		outcome verdict.Outcome
		text    string
		fact    string // the first fact; "" for none
	}{
		{
			"no difference", profiles.Done, 10,
			[]string{"tcp4"},
			[]float64{84_000, 84_100, 84_050},
			verdict.NotShown,
			"No difference shown: a request over unix takes 84 µs; over tcp4 it takes 84 µs.",
			"The ratio is 1.00, 95 % CI 1.00 – 1.00: 1 is within it.",
		},
		{
			"within the noise", profiles.Done, 10,
			[]string{"tcp4"},
			[]float64{84_000, 92_000, 90_000},
			verdict.NotShown,
			"No difference shown: a request over unix takes 84 µs; over tcp4 it takes 90 µs.",
			"The ratio is 1.07, 95 % CI 1.07 – 1.07: clear of 1, but unix differs from itself by as much (A/A 1.09 – 1.10).",
		},
		{
			"running", profiles.Running, 4,
			[]string{"tcp4"},
			[]float64{83_000, 83_100, 174_000},
			verdict.Indicative,
			"So far, 4 rounds, indicative: a request over unix takes 83 µs; over tcp4 it takes 174 µs.", "",
		},
		{
			"one round and done", profiles.Done, 1,
			[]string{"tcp4"},
			[]float64{83_000, 83_100, 174_000},
			verdict.Indicative,
			"Indicative, 1 round: a request over unix takes 82.7 µs; over tcp4 it takes 173 µs.", "",
		},
		{
			"one socket", profiles.Done, 10, nil,
			[]float64{84_000, 84_100},
			verdict.Alone,
			"A request over unix takes 84 µs.", "",
		},
		{
			"three sockets, best first", profiles.Done, 10,
			[]string{"tcp4", "unix-abstract", "tls"},
			[]float64{84_000, 84_100, 177_000, 84_050, 40_000},
			verdict.Shown,
			"A request over tls takes 40 µs, 0.48× as long as over unix (95 % CI 0.48 – 0.48). Over unix it takes 84 µs. " +
				"Over unix-abstract it takes 84 µs: no difference from unix shown. " +
				"Over tcp4 it takes 177 µs, 2.1× as long as over unix (95 % CI 2.10 – 2.11).", "",
		},
		{
			"nothing yet", profiles.Queued, 0, []string{"tcp4"}, nil, verdict.Nothing, "Nothing has been measured yet.", "",
		},
		{
			"canceled at once", profiles.Canceled, 0, []string{"tcp4"}, nil, verdict.Nothing, "Canceled before anything was measured.", "",
		},
		{
			"failed at once", profiles.Failed, 0, []string{"tcp4"}, nil, verdict.Nothing, "The port is in use.", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := plan(10, "unix", tt.sockets...)
			c.State, c.Failure = tt.state, "The port is in use."
			v := of(c, runs(c, tt.rounds, tt.latency...), nil)
			if v.Outcome != tt.outcome || plain(v.Text) != tt.text {
				t.Errorf("%s: %q\nwant %s: %q", v.Outcome, v.Text, tt.outcome, tt.text)
			}
			if v.Text != v.Sentence.String() {
				t.Errorf("text and sentence differ: %q", v.Sentence)
			}
			if tt.fact != "" && (len(v.Facts) == 0 || v.Facts[0] != tt.fact) {
				t.Errorf("facts %q, want first %q", v.Facts, tt.fact)
			}
		})
	}
}

// What sampling alone could do is not said.
func TestNoLineWithinNoise(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	lines := func(dial, write int64) []verdict.Lines {
		cell := func(i int, dial, write int64) verdict.Lines {
			return verdict.Lines{Cell: i, Side: profiles.Client, Ops: 10_000, Parts: []listing.Part{
				{Label: "net.Dial", Line: 32, Value: dial * 1e7, Count: dial},
				{Label: "conn.Write", Line: 36, Value: write * 1e7, Count: write},
			}}
		}
		return []verdict.Lines{cell(0, 40, 20), cell(2, dial, write)}
	}
	rs := runs(c, 10, 84_000, 84_100, 177_000)
	if got := of(c, rs, lines(48, 25)).Facts; len(got) != 1 ||
		got[0] != "No line of the client’s code differs beyond sampling noise (60 and 73 samples)." {
		t.Errorf("facts %q", got)
	}
	got := of(c, rs, lines(140, 25)).Facts
	if len(got) != 1 || !strings.HasPrefix(got[0], "net.Dial (line 32) is 95 % of the difference in CPU: ") {
		t.Errorf("facts %q, want only net.Dial", got)
	}
	// A line that is cheaper over the socket that is dearer on the whole.
	got = of(c, rs, lines(400, 1)).Facts
	if len(got) != 2 || !strings.HasPrefix(got[1], "conn.Write (line 36) is cheaper over tcp4: 1.0 ±2.8 against 20.0 ±9.3 µs") {
		t.Errorf("facts %q", got)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	for _, cell := range c.Cells[:3] {
		cell.Size, cell.Concurrency, cell.Placement = 65536, 8, "same"
		c.Cells = append(c.Cells, cell)
	}
	c.Total = 60
	v := of(c, runs(c, 10, 84_000, 84_100, 177_000, 100_000, 100_100, 100_050), nil)
	want := "With 64 KiB messages, 8 connections, placement same, no difference shown: a request over unix takes 100 µs; over tcp4 it takes 100 µs."
	if last := v.Facts[len(v.Facts)-1]; last != want {
		t.Errorf("last fact %q\nwant %q", last, want)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	rs := runs(c, 10, 84_000, 84_100, 177_000)
	for i := range rs {
		rs[i].ProfilingEffect = 1.02
		if rs[i].Cell == 2 {
			rs[i].ProfilingEffect = 1.22
		}
		if i%10 == 0 {
			rs[i].Warnings = []string{"Other programs used 40 % of the CPUs."}
		}
	}
	want := []string{
		"A/A noise, unix against unix, latency p50: 1.00 – 1.01.",
		"With the profiler on, a request over tcp4 took 1.2× as long: the figures by line are of that pass.",
		"Other programs used 40 % of the CPUs. (3 of 30 runs)",
	}
	if diff := cmp.Diff(want, of(c, rs, nil).Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// A stream is judged by its throughput: more is better.
func TestStream(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	for i := range c.Cells {
		c.Cells[i].Workload = "stream"
	}
	rs := runs(c, 10, 1, 1, 2)
	for i := range rs {
		rs[i].Metrics = map[string]float64{profiles.BytesPerSecond: 3.1e9 / rs[i].Metrics[profiles.LatencyP50]}
	}
	v := of(c, rs, nil)
	if want := "unix carries 3.1 GB/s; tcp4 carries 1.55 GB/s."; v.Text != want {
		t.Errorf("text %q, want %q", v.Text, want)
	}
	if h := v.Headline; h.Figure != "2×" && h.Figure != "2.0×" || h.Label != "tcp4 against unix, bytes per second" {
		t.Errorf("headline %+v", h)
	}
}

// Whatever is measured, there is an answer, and it shows no NaN.
func TestOfNeverFails(t *testing.T) {
	t.Parallel()
	odd := []float64{0, -1, math.NaN(), math.Inf(1), math.MaxFloat64, 5e-324, 1, 84_000}
	rapid.Check(t, func(t *rapid.T) {
		c := plan(8, "unix", "tcp4", "tls")
		rs := runs(c, rapid.IntRange(0, 8).Draw(t, "rounds"), 84_000, 84_000, 177_000, 90_000)
		for i := range rs {
			if rapid.IntRange(0, 4).Draw(t, "odd") == 0 {
				rs[i].Metrics[profiles.LatencyP50] = rapid.SampledFrom(odd).Draw(t, "v")
			}
		}
		var lines []verdict.Lines
		for cell := range 4 {
			l := verdict.Lines{Cell: cell, Side: profiles.Client, Ops: rapid.Int64Range(-1, 10).Draw(t, "ops")}
			for line := range int64(3) {
				l.Parts = append(l.Parts, listing.Part{
					Label: "f", Line: line,
					Value: rapid.Int64Range(-1e9, 1e12).Draw(t, "value"), Count: rapid.Int64Range(-5, 1e5).Draw(t, "count"),
				})
			}
			lines = append(lines, l)
		}
		s := stats.Summarize(c, rs)
		v := verdict.Of(c, s, lines)
		all := v.Text + strings.Join(v.Facts, " ") + strings.Join(v.Notes, " ")
		for _, table := range verdict.Tables(c, s) {
			for _, row := range table.Rows {
				for _, f := range row.Figures {
					all += f.Text + f.Error
				}
				for _, ch := range row.Changes {
					all += ch.Text + ch.Title
				}
			}
		}
		if v.Text == "" || strings.Contains(all, "NaN") || strings.Contains(all, "Inf") {
			t.Fatalf("%s", all)
		}
	})
}
