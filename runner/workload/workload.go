// Package workload holds the loops that are measured: [DialEcho] and [Echo] on
// the client's side, [Serve] and [ServeConn] on the server's.
//
// People read these loops line by line beside the time that each line took, so
// they are written to be read: one call a line, and nothing on the way that is
// not part of the request, but for work.Next (one atomic subtraction) and
// latencies.Lap (one reading of the clock, one increment in a histogram).
//
// All loops are closed: a worker sends its next request when it has the answer to
// the last one. What they measure is service time, and requests per second is
// the number of workers divided by the mean latency.
package workload

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/runner"
)

// Dialer opens the connections of a client: socket.Dialer. It is used by all
// workers at once.
type Dialer interface {
	Dial() (net.Conn, error)
	// Retries counts the dials that were tried again.
	Retries() int64
}

// Client runs one workload from a fixed number of workers. Its passes run one
// after the other, over the same connections where the workload keeps them.
type Client struct {
	workload runner.Workload
	dialer   Dialer
	message  []byte
	conns    []net.Conn // one a worker; nil where the workload dials by itself
}

// Options say what a client does.
type Options struct {
	Workload    runner.Workload
	Socket      runner.Socket
	Variant     runner.Variant
	Dialer      Dialer
	Size        int // of a message in bytes, at least 1
	Concurrency int // workers, at least 1
	Rate        int // requests per second of all workers together; 0 for a closed loop
}

// Open connects the workers, and checks with one request each that what comes back
// is what was sent. The measured passes check only how much came back.
func Open(o Options) (*Client, error) {
	w, dialer, size, n := o.Workload, o.Dialer, o.Size, o.Concurrency
	c := &Client{workload: w, dialer: dialer, message: message(size), conns: make([]net.Conn, n)}
	if w != runner.DialEcho && w != runner.Echo {
		return nil, fmt.Errorf("workload %q is not known to this version", w)
	}
	for i := range c.conns {
		conn, err := dialer.Dial()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open connection %d of %d: %w", i+1, n, err), c.Close())
		}
		c.conns[i] = conn
		if err := verify(conn, size); err != nil {
			return nil, errors.Join(fmt.Errorf("check the echo of connection %d: %w", i+1, err), c.Close())
		}
	}
	if w == runner.DialEcho {
		return c, c.Close()
	}
	return c, nil
}

// Close closes the connections that are kept. It may be called twice.
func (c *Client) Close() error {
	var errs []error
	for i, conn := range c.conns {
		if conn != nil {
			errs = append(errs, conn.Close())
			c.conns[i] = nil
		}
	}
	return errors.Join(errs...)
}

// Pass is what one pass measured.
type Pass struct {
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
	Counts
	Dials int64 // connections opened in the pass
}

// Meter is told when the requests of a pass begin and when they have ended:
// what a pass needs before and after that is not the workload's.
type Meter interface {
	Start()
	Stop()
}

// Run lets every worker loop until the budget is used up. An error of one worker
// ends the pass for all.
func (c *Client) Run(b Budget, m Meter) (Pass, error) {
	latencies := NewLatencies(len(c.conns))
	errs := make([]error, len(c.conns))
	retries := c.dialer.Retries()
	var work *Work
	start := make(chan struct{})
	var workers sync.WaitGroup
	for i := range c.conns {
		workers.Go(func() {
			<-start
			if errs[i] = c.loop(i, work, latencies[i]); errs[i] != nil {
				work.Stop()
			}
		})
	}
	m.Start()
	work = NewWork(b)
	close(start)
	workers.Wait()
	p := Pass{Elapsed: time.Since(work.began)}
	m.Stop()
	p.Retries = c.dialer.Retries() - retries
	p.Latency, p.Beyond = merge(latencies)
	p.Requests = p.Latency.TotalCount()
	if err := errors.Join(errs...); err != nil {
		return p, fmt.Errorf("after %d requests: %w", p.Requests, err)
	}
	return p, nil
}

func (c *Client) loop(worker int, work *Work, latencies *Latencies) error {
	if c.workload == runner.DialEcho {
		return DialEcho(c.dialer, c.message, work, latencies)
	}
	return Echo(c.conns[worker], c.message, work, latencies)
}

// message is "Hello" as often as it fits.
func message(size int) []byte {
	return bytes.Repeat([]byte("Hello"), size/5+1)[:size]
}

// verify sends size random bytes and wants them back.
func verify(conn net.Conn, size int) error {
	sent, got := make([]byte, size), make([]byte, size)
	_, _ = rand.Read(sent) // never fails
	if _, err := conn.Write(sent); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, got); err != nil {
		return err
	}
	if !bytes.Equal(sent, got) {
		return errors.New("other bytes came back than were sent; another program may answer on this address")
	}
	return nil
}
