package bench

import (
	"math"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// counters tell how often what happened beside the requests. Those of TCP, UDP,
// load and TIME_WAIT are of the whole machine. load_x100 is the load average of a
// minute times 100.
func (r *run) counters(p pass) map[string]int64 {
	m := map[string]int64{
		"requests":           p.client.Requests,
		"requests_served":    p.reports[1].Counts.Messages,
		"requests_beyond_1s": slow(p.latency),
		"dial_retries":       p.client.Retries,
		"dials":              p.client.Dials,
		"steal_ms":           p.machine.Steal.Milliseconds(),
		"other_cpu_ms":       host.OthersCPU(p.machine, p.own()).Milliseconds(),
		"load_x100":          int64(math.Round(100 * p.machine.Load)),
		"tcp_retransmits":    p.machine.Retransmits,
		"tcp_timeouts":       p.machine.Timeouts,
		"listen_overflows":   p.machine.ListenOverflows,
		"listen_drops":       p.machine.ListenDrops,
		"time_wait_before":   p.timeWait,
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
	r.messages(m, p)
	if r.targets > 0 && r.plan != nil {
		m["addresses_dialed"] = int64(r.dialed)
		m["local_ports"] = int64(r.plan.Ports)
	}
	if r.socket() == runner.TLS {
		m["tls_resumed"] = p.client.Resumed
	}
	if p.service != nil {
		m["late_starts"] = p.client.Late
	}
	return m
}

// messages counts what became of the messages, where any can be lost or stand on
// their own.
func (r *run) messages(m map[string]int64, p pass) {
	if r.socket().Stream() && r.workload() != runner.Stream {
		return
	}
	client, server := p.client.Counts, p.reports[1].Counts
	m["messages_sent"] = p.sent()
	m["messages_delivered"] = p.client.Requests
	m["messages_truncated"], m["messages_foreign"] = r.strange(p)
	if !r.socket().Lossy() {
		return
	}
	m["messages_lost"] = client.Lost
	if r.numbered() {
		m["messages_duplicated"] = max(client.Duplicates, server.Duplicates)
		m["messages_reordered"] = max(client.Reordered, server.Reordered)
	}
	m["udp_receive_errors"] = p.machine.UDPReceiveErrors
	m["udp_send_errors"] = p.machine.UDPSendErrors
	if bytes := p.reports[1].ReceiveBuffer; bytes > 0 {
		m["receive_buffer_bytes"] = bytes
	}
}

// strange counts the messages that were cut and those that were of others, at both
// sides. The receiver of a stream tells the client, whose counts are then its own.
func (r *run) strange(p pass) (truncated, foreign int64) {
	client, server := p.client.Counts, p.reports[1].Counts
	if r.workload() == runner.Stream {
		return max(client.Truncated, server.Truncated), max(client.Foreign, server.Foreign)
	}
	return client.Truncated + server.Truncated, client.Foreign + server.Foreign
}

// numbered reports whether the messages have room for a number that tells them
// apart: those of several streams to one socket need the id of their stream too.
func (r *run) numbered() bool {
	return r.workload() != runner.Stream || r.cell.Concurrency == 1 || r.cell.Size >= workload.HeaderSize
}
