package workload_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// faulty dials a real socket, and makes of the messages that are written to it what
// a network may make of them. The same seed makes the same faults.
type faulty struct {
	workload.Dialer
	size int // of the messages that are concerned
	faults

	on                     atomic.Bool
	seed                   atomic.Uint64
	dropped, doubled, held atomic.Int64
}

func (f *faulty) Dial() (net.Conn, error) {
	conn, err := f.Dialer.Dial()
	return &faultyConn{Conn: conn, faulty: f, random: rand.New(rand.NewPCG(f.seed.Add(1), 7))}, err
}

// faults are the shares of messages that something happens to.
type faults struct{ drop, double, holdBack float64 }

type faultyConn struct {
	net.Conn
	faulty *faulty

	mu     sync.Mutex
	random *rand.Rand
	held   []byte // goes out after the next message
}

func (c *faultyConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.faulty
	out := [][]byte{b, c.held}
	c.held = nil
	if p := c.random.Float64(); f.on.Load() && len(b) == f.size {
		switch {
		case p < f.drop:
			f.dropped.Add(1)
			out[0] = nil
		case p < f.drop+f.double:
			f.doubled.Add(1)
			out = append(out, b)
		case p < f.drop+f.double+f.holdBack:
			f.held.Add(1)
			c.held = append([]byte(nil), b...)
			out[0] = nil
		}
	}
	for _, m := range out {
		if m == nil {
			continue
		}
		if _, err := c.Conn.Write(m); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// TestStreamCountsWhatIsLost: what was sent is what was delivered and what got
// lost, in each pass, and what arrives after its pass is not in the next one.
func TestStreamCountsWhatIsLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size, workers int
		faults        faults
		variant       runner.Variant
	}{
		{size: 64, workers: 1, faults: faults{drop: .05}},
		{size: 64, workers: 3, faults: faults{drop: .02, double: .05, holdBack: .02}},
		{size: 12, workers: 1, faults: faults{drop: .3, double: .3, holdBack: .3}},
		{size: 24, workers: 5, faults: faults{drop: .9}},
		{size: 5, workers: 1, faults: faults{drop: .05, double: .05, holdBack: .05}},
		{size: 5, workers: 3, faults: faults{drop: .05}},
		{size: 1, workers: 2, faults: faults{drop: .1}},
		{size: 40000, workers: 1, faults: faults{drop: .1}},
		{size: 64, workers: 2, faults: faults{drop: .1, double: .1, holdBack: .1}, variant: runner.Flood},
	} {
		t.Run(fmt.Sprint(c.size, " ", c.workers, " ", c.variant), func(t *testing.T) {
			t.Parallel()
			s := serve(t, runner.Stream, runner.UDP4, c.size, c.workers)
			f := &faulty{Dialer: s.dialer, size: c.size, faults: c.faults}
			client := open(t, workload.Options{
				Workload: runner.Stream, Socket: runner.UDP4, Variant: c.variant, Dialer: f, Size: c.size, Concurrency: c.workers,
			})
			f.on.Store(true)
			const requests, passes = 300, 2
			var sum workload.Counts
			before := s.tally.Counts()
			for range passes {
				p, err := client.Run(workload.Budget{Requests: requests}, new(meter))
				if err != nil {
					t.Fatal(err)
				}
				if p.Messages+p.Lost != requests || p.Lost < 0 {
					t.Errorf("%d were sent: %d delivered and %d lost", requests, p.Messages, p.Lost)
				}
				sum = sum.Add(p.Counts)
			}
			if got := s.tally.Counts().Sub(before); got != sum {
				t.Errorf("the client counts %+v and the server %+v", sum, got)
			}
			if sum.Lost < f.dropped.Load() || c.variant == runner.Plain && sum.Lost > f.dropped.Load()+passes*int64(c.workers) {
				t.Errorf("%d are counted as lost and %d were dropped", sum.Lost, f.dropped.Load())
			}
			if sum.Duplicates > f.doubled.Load() || c.variant == runner.Plain && sum.Duplicates < f.doubled.Load()-passes*int64(c.workers) {
				t.Errorf("%d are counted as doubled and %d were", sum.Duplicates, f.doubled.Load())
			}
			if sum.Foreign+sum.Truncated > 0 || sum.Reordered > 0 && f.held.Load()+f.doubled.Load() == 0 {
				t.Errorf("counted what did not happen: %+v", sum)
			}
		})
	}
}

