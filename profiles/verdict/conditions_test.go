package verdict_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// along is a comparison of unix and tcp4 at each of the sizes, and the latency of
// its cells: tcp4 takes the ratio at its size times 84 µs.
func along(rounds int, sizes []int, ratios ...float64) (profiles.Comparison, []float64) {
	one := plan(rounds, "unix", "tcp4").Cells
	c := plan(rounds, "unix", "tcp4")
	c.Cells = nil
	var latency []float64
	for i, size := range sizes {
		for _, cell := range one {
			cell.Size = size
			c.Cells = append(c.Cells, cell)
		}
		latency = append(latency, 84_000, 84_100, 84_000*ratios[i])
	}
	c.Total = rounds * len(c.Cells)
	return c, latency
}

func TestCrossover(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 64, 4096, 65536, 1 << 20}
	ranged := "tcp4 takes 1.01× to 1.8× as long as unix, over 5 configurations."
	for _, tt := range []struct {
		name   string
		ratios []float64
		want   []string
	}{
		{"alike from 64 KiB", []float64{1.8, 1.7, 1.5, 1.02, 1.01}, []string{
			"From 64 KiB messages on, tcp4 and unix are alike (within 10 %); below that tcp4 is slower.", ranged,
		}},
		{"change of places", []float64{1.8, 1.7, 1.5, 1.3, 0.5}, []string{
			"With 1 MiB messages, tcp4 is faster than unix; below that tcp4 is slower.",
			"tcp4 takes 0.5× to 1.8× as long as unix, over 5 configurations.",
		}},
		{"in two steps", []float64{1, 1, 1.3, 1.5, 1.7}, []string{
			"From 4 KiB messages on, tcp4 is slower than unix; below that they are alike.",
			"The ratio is 1.00, 95 % CI 1.00 – 1.00: 1 is within it.",
			"tcp4 takes 1.00× to 1.7× as long as unix, over 5 configurations.",
		}},
		{"through alike", []float64{1.8, 1.7, 1, 1, 0.6}, []string{
			"From 4 KiB messages on, tcp4 and unix are alike (within 10 %), with 1 MiB messages tcp4 is faster than unix; below that tcp4 is slower.",
			"tcp4 takes 0.60× to 1.8× as long as unix, over 5 configurations.",
		}},
		{"one odd point", []float64{1.8, 1.7, 1, 1.5, 1.4}, []string{"tcp4 takes 1.00× to 1.8× as long as unix, over 5 configurations."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, latency := along(10, sizes, tt.ratios...)
			v := of(c, runs(c, 10, latency...), nil)
			if !strings.HasPrefix(v.Text, "With 1 B messages, ") {
				t.Errorf("text %q", v.Text)
			}
			got := v.Facts
			got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "CPU") })
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "0.50×", "0.5×")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	for i := range c.Cells {
		c.Cells[i].Host = "epyc-2"
	}
	for _, cell := range slices.Clone(c.Cells) {
		cell.Host = "arm-box"
		c.Cells = append(c.Cells, cell)
	}
	c.Total = 60
	v := of(c, runs(c, 10, 84_000, 84_100, 177_000, 50_000, 50_100, 50_050), nil)
	if want := "On epyc-2, a request over unix takes 84 µs; over tcp4 it takes 177 µs."; v.Text != want {
		t.Errorf("text %q", v.Text)
	}
	if want := "On arm-box, no difference shown: a request over unix takes 50 µs; over tcp4 it takes 50 µs."; !slices.Contains(v.Facts, want) {
		t.Errorf("facts %q", v.Facts)
	}
}

func TestVariants(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	c.Cells[2].Variant = "nagle"
	v := of(c, runs(c, 10, 84_000, 84_100, 177_000), nil)
	if want := "A request over unix takes 84 µs; over tcp4 with Nagle on it takes 177 µs."; v.Text != want {
		t.Errorf("text %q", v.Text)
	}
	if v.Headline.Label != "tcp4 with Nagle on against unix, latency p50" || v.Sentence[6].Socket != "tcp4 nagle" {
		t.Errorf("headline %q, segments %+v", v.Headline.Label, v.Sentence)
	}
}

func TestOpenLoop(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	c.Spec = json.RawMessage(`{"rate":20000}`)
	rs := runs(c, 10, 84_000, 84_100, 177_000)
	for i := range rs {
		rs[i].Metrics[profiles.ServiceP50] = rs[i].Metrics[profiles.LatencyP50] / 2
		if rs[i].Cell == 2 {
			rs[i].Metrics[profiles.LateShare] = 0.12
		}
	}
	v := of(c, rs, nil)
	if want := "At 20 000 requests per second, a request over unix takes 84 µs; over tcp4 it takes 177 µs."; plain(v.Text) != want {
		t.Errorf("text %q", v.Text)
	}
	if want := "tcp4 against unix, response time p50 at 20 000 requests per second (open loop)"; plain(v.Headline.Label) != want {
		t.Errorf("label %q", v.Headline.Label)
	}
	if want := "Of that, service time is 42 µs over unix; 88.5 µs over tcp4. The rest is waiting to be sent."; v.Facts[0] != want {
		t.Errorf("facts %q", v.Facts)
	}
	if want := "Over tcp4 12 % of the requests started more than 50 µs late: the rate was not kept."; !slices.Contains(v.Notes, want) {
		t.Errorf("notes %q", v.Notes)
	}
	if got := plain(verdict.Loop(c)); got != "response time at 20 000 requests per second (open loop)" {
		t.Errorf("loop %q", got)
	}
	if got := verdict.Loop(plan(1, "unix")); got != "service time (closed loop)" {
		t.Errorf("loop %q", got)
	}
}

