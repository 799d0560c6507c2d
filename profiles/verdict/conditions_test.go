package verdict_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// along is a comparison of unix and tcp4 at each of the sizes, and the latency of
// its cells: tcp4 takes the ratio at its size times 84 µs.
// A mark in a chart claims no more of the axis than is told.
// What is said of several configurations names the one that it is of, also when
// there are two.
func TestTwoConfigurations(t *testing.T) {
	t.Parallel()
	c, latency := along(10, []int{5, 65536}, 2.1, 1)
	v := of(c, runs(c, 10, latency...), nil)
	if want := "With 5 B messages, a request over unix takes 84 µs; over tcp4 it takes 176 µs."; v.Text != want {
		t.Errorf("text %q", v.Text)
	}
	if want := "tcp4 against unix, latency p50, with 5 B messages"; v.Headline.Label != want {
		t.Errorf("label %q", v.Headline.Label)
	}
	if !slices.Contains(v.Notes, "A/A noise, unix against unix, latency p50, with 5 B messages: 1.00 – 1.01.") {
		t.Errorf("notes %q", v.Notes)
	}
}

// The headline of several ratios has the p-value that was judged by, and no figure
// where no difference is shown.
func TestHeadlineOfSeveral(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4", "tcp6", "tls")
	h := of(c, runs(c, 10, 84_000, 84_100, 177_000, 177_000, 177_000), nil).Headline
	if !strings.HasSuffix(h.P, ", adjusted for 3 ratios") || h.Family != 3 || h.AdjustedP <= h.Ratio.P || h.AdjustedP >= 0.05 || h.Figure != "2.1×" {
		t.Errorf("%+v", h)
	}
	h = of(c, runs(c, 10, 84_000, 84_100, 84_050, 84_050, 84_050), nil).Headline
	if h.Clear || h.Figure != "≈" {
		t.Errorf("%+v", h)
	}
	if h = of(c, runs(c, 4, 84_000, 84_100, 177_000, 177_000, 177_000), nil).Headline; h.Figure != "2.1×" || h.P != "" {
		t.Errorf("without an interval: %+v", h)
	}
}

// Noise is no range: configurations without a difference are counted, not taken
// into it.
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
	if want := "Over tcp4 12 % of the requests started more than 50 µs late: they were not sent when due."; !slices.Contains(v.Notes, want) {
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
	if !strings.HasPrefix(last, "On the server, conn.Write (line 36) is 100 % of the difference in CPU: ") || !strings.HasSuffix(last, "of server CPU.") {
		t.Errorf("facts %q", facts)
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
	want := []string{"Others used 90 % of the CPU. (2 of 3 runs, some with other figures)", "It rained. (1 of 3 runs)"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Where the headline shows nothing, the lines speak of the passes that they are of.
func TestLinesDoNotContradictTheHeadline(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	facts := of(c, runs(c, 10, 84_000, 92_000, 90_000), article()).Facts
	if want := "net.Dial (line 32) is 68 % of the difference in CPU of the profiled passes: 44.7"; len(facts) < 2 || !strings.HasPrefix(facts[1], want) {
		t.Errorf("facts %q, want second %q", facts, want)
	}
}

// What is said of the profiled passes is of cells that have figures by line, and a
// profiler is not what makes a request faster.
func TestProfilingEffects(t *testing.T) {
	t.Parallel()
	c := plan(10, "unix", "tcp4")
	for _, tt := range []struct {
		unix, aa, tcp4 float64
		want           []string
	}{
		{1.02, 1.5, 1.05, nil},
		{1.02, 0.5, 0.95, nil},
		{1.02, 1, 0.62, []string{"A request over tcp4 took 0.62× as long in the profiled pass as in the timing pass: the timing pass was short or disturbed."}},
		{1.2, 1, 0.62, []string{
			"With the profiler on, a request over unix took 1.2× as long: the figures by line are of that pass.",
			"A request over tcp4 took 0.62× as long in the profiled pass as in the timing pass: the timing pass was short or disturbed.",
		}},
	} {
		rs := runs(c, 10, 84_000, 84_100, 177_000)
		for i := range rs {
			rs[i].ProfilingEffect = [...]float64{tt.unix, tt.aa, tt.tcp4}[rs[i].Cell]
		}
		if diff := cmp.Diff(tt.want, of(c, rs, nil).Notes[1:], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt, diff)
		}
	}
}
