package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
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
		client:  child.Pass{Requests: n, Elapsed: time.Duration(n) * 10 * time.Microsecond, Usage: child.Usage{User: time.Duration(n) * 1000, System: time.Duration(n) * 2000, Allocations: 3 * n, Switches: true, Voluntary: n, Involuntary: n / 2, Calls: true, Reads: n * 3 / 2, Writes: n}},
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
	if m[profiles.ClientReads] != 1.5 || m[profiles.ClientWrites] != 1 {
		t.Errorf("%g reads and %g writes a request, want 1.5 and 1", m[profiles.ClientReads], m[profiles.ClientWrites])
	}
	for name, m := range map[string]map[string]float64{profiles.ServerReads: m, profiles.ClientReads: runOf(runner.UDP4, runner.Echo).metrics(passOf(100))} {
		if v, ok := m[name]; ok {
			t.Errorf("%s is %g where nobody counts it", name, v)
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

// TestMetricsOfKinds: what a stream, an open loop, datagrams and HTTP have beside
// or instead of the latencies of a closed loop.
func TestMetricsOfKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		k     runner.Socket
		w     runner.Workload
		spoil func(*pass)
		want  map[string]float64
		none  []string
	}{
		{"stream", runner.Unix, runner.Stream, func(p *pass) {
			p.latency.Reset()
			p.client.Counts = workload.Counts{Messages: 1000, Bytes: 64_000, Receiving: 5 * time.Millisecond}
		}, map[string]float64{profiles.RequestsPerSecond: 200_000, profiles.BytesPerSecond: 12.8e6}, []string{profiles.LatencyMean, profiles.LatencyP50, profiles.LostShare}},
		{"lossy", runner.UDP4, runner.Echo, func(p *pass) { p.client.Counts.Lost = 250 }, map[string]float64{profiles.LostShare: .2, profiles.RequestsPerSecond: 100_000}, []string{profiles.BytesPerSecond}},
		{"nothing lost", runner.UDP6, runner.Echo, func(*pass) {}, map[string]float64{profiles.LostShare: 0}, nil},
		{"http", runner.Unix, runner.HTTP, func(p *pass) { p.client.Dials = 30 }, map[string]float64{profiles.DialsPerRequest: .03}, nil},
		{"open loop", runner.TCP4, runner.Echo, func(p *pass) {
			p.service, p.client.Late = hdrhistogram.New(1, int64(time.Minute), 3), 100
			_ = p.service.RecordValues(5000, 1000)
		}, map[string]float64{profiles.ServiceP50: 5000, profiles.LateShare: .1, profiles.LatencyP50: 500_000}, []string{profiles.ServiceP999, profiles.ClientCPU, profiles.ClientUser}},
		{"on CPU", runner.Unix, runner.Echo, func(*pass) {}, map[string]float64{profiles.ClientOnCPU: .3, profiles.ServerOnCPU: .12}, []string{profiles.ServiceP50, profiles.LateShare}},
	} {
		p := passOf(1000)
		c.spoil(&p)
		m := runOf(c.k, c.w).metrics(p)
		for name, want := range c.want {
			if got, ok := m[name]; !ok || got < want*.998 || got > want*1.002 {
				t.Errorf("%s: %s = %g (%t), want %g", c.name, name, got, ok, want)
			}
		}
		for _, name := range c.none {
			if got, ok := m[name]; ok {
				t.Errorf("%s: %s = %g, want none", c.name, name, got)
			}
		}
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
