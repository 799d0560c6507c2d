package bench

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
)

// Fewest latencies beyond a percentile that make it worth telling. The far tail
// needs more: it is what people quote.
const (
	fewTail  = 10
	farTail  = 100
	tailFrom = 0.999 // where the far tail begins
)

// metrics are those of the timing pass. What cannot be told is absent.
func metrics(p pass) map[string]float64 {
	n := float64(p.client.Requests)
	m := map[string]float64{
		profiles.RequestsPerSecond: n / p.client.Elapsed.Seconds(),
		profiles.LatencyMean:       p.latency.Mean(),
		profiles.LatencyP50:        float64(p.latency.ValueAtQuantile(50)),
	}
	for name, q := range map[string]float64{profiles.LatencyP90: .90, profiles.LatencyP99: .99, profiles.LatencyP999: .999} {
		least := int64(fewTail)
		if q >= tailFrom {
			least = farTail
		}
		if beyond(p.latency, q) >= least {
			m[name] = float64(p.latency.ValueAtQuantile(100 * q))
		}
	}
	client, server := p.client.Usage, p.reports[1].Usage
	m[profiles.ClientUser], m[profiles.ClientSys] = float64(client.User)/n, float64(client.System)/n
	m[profiles.ServerUser], m[profiles.ServerSys] = float64(server.User)/n, float64(server.System)/n
	m[profiles.ClientCPU] = m[profiles.ClientUser] + m[profiles.ClientSys]
	m[profiles.ServerCPU] = m[profiles.ServerUser] + m[profiles.ServerSys]
	m[profiles.ClientAllocs] = float64(client.Allocations) / n
	m[profiles.ServerAllocs] = float64(server.Allocations) / n
	if client.Switches {
		m[profiles.ClientSwitches] = float64(client.Voluntary+client.Involuntary) / n
	}
	if server.Switches {
		m[profiles.ServerSwitches] = float64(server.Voluntary+server.Involuntary) / n
	}
	return m
}

// beyond counts the latencies that a quantile leaves above it.
func beyond(h *hdrhistogram.Histogram, q float64) int64 {
	return int64(float64(h.TotalCount())*(1-q) + 1e-6)
}

// curve is the latency at each of profiles.Quantiles, 0 where the tail is thin.
func curve(h *hdrhistogram.Histogram) []int64 {
	values := make([]int64, len(profiles.Quantiles))
	for i, q := range profiles.Quantiles {
		if beyond(h, q) >= farTail {
			values[i] = h.ValueAtQuantile(100 * q)
		}
	}
	return values
}

// counters tell how often what happened beside the requests.
func counters(p pass) map[string]int64 {
	m := map[string]int64{
		"requests":           p.client.Requests,
		"requests_served":    p.reports[1].Served,
		"requests_beyond_1s": slow(p.latency),
		"dial_retries":       p.client.Retries,
		"steal_ms":           p.machine.Steal.Milliseconds(),
		"other_cpu_ms":       host.OthersCPU(p.machine, own(p)).Milliseconds(),
		"tcp_retransmits":    p.machine.Retransmits,
		"tcp_timeouts":       p.machine.Timeouts,
		"listen_overflows":   p.machine.ListenOverflows,
		"time_wait":          p.machine.TimeWait,
	}
	for side, u := range map[string]child.Usage{"client": p.client.Usage, "server": p.reports[1].Usage} {
		m[side+"_gc"] = u.GC
		m[side+"_gc_pause_us"] = u.GCPause.Microseconds()
		m[side+"_alloc_bytes"] = u.AllocatedBytes
		if u.Switches {
			m[side+"_involuntary_switches"] = u.Involuntary
			m[side+"_minor_faults"] = u.MinorFaults
		}
	}
	return m
}

// slow counts requests of a second and more: on TCP, a lost SYN.
func slow(h *hdrhistogram.Histogram) int64 {
	if h.Max() < int64(time.Second) {
		return 0
	}
	n := int64(0)
	for _, bar := range h.Distribution() {
		if bar.From >= int64(time.Second) {
			n += bar.Count
		}
	}
	return n
}

// own is the CPU time of both sides.
func own(p pass) time.Duration {
	c, s := p.client.Usage, p.reports[1].Usage
	return c.User + c.System + s.User + s.System
}
