// Package workload holds the loops that are measured: [DialEcho], [Echo], [Stream]
// and [HTTP] on the client's side, [ServeConn], [ServeStream] and [ServeRequest] on
// the server's. Each is one function for all kinds of sockets, so that the profiles
// of two kinds line up.
//
// People read these loops line by line beside the time that each line took, so
// they are written to be read: one call a line, and nothing on the way that is
// not part of the request, but for work.Next (one atomic subtraction) and
// latencies.Lap (one reading of the clock, one increment in a histogram). What
// datagrams need beside is in the conn below the loop: numbers that tell replies
// apart ([numbered]), the deadline of a lost one ([watch]), the credit of a stream
// ([sender], [numbers]).
//
// Loops are closed unless a rate is asked for: a worker sends its next request when
// it has the answer to the last one. What they measure is service time, and
// requests per second is the number of workers divided by the mean latency. In an
// open loop work.Next returns when the next request is due ([pace]), and response
// time from then on is measured beside service time. A process that waits for that
// by looking at the clock uses CPU: that of an open loop is not the requests' alone.
package workload

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/sockscope/sockscope/runner"
)

// Dialer opens the connections of a client: socket.Dialer. It is used by all
// workers at once.
type Dialer interface {
	Dial() (net.Conn, error)
	// Retries counts the dials that were tried again.
	Retries() int64
}

// Options say what a client does.
type Options struct {
	Workload    runner.Workload
	Socket      runner.Socket
	Variant     runner.Variant
	Dialer      Dialer
	Size        int // of a message in bytes, at least 1
	Concurrency int // workers, at least 1; those of h2c are streams of one connection
	Rate        int // requests per second of all workers together; 0 for a closed loop
}

func (o Options) floods() bool { return o.Variant == runner.Flood && o.Socket.Lossy() }

// check refuses what cannot be run.
func (o Options) check() error {
	known := false
	for _, w := range runner.Workloads {
		known = known || w == o.Workload
	}
	switch {
	case !known:
		return fmt.Errorf("workload %q is not known to this version", o.Workload)
	case o.Size < 1 || o.Concurrency < 1 || o.Rate < 0:
		return fmt.Errorf("%d workers with messages of %d bytes at %d per second cannot be run", o.Concurrency, o.Size, o.Rate)
	}
	if reason := runner.Applicable(o.Workload, o.Socket, o.Size, o.Rate); reason != "" {
		return errors.New(reason)
	}
	return nil
}

// Client runs one workload from a fixed number of workers. Its passes run one
// after the other, over the same connections where the workload keeps them.
type Client struct {
	o         Options
	workers   []worker
	latencies []*Latencies // kept for their memory
	watch     *watch       // nil where nothing gets lost
	http      *http.Client // nil for the other workloads
	dials     atomic.Int64 // of http
}

// worker is what one worker has of its own.
type worker struct {
	dialer   Dialer
	conn     net.Conn  // nil where the workload dials by itself
	numbered *numbered // where its socket carries records and they are answered; else nil
	message  []byte
}

// Open connects the workers, and checks with one request each that what comes back
// is what was sent. The measured passes check only how much came back.
func Open(o Options) (*Client, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	c := &Client{o: o, workers: make([]worker, o.Concurrency), latencies: NewLatencies(o.Concurrency)}
	if o.Rate > 0 {
		c.latencies = newOpenLatencies(o.Concurrency)
	}
	first, common := rand.Uint32(), message(o.Size)
	var all []*numbered
	for i := range c.workers {
		w := &c.workers[i]
		w.dialer, w.message = o.Dialer, common
		if o.Socket.Stream() {
			continue
		}
		w.message = message(o.Size)
		if o.Workload != runner.Stream {
			w.numbered = &numbered{lossy: o.Socket.Lossy(), connected: o.Socket.Connected(), stream: first + uint32(i)}
			w.dialer = numberedDialer{o.Dialer, w.numbered}
			all = append(all, w.numbered)
		}
	}
	if o.Socket.Lossy() && len(all) > 0 {
		c.watch = startWatch(all)
	}
	if err := c.connect(first); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close closes the connections that are kept. It may be called twice.
func (c *Client) Close() error {
	if c.watch != nil {
		c.watch.close()
		c.watch = nil
	}
	if c.http != nil {
		c.http.CloseIdleConnections()
	}
	var errs []error
	for i := range c.workers {
		if conn := c.workers[i].conn; conn != nil {
			errs = append(errs, conn.Close())
			c.workers[i].conn = nil
		}
	}
	return errors.Join(errs...)
}
