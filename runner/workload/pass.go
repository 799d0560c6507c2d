package workload

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/runner"
)

// Pass is what one pass measured.
type Pass struct {
	// Requests are those that were answered; of a stream, the messages that arrived.
	Requests int64
	Elapsed  time.Duration
	Retries  int64 // dials that were tried again
	Beyond   int64 // requests that took longer than Longest, counted as Longest
	// Latency is service time in a closed loop: from when a request was sent. In an
	// open loop it is response time: from when the request was due. It is empty for a
	// stream.
	Latency *hdrhistogram.Histogram
	// Service is service time, in an open loop only; else nil.
	Service *hdrhistogram.Histogram
	// Late requests of an open loop were sent more than 50 µs after they were due.
	Late int64
	// Counts are what the client saw, or was told by the receiver of its stream.
	// What a stream sent is Messages and Lost together.
	Counts
	Dials int64 // connections opened in the pass
}

// Meter is told when the requests of a pass begin and when they have ended:
// what a pass needs before and after that is not the workload's.
type Meter interface {
	Start()
	Stop()
}

// pass is one pass under way.
type pass struct {
	works   []*Work // of each worker
	sent    []int64 // of each stream
	reports []report
	errs    []error
}

// Run lets every worker loop until the budget is used up. An error of one worker
// ends the pass for all.
func (c *Client) Run(b Budget, m Meter) (Pass, error) {
	n := len(c.workers)
	run := pass{works: make([]*Work, n), sent: make([]int64, n), reports: make([]report, n), errs: make([]error, n)}
	for _, l := range c.latencies {
		l.reset()
	}
	retries, dials := c.o.Dialer.Retries(), c.dials.Load()
	start := make(chan struct{})
	var workers sync.WaitGroup
	for i := range n {
		workers.Go(func() {
			<-start
			if run.errs[i] = c.loop(i, &run); run.errs[i] != nil {
				run.works[i].Stop()
			}
		})
	}
	m.Start()
	began := time.Now()
	pace, err := c.handOut(b, run.works)
	close(start)
	workers.Wait()
	p := Pass{Elapsed: time.Since(began)}
	m.Stop()
	if pace != nil {
		err = pace.close()
	}
	p.Retries, p.Dials = c.o.Dialer.Retries()-retries, c.dials.Load()-dials
	c.count(&p, &run)
	if err := errors.Join(append(run.errs, err)...); err != nil {
		return p, fmt.Errorf("after %d requests: %w", p.Requests, err)
	}
	return p, nil
}

// handOut makes the work of all workers. The clock of the pass starts here. If
// there is no pace to be had, there is nothing to do.
func (c *Client) handOut(b Budget, works []*Work) (*pace, error) {
	if c.o.Rate == 0 {
		w := NewWork(b)
		for i := range works {
			works[i] = w
		}
		return nil, nil
	}
	p, err := newPace(b, c.o.Rate)
	for i := range works {
		if err != nil {
			works[i] = NewWork(Budget{})
			continue
		}
		works[i] = p.work(c.latencies[i])
	}
	return p, err
}

// loop is one worker in one pass.
func (c *Client) loop(i int, run *pass) (err error) {
	w, work, latencies := &c.workers[i], run.works[i], c.latencies[i]
	switch c.o.Workload {
	case runner.DialEcho:
		return DialEcho(w.dialer, w.message, work, latencies)
	case runner.Echo:
		return Echo(w.conn, w.message, work, latencies)
	case runner.Stream:
		if run.sent[i], err = Stream(w.conn, w.message, work); err == nil {
			run.reports[i], err = endPass(w.conn)
		}
		return err
	}
	return HTTP(c.http, url, w.message, work, latencies)
}

// count adds up what the workers counted.
func (c *Client) count(p *Pass, run *pass) {
	merge(c.latencies, p)
	if c.o.Workload == runner.Stream {
		c.countStreams(p, run)
		return
	}
	p.Requests = p.Latency.TotalCount()
	for i := range c.workers {
		if n := c.workers[i].numbered; n != nil {
			p.Counts, n.counts = p.Counts.Add(n.counts), Counts{}
		}
	}
	p.Messages, p.Bytes = p.Requests, p.Requests*int64(c.o.Size)
	if c.o.Workload == runner.DialEcho {
		p.Dials = p.Requests + p.Lost
	}
	if c.watch != nil && p.Requests > 0 {
		c.watch.after(time.Duration(p.Latency.ValueAtQuantile(99)))
	}
}

func (c *Client) countStreams(p *Pass, run *pass) {
	var when []interval
	sent := int64(0)
	for i, r := range run.reports {
		sent += run.sent[i]
		p.Counts = p.Counts.Add(r.Counts)
		if r.when.to > r.when.from {
			when = append(when, r.when)
		}
		// What was sent on a connection arrives, or the connection is not what it seems.
		if size := int64(c.o.Size); c.o.Socket.Connected() && run.errs[i] == nil && r.Bytes != run.sent[i]*size {
			run.errs[i] = fmt.Errorf("the receiver got %d bytes of %d messages of %d bytes", r.Bytes, run.sent[i], size)
		}
	}
	p.Receiving = total(union(when))
	p.Counts = p.Counts.of(sent)
	p.Requests = p.Messages
}
