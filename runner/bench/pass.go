package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// patience is how long a pass may take: ten times what the warm-up promises, and
// half a minute for what can stall once.
func patience(expected time.Duration) time.Duration { return 30*time.Second + 10*expected }

// pass is what one pass left at both sides.
type pass struct {
	client   child.Pass
	latency  *hdrhistogram.Histogram // empty for a stream
	service  *hdrhistogram.Histogram // nil for a closed loop
	reports  [2]child.Report         // client, server
	machine  host.Sample             // what the whole machine did meanwhile
	timeWait int64                   // TCP sockets in TIME_WAIT before it
}

// pass makes one pass at both sides. The server's window is the wider one: it
// opens before the client's first request and closes after its last.
func (r *run) pass(ctx context.Context, profile bool, b workload.Budget) (pass, error) {
	var p pass
	for _, side := range []*child.Process{r.server, r.client} {
		if err := side.Begin(ctx, profile); err != nil {
			return p, err
		}
	}
	before := host.TakeSample()
	var err error
	if profile {
		if err := r.beginDeep(); err != nil {
			return p, err
		}
	}
	expected := r.pace*time.Duration(b.Requests) + b.AtLeast
	if b.AtMost > 0 {
		expected = min(expected, b.AtMost)
	}
	if p.client, err = r.client.Run(ctx, b, patience(expected)); err != nil {
		return p, err
	}
	if profile {
		if err := r.endDeep(); err != nil {
			return p, err
		}
	}
	p.machine, p.timeWait = host.TakeSample().Since(before), before.TimeWait
	if p.reports, err = r.end(ctx); err != nil {
		return p, err
	}
	return p, p.decode(r.workload() == runner.Stream)
}

// end closes both windows at once: a profiler takes a tenth of a second to stop.
func (r *run) end(ctx context.Context) (reports [2]child.Report, err error) {
	var errs [2]error
	server := make(chan struct{})
	go func() {
		defer close(server)
		reports[1], errs[1] = r.server.End(ctx)
	}()
	reports[0], errs[0] = r.client.End(ctx)
	<-server
	return reports, first(errs[0], errs[1])
}

// decode reads the histograms and holds them against what the client counted.
func (p *pass) decode(stream bool) error {
	var err error
	if p.latency, err = hdrhistogram.Decode(p.client.Histogram); err != nil {
		return fmt.Errorf("read the client's histogram: %w", err)
	}
	if len(p.client.Service) > 0 {
		if p.service, err = hdrhistogram.Decode(p.client.Service); err != nil {
			return fmt.Errorf("read the client's histogram of service times: %w", err)
		}
	}
	n, want := p.latency.TotalCount(), p.client.Requests
	if stream {
		want = 0
	}
	switch {
	case p.client.Requests == 0:
		return fmt.Errorf("nothing came of %d requests in %s", p.sent(), p.client.Elapsed)
	case p.client.Elapsed <= 0 || n != want || p.service != nil && p.service.TotalCount() != n:
		return fmt.Errorf("the client reports %d requests and %d latencies in %s", p.client.Requests, n, p.client.Elapsed)
	}
	return nil
}

// sent counts the requests or messages that were sent: those that were lost too.
func (p *pass) sent() int64 { return p.client.Requests + p.client.Counts.Lost }

// mean is the mean time that a request took: service time where the loop is open,
// and the time between two messages of a stream.
func (p *pass) mean() float64 {
	switch {
	case p.service != nil:
		return p.service.Mean()
	case p.latency.TotalCount() > 0:
		return p.latency.Mean()
	}
	return float64(p.client.Elapsed) / float64(p.client.Requests)
}

// own is the CPU time of both sides.
func (p *pass) own() time.Duration {
	c, s := p.client.Usage, p.reports[1].Usage
	return c.User + c.System + s.User + s.System
}

// noisy says what disturbed the pass beyond the limits.
func (p *pass) noisy() string { return host.UsualLimits().Noisy(p.machine, p.own()) }
