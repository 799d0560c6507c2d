package bench

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Fewest latencies beyond a percentile that make it worth telling. The far tail
// needs more: it is what people quote. Whoever reads is told the two numbers
// (profiles/chart, LatencyEnds).
const (
	fewTail  = 10
	farTail  = 100
	tailFrom = 0.999 // where the far tail begins
)

// metrics are those of the timing pass. What cannot be told is absent.
func (r *run) metrics(p pass) map[string]float64 {
	m := map[string]float64{}
	r.rates(m, p)
	quantiles(m, p.latency, names{profiles.LatencyMean, profiles.LatencyP50, profiles.LatencyP90, profiles.LatencyP99, profiles.LatencyP999})
	if p.service != nil {
		quantiles(m, p.service, names{profiles.ServiceMean, profiles.ServiceP50, profiles.ServiceP90, profiles.ServiceP99, profiles.ServiceP999})
		m[profiles.LateShare] = float64(p.client.Late) / float64(p.client.Requests)
	}
	if r.workload().HTTP() {
		m[profiles.DialsPerRequest] = float64(p.client.Dials) / float64(p.client.Requests)
	}
	usage(m, p)
	if r.socket().Stream() { // of datagrams and records: recvmsg and sendmsg, which nobody counts
		calls(m, p)
	}
	if p.service != nil {
		// The client of an open loop looks at the clock until the next request is
		// due: its CPU time is not that of the requests.
		delete(m, profiles.ClientUser)
		delete(m, profiles.ClientSys)
		delete(m, profiles.ClientCPU)
	}
	return m
}

// rates are what was delivered: for a stream at the receiver and in its time, else
// the answers in the time of the client.
func (r *run) rates(m map[string]float64, p pass) {
	elapsed := p.client.Elapsed
	if r.workload() == runner.Stream {
		elapsed = p.client.Counts.Receiving
		if elapsed > 0 {
			m[profiles.BytesPerSecond] = float64(p.client.Counts.Bytes) / elapsed.Seconds()
		}
	}
	if elapsed > 0 {
		m[profiles.RequestsPerSecond] = float64(p.client.Requests) / elapsed.Seconds()
	}
	if r.socket().Lossy() {
		m[profiles.LostShare] = float64(p.client.Counts.Lost) / float64(p.sent())
	}
}

// names of the metrics of one histogram.
type names struct{ mean, p50, p90, p99, p999 string }

func quantiles(m map[string]float64, h *hdrhistogram.Histogram, as names) {
	if h.TotalCount() == 0 {
		return
	}
	m[as.mean], m[as.p50] = h.Mean(), float64(h.ValueAtQuantile(50))
	for name, q := range map[string]float64{as.p90: .90, as.p99: .99, as.p999: .999} {
		least := int64(fewTail)
		if q >= tailFrom {
			least = farTail
		}
		if beyond(h, q) >= least {
			m[name] = float64(h.ValueAtQuantile(100 * q))
		}
	}
}

// usage is what both sides used up, for each request that was answered or message
// that arrived. The share of the time that a side
// was on CPU counts in CPUs: 1 is one CPU all the time, and a side with several
// can have more. The client's time is exactly the pass; the server's window is
// wider by two orders, in which it waits.
func usage(m map[string]float64, p pass) {
	n, wall := float64(p.client.Requests), float64(p.client.Elapsed)
	client, server := p.client.Usage, p.reports[1].Usage
	m[profiles.ClientUser], m[profiles.ClientSys] = float64(client.User)/n, float64(client.System)/n
	m[profiles.ServerUser], m[profiles.ServerSys] = float64(server.User)/n, float64(server.System)/n
	m[profiles.ClientCPU] = m[profiles.ClientUser] + m[profiles.ClientSys]
	m[profiles.ServerCPU] = m[profiles.ServerUser] + m[profiles.ServerSys]
	m[profiles.ClientOnCPU] = float64(client.User+client.System) / wall
	m[profiles.ServerOnCPU] = float64(server.User+server.System) / wall
	m[profiles.ClientAllocs] = float64(client.Allocations) / n
	m[profiles.ServerAllocs] = float64(server.Allocations) / n
	if client.Switches {
		m[profiles.ClientSwitches] = float64(client.Voluntary+client.Involuntary) / n
	}
	if server.Switches {
		m[profiles.ServerSwitches] = float64(server.Voluntary+server.Involuntary) / n
	}
}

// calls are the system calls that read and write, of both sides.
func calls(m map[string]float64, p pass) {
	n := float64(p.client.Requests)
	if u := p.client.Usage; u.Calls {
		m[profiles.ClientReads], m[profiles.ClientWrites] = float64(u.Reads)/n, float64(u.Writes)/n
	}
	if u := p.reports[1].Usage; u.Calls {
		m[profiles.ServerReads], m[profiles.ServerWrites] = float64(u.Reads)/n, float64(u.Writes)/n
	}
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