// Nothing that limits the answer is left out.
func TestLimits(t *testing.T) {
	t.Parallel()
	c := grid()
	for i := range c.Cells {
		c.Cells[i].Workload = "http"
	}
	c.Cells[9].NA = ""
	rs := measuredOnly(c, runs(c, 6, 84_000, 84_100, 177_000, 336_000, 0, 100_000, 100_100, 100_050, 2_000_000, 90_000))
	for i := range rs {
		switch {
		case rs[i].Cell == 7 && rs[i].Round == 1:
			rs[i].Metrics[profiles.LostShare] = 0.018
			rs[i].Noisy = "Other processes used 40 % of the CPU time."
		case rs[i].Cell == 7:
			rs[i].Metrics[profiles.LostShare] = 0
		case rs[i].Cell == 2:
			rs[i].Metrics[profiles.DialsPerRequest] = 0.2
		}
	}
	got := of(c, rs, nil).Notes
	want := []string{
		"A quick look, 6 rounds: 10 or more tell finer differences, 20 are worth publishing.",
		"socketpair is measured in some configurations only: A socketpair has no address to dial: both ends are made at once.",
		"tcp4 lost 0.3 % of its messages.",
		"Over tcp4 20 % of the requests dialed a connection: they were not all kept.",
		"1 of 54 runs was disturbed beyond the limits. It counts, and is marked.",
		"Other processes used 40 % of the CPU time. (1 of 54 runs)",
	}
	got = slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "A/A noise") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// Ten sockets in one answer: the best, the base, the worst, and which are alike.
func TestManySockets(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "unix-abstract", "socketpair", "tcp4", "tcp6", "tls")
	v := of(c, runs(c, 10, 84_000, 84_100, 84_050, 60_000, 130_000, 131_000, 400_000), nil)
	want := "A request over socketpair takes 60 µs, 0.71× as long as over unix (95 % CI 0.71 – 0.72). Over unix it takes 84 µs. " +
		"Over tls it takes 400 µs, 4.8× as long as over unix (95 % CI 4.75 – 4.77). " +
		"3 others lie between; no difference from unix is shown for unix-abstract."
	if v.Text != want {
		t.Errorf("text %q\nwant %q", v.Text, want)
	}
}

// A label may stand for a line of the client and for one of the server.
func TestLinesNameTheirSide(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	lines := article()
	for _, l := range article() {
		l.Side = profiles.Server
		l.Parts = []listing.Part{{Label: "conn.Write", Line: 36, Value: 40e7 * int64(1+l.Cell), Count: 40 * int64(1+l.Cell)}}
		lines = append(lines, l)
	}
	facts := of(c, runs(c, 10, 84_000, 84_100, 177_000), lines).Facts
	last := facts[len(facts)-1]
	if !strings.HasPrefix(last, "On the server, conn.Write (line 36) is 100 % of the difference: ") || !strings.HasSuffix(last, "of server CPU.") {
		t.Errorf("facts %q", facts)
	}
}

// Sockets that change at the same size share a sentence, and one that never
// differs has no range.
func TestCrossoversTogether(t *testing.T) {
	t.Parallel()
	var c profiles.Comparison
	var latency []float64
	for i, size := range []int{1, 64, 4096, 65536} {
		one := plan(10, "unix", "tcp4", "tcp6", "unix-abstract")
		for k, cell := range one.Cells {
			cell.Size = size
			c.Cells = append(c.Cells, cell)
			ratio := []float64{1, 1.001, 2, 2, 1}[k]
			if i == 3 {
				ratio = []float64{1, 1.001, 1.01, 1.01, 1}[k]
			}
			latency = append(latency, 84_000*ratio)
		}
		c.Base, c.State = one.Base, one.State
	}
	c.Total = 10 * len(c.Cells)
	facts := of(c, runs(c, 10, latency...), nil).Facts
	for _, want := range []string{
		"With 64 KiB messages, tcp4 and tcp6 are like unix (within 10 %); below that they are slower.",
		"unix-abstract shows no difference from unix in any of 4 configurations.",
		"tcp6 takes 1.01× to 2.0× as long as unix, over 4 configurations.",
	} {
		if !slices.Contains(facts, want) {
			t.Errorf("no %q in %q", want, facts)
		}
	}
}

// Warnings that differ in their figures only are told once.
func TestWarningsOfOneShape(t *testing.T) {
	t.Parallel()
	c := profiles.Comparison{State: profiles.Done, Base: "unix", Total: 3, Cells: []profiles.Cell{{Socket: "unix"}}}
	s := stats.Summary{Cells: []stats.CellSummary{{Cell: c.Cells[0], Base: -1, Noise: -1, Rounds: 3, Warnings: []stats.Warning{
		{Sentence: "Others used 90 % of the CPU.", Rounds: 1}, {Sentence: "Others used 7.5 % of the CPU.", Rounds: 1}, {Sentence: "It rained.", Rounds: 1},
	}}}}
	got := verdict.Of(c, s, nil).Notes
	want := []string{"Others used 90 % of the CPU. (or with other figures: 2 of 3 runs)", "It rained. (1 of 3 runs)"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
