package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// runOf is a run of a cell of the article's experiment.
func runOf(k runner.Socket, w runner.Workload) *run {
	return &run{
		spec: runner.Spec{Requests: 1}.WithDefaults(),
		cell: profiles.Cell{Socket: string(k), Workload: string(w), Size: 5, Concurrency: 2}, targets: 1, dialed: 1,
	}
}

// passOf makes a pass with latencies of 1, 2, … n µs.
func passOf(n int64) pass {
	h := hdrhistogram.New(1, int64(time.Minute), 3)
	for i := range n {
		_ = h.RecordValue((i + 1) * 1000)
	}
	return pass{
		client:  child.Pass{Requests: n, Elapsed: time.Duration(n) * 10 * time.Microsecond, Usage: child.Usage{User: time.Duration(n) * 1000, System: time.Duration(n) * 2000, Allocations: 3 * n, Switches: true, Voluntary: n, Involuntary: n / 2}},
		latency: h,
		reports: [2]child.Report{{}, {Counts: workload.Counts{Messages: n}, Usage: child.Usage{User: time.Duration(n) * 500, System: time.Duration(n) * 700}}},
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := runOf(runner.Unix, runner.DialEcho).metrics(passOf(200_000))
	for name, want := range map[string]float64{
		profiles.RequestsPerSecond: 100_000, profiles.LatencyMean: 100_000_500, profiles.LatencyP50: 100e6, profiles.LatencyP90: 180e6,
		profiles.LatencyP99: 198e6, profiles.LatencyP999: 199.8e6, profiles.ClientUser: 1000, profiles.ClientSys: 2000, profiles.ClientCPU: 3000,
		profiles.ServerUser: 500, profiles.ServerSys: 700, profiles.ServerCPU: 1200, profiles.ClientAllocs: 3, profiles.ClientSwitches: 1.5,
	} {
		if got := m[name]; got < want*.999 || got > want*1.001 {
			t.Errorf("%s = %g, want %g", name, got, want)
		}
	}
	if v, ok := m[profiles.ServerSwitches]; ok {
		t.Errorf("the server's system counts no switches, and yet there are %g", v)
	}
}

// TestThinTails: a percentile is told only where enough latencies lie beyond it.
func TestThinTails(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64][]string{
		1:       {},
		99:      {},
		100:     {profiles.LatencyP90},
		999:     {profiles.LatencyP90},
		1000:    {profiles.LatencyP90, profiles.LatencyP99},
		99_999:  {profiles.LatencyP90, profiles.LatencyP99},
		100_000: {profiles.LatencyP90, profiles.LatencyP99, profiles.LatencyP999},
	} {
		m := runOf(runner.Unix, runner.DialEcho).metrics(passOf(n))
		got := []string{}
		for _, name := range []string{profiles.LatencyP90, profiles.LatencyP99, profiles.LatencyP999} {
			if _, ok := m[name]; ok {
				got = append(got, name)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("percentiles of %d requests (-want +got):\n%s", n, d)
		}
	}
	values := curve(passOf(10_000).latency)
	last := slices.Index(profiles.Quantiles[:], .99)
	for i, v := range values {
		if (v > 0) != (i <= last) || i > 0 && i <= last && v < values[i-1] {
			t.Errorf("the curve of 10,000 requests is %v; it should rise to p99 and be 0 beyond", values)
			break
		}
	}
}

func TestCounters(t *testing.T) {
	t.Parallel()
	p := passOf(100)
	_ = p.latency.RecordValues(int64(3*time.Second), 2)
	p.client.Retries = 5
	c := runOf(runner.Unix, runner.DialEcho).counters(p)
	for name, want := range map[string]int64{"requests": 100, "requests_served": 100, "requests_beyond_1s": 2, "dial_retries": 5, "client_involuntary_switches": 50} {
		if c[name] != want {
			t.Errorf("%s = %d, want %d", name, c[name], want)
		}
	}
	if _, ok := c["server_minor_faults"]; ok {
		t.Error("faults are told where the system does not count them")
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	r := runOf(runner.TCP4, runner.DialEcho)
	r.plan = &host.PortPlan{Ports: 28_000, Held: time.Second, Targets: 1}
	if w := r.warnings(passOf(100_000)); host.DialsPerSecond() > 0 && (len(w) != 1 || !strings.Contains(w[0], "TIME_WAIT")) {
		t.Errorf("warnings of 100,000 dials a second: %q", w)
	}
	r.dialed = 200
	if w := r.warnings(passOf(100_000)); len(w) > 0 {
		t.Errorf("warnings of 100,000 dials a second over 200 addresses: %q", w)
	}
	r.plan.Short, r.plan.Sentence = true, "Not even 250 addresses suffice."
	if w := r.warnings(passOf(100_000)); len(w) != 1 || w[0] != r.plan.Sentence {
		t.Errorf("warnings with too few ports: %q", w)
	}
	r = runOf(runner.Unix, runner.DialEcho)
	if w := r.warnings(passOf(10_000)); len(w) > 0 {
		t.Errorf("warnings of a clean pass: %q", w)
	}
	for want, spoil := range map[string]func(*pass, *run){
		"collector of the server ran":   func(p *pass, _ *run) { p.reports[1].Usage.GC = 200 },
		"something else may have used":  func(p *pass, _ *run) { p.reports[1].Counts.Messages += 3 },
		"7 requests took longer than 1": func(p *pass, _ *run) { p.client.Beyond = 7 },
		"3 messages were longer":        func(p *pass, _ *run) { p.client.Counts.Truncated = 3 },
		"2 messages were of somebody":   func(p *pass, _ *run) { p.reports[1].Counts.Foreign = 2 },
		"after 10000 of 20000 requests": func(_ *pass, r *run) { r.spec.Requests = 20_000 },
		"20 % of the requests were sen": func(p *pass, r *run) { r.spec.Rate, p.client.Late = 100_000, 2_000 },
		"/s where 150000/s were asked":  func(_ *pass, r *run) { r.spec.Rate = 150_000 },
	} {
		p, r := passOf(10_000), runOf(runner.Unix, runner.DialEcho)
		spoil(&p, r)
		if w := r.warnings(p); len(w) != 1 || !strings.Contains(w[0], want) {
			t.Errorf("warnings %q, want one with %q", w, want)
		}
	}
}

// TestNoisy: what others did marks the run, in one sentence.
func TestNoisy(t *testing.T) {
	t.Parallel()
	p := passOf(10_000)
	if s := p.noisy(); s != "" {
		t.Errorf("a quiet pass is marked: %s", s)
	}
	p.machine = host.Sample{Busy: time.Second + p.own(), Total: 2 * time.Second}
	if s := p.noisy(); !strings.Contains(s, "50 %") {
		t.Errorf("a pass beside others at work is marked %q", s)
	}
	p.machine = host.Sample{Steal: 100 * time.Millisecond, Total: 2 * time.Second}
	if s := p.noisy(); !strings.Contains(s, "5.0 %") {
		t.Errorf("a pass beside other machines at work is marked %q", s)
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for round := 1; round <= 600; round++ {
		got := order(42, round, 3)
		seen[fmt.Sprint(got)]++
		if d := cmp.Diff(got, order(42, round, 3)); d != "" {
			t.Fatalf("round %d has two orders", round)
		}
	}
	// Six orders, 100 each in the mean; 60 is four standard deviations off.
	for o, n := range seen {
		if n < 60 || n > 140 || len(seen) != 6 {
			t.Errorf("order %s came %d times of 600; %d orders", o, n, len(seen))
		}
	}
}

func TestForecast(t *testing.T) {
	t.Parallel()
	spec := runner.Article()
	cells := spec.Cells()
	f := newForecast(spec, cells, measured(cells, ""))
	if got := f.after(0, 0); got != Estimate(spec) {
		t.Errorf("at first %s are left, and the estimate is %s", got, Estimate(spec))
	}
	if got := Estimate(spec); got < 70*time.Second || got > 100*time.Second {
		t.Errorf("the article's experiment is estimated at %s", got)
	}
	for cell := range cells { // everything takes twice as long as planned
		f.took(cell, 2*f.plan[cell])
	}
	if got, want := f.after(1, 0), 2*Estimate(spec)*9/10; got < want*99/100 || got > want*101/100 {
		t.Errorf("%s are left, want %s", got, want)
	}
	one := newForecast(spec, cells, measured(cells, ""))
	one.took(0, 2*one.plan[0])
	if got, want := one.of(2), 2*one.plan[2]; got != want {
		t.Errorf("a cell that has not run is expected to take %s, want %s as the others took twice as long", got, want)
	}
	if got := one.after(2, time.Hour); got <= 0 {
		t.Errorf("%s are left when one run takes an hour", got)
	}
}