// TestFlood sends without credit as fast as it can, more than a socket's buffer
// holds.
func TestFlood(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 64, 60_000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			s := serve(t, runner.Stream, runner.UDP6, size, 2)
			client := open(t, workload.Options{
				Workload: runner.Stream, Socket: runner.UDP6, Variant: runner.Flood, Dialer: s.dialer, Size: size, Concurrency: 2,
			})
			const requests = 20_000
			p, err := client.Run(workload.Budget{Requests: requests}, new(meter))
			if err != nil {
				t.Fatal(err)
			}
			if p.Messages+p.Lost != requests || p.Messages == 0 || p.Duplicates > 0 || p.Reordered > 0 && size > 12 {
				t.Errorf("of %d messages: %+v", requests, p.Counts)
			}
			t.Logf("%+v", p.Counts)
		})
	}
}

// strangers is how many foreign messages a pass may count that nobody sent to it. A
// socket that dials has its port for a moment before it is connected, and takes what
// anybody sends there: another test to whoever had the port before, or the own server
// to the other worker's last connection. A sender that writes to every port is heard by
// one of ten thousand dials.
func strangers(w runner.Workload, name runner.Socket) int64 {
	if w == runner.DialEcho && name.Lossy() {
		return 2
	}
	return 0
}

// TestEchoGivesUp: a request whose message got lost is given up and counted, and
// its late reply is not taken for another's.
func TestEchoGivesUp(t *testing.T) {
	t.Parallel()
	for _, w := range []runner.Workload{runner.Echo, runner.DialEcho} {
		for _, size := range []int{1, 5, 64} {
			t.Run(fmt.Sprint(w, " ", size), func(t *testing.T) {
				t.Parallel()
				s := serve(t, w, runner.UDP4, size, 2)
				f := &faulty{Dialer: s.dialer, size: size, faults: faults{.04, .05, .03}}
				client := open(t, workload.Options{Workload: w, Socket: runner.UDP4, Dialer: f, Size: size, Concurrency: 2})
				if _, err := client.Run(workload.Budget{Requests: 50}, new(meter)); err != nil { // for the deadline
					t.Fatal(err)
				}
				f.on.Store(true)
				const requests = 100
				p, err := client.Run(workload.Budget{Requests: requests}, new(meter))
				if err != nil {
					t.Fatal(err)
				}
				lost := f.dropped.Load() + f.held.Load()
				if p.Requests+p.Lost != requests || p.Lost < lost || lost == 0 || p.Latency.TotalCount() != p.Requests {
					t.Errorf("of %d requests, of which %d got lost: %+v", requests, lost, p)
				}
				// A machine that stands still can make a reply late, never doubled.
				if p.Duplicates > f.doubled.Load() || p.Foreign > strangers(w, runner.UDP4) || p.Truncated > 0 {
					t.Errorf("counted what did not happen: %+v", p.Counts)
				}
				if w == runner.Echo && p.Reordered+2 < f.held.Load() {
					t.Errorf("%d late replies are counted, and %d messages were held back", p.Reordered, f.held.Load())
				}
			})
		}
	}
}

// TestForeignMessagesAreCounted sends a server what no client of the run would.
func TestForeignMessagesAreCounted(t *testing.T) {
	t.Parallel()
	for _, w := range []runner.Workload{runner.Echo, runner.Stream} {
		for _, name := range []runner.Socket{runner.UDP4, runner.UnixGram} {
			t.Run(fmt.Sprint(w, " ", name), func(t *testing.T) {
				t.Parallel()
				const size = 70_000 / 2
				s := serve(t, w, name, size, 1)
				stranger, err := s.dialer.Dial()
				if err != nil {
					t.Fatal(err)
				}
				defer stranger.Close()
				for _, n := range []int{1, size - 1, size + 1, 24} {
					if _, err := stranger.Write(make([]byte, n)); err != nil {
						t.Fatal(err)
					}
				}
				client := open(t, workload.Options{Workload: w, Socket: name, Dialer: s.dialer, Size: size, Concurrency: 1})
				if p, err := client.Run(workload.Budget{Requests: 10}, new(meter)); err != nil || p.Messages+p.Lost != 10 {
					t.Errorf("%+v, %v", p, err)
				}
				got := s.tally.Counts()
				if got.Foreign+got.Truncated != 4 {
					t.Errorf("four messages of strangers are counted as %+v", got)
				}
			})
		}
	}
}
