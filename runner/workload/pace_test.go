package workload_test

import (
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// stalling dials mirrors that stand still once: for a while, all of them together.
type stalling struct {
	after, reads atomic.Int64
	pause        time.Duration
}

func (d *stalling) Dial() (net.Conn, error) { return &stallingConn{stall: d}, nil }
func (*stalling) Retries() int64            { return 0 }

type stallingConn struct {
	mirror
	stall *stalling
}

func (c *stallingConn) Read(b []byte) (int, error) {
	if c.stall.reads.Add(1) == c.stall.after.Load() {
		time.Sleep(c.stall.pause)
	}
	return c.mirror.Read(b)
}

// TestStallIsInAllResponses: of a stall of 100 ms, each request that was due in it
// has its part, though one alone was under way.
func TestStallIsInAllResponses(t *testing.T) {
	t.Parallel()
	const rate, pause = 20_000, 100 * time.Millisecond
	d := &stalling{pause: pause}
	d.after.Store(2000)
	client := open(t, workload.Options{Workload: runner.Echo, Socket: runner.TCP4, Dialer: d, Size: 8, Concurrency: 1, Rate: rate})
	p, err := client.Run(workload.Budget{Requests: 8000}, new(meter))
	if err != nil {
		t.Fatal(err)
	}
	if p.Requests != 8000 || p.Latency.TotalCount() != 8000 || p.Service.TotalCount() != 8000 {
		t.Fatalf("%d requests, %d response times, %d service times", p.Requests, p.Latency.TotalCount(), p.Service.TotalCount())
	}
	// Those due in the pause wait for what is left of it.
	const due = rate * int64(pause) / int64(time.Second)
	for _, part := range []int64{2, 4, 10} {
		if n, least := beyond(p.Latency, pause/time.Duration(part)), due*(part-1)/part-1; n < least {
			t.Errorf("%d responses took more than 1/%d of the pause, want %d at least", n, part, least)
		}
	}
	if p.Late < due-1 {
		t.Errorf("%d starts were late, want %d at least", p.Late, due-1)
	}
	// A busy machine may add a stall of its own to the one.
	if n := beyond(p.Service, pause/2); n < 1 || n > 10 {
		t.Errorf("%d service times are longer than half of the pause, want 1", n)
	}
	if p.Latency.ValueAtQuantile(99) < int64(pause/2) {
		t.Errorf("the 99th percentile of response time is %s", time.Duration(p.Latency.ValueAtQuantile(99)))
	}
}

func TestOpenLoopKeepsItsBudget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		budget workload.Budget
		want   int64
	}{
		{"requests", workload.Budget{Requests: 300}, 300},
		{"nothing", workload.Budget{}, 0},
		{"at least", workload.Budget{Requests: 10, AtLeast: 50 * time.Millisecond}, 500},
		{"at most", workload.Budget{Requests: 1 << 40, AtMost: 30 * time.Millisecond}, 300},
		{"requests before at most", workload.Budget{Requests: 200, AtLeast: 10 * time.Millisecond, AtMost: time.Second}, 200},
	} {
		for _, workers := range []int{1, 5} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				client := open(t, workload.Options{
					Workload: runner.DialEcho, Socket: runner.TCP4, Dialer: mirrors{nil}, Size: 8, Concurrency: workers, Rate: 10_000,
				})
				for range 2 {
					p, err := client.Run(c.budget, new(meter))
					if err != nil || p.Requests != c.want {
						t.Errorf("%d requests, want %d: %v", p.Requests, c.want, err)
					}
					if last := time.Duration(c.want-1) * time.Second / 10_000; p.Elapsed < last {
						t.Errorf("%d requests took %s, and the last one is due after %s", c.want, p.Elapsed, last)
					}
				}
			})
		}
	}
}

func TestRateThatCannotBeKept(t *testing.T) {
	t.Parallel()
	client := open(t, workload.Options{
		Workload: runner.Echo, Socket: runner.TCP4, Dialer: mirrors{nil}, Size: 8, Concurrency: 3, Rate: 1_000_000_000,
	})
	_, err := client.Run(workload.Budget{Requests: 1 << 40}, new(meter))
	if err == nil || !strings.Contains(err.Error(), "the rate cannot be kept") {
		t.Errorf("a billion requests per second: %v", err)
	}
}

// TestErrorEndsAnOpenLoop does so while the others wait for what is due in seconds.
func TestErrorEndsAnOpenLoop(t *testing.T) {
	t.Parallel()
	broken := errors.New("the cable is cut")
	dialer := &failingDialer{after: 5, err: broken} // 3 to open, 2 requests
	client := open(t, workload.Options{Workload: runner.DialEcho, Socket: runner.TCP4, Dialer: dialer, Size: 5, Concurrency: 3, Rate: 2})
	p, err := client.Run(workload.Budget{Requests: 1 << 40}, new(meter))
	if !errors.Is(err, broken) || p.Requests != 2 {
		t.Errorf("%d requests, %v", p.Requests, err)
	}
}

func TestStreamTakesNoRate(t *testing.T) {
	t.Parallel()
	_, err := workload.Open(workload.Options{Workload: runner.Stream, Socket: runner.TCP4, Dialer: mirrors{nil}, Size: 5, Concurrency: 1, Rate: 5})
	if err == nil || !strings.Contains(err.Error(), "rate") {
		t.Errorf("Open of a stream with a rate: %v", err)
	}
}

// TestWorkersWaitInTurn: every start is one worker's, whatever their number, with
// real sockets below.
func TestWorkersWaitInTurn(t *testing.T) {
	t.Parallel()
	for _, w := range []runner.Workload{runner.Echo, runner.HTTP, runner.H2C} {
		t.Run(string(w), func(t *testing.T) {
			t.Parallel()
			s := serve(t, w, runner.Unix, 64, 20)
			client := open(t, workload.Options{Workload: w, Socket: runner.Unix, Dialer: s.dialer, Size: 64, Concurrency: 20, Rate: 5000})
			p, err := client.Run(workload.Budget{Requests: 1000}, new(meter))
			if err != nil {
				t.Fatal(err)
			}
			if p.Requests != 1000 || p.Service.TotalCount() != 1000 || p.Latency.Min() < p.Service.Min() || p.Latency.Mean() < p.Service.Mean() {
				t.Errorf("%d requests, %d service times of %.0f ns, responses of %.0f ns", p.Requests, p.Service.TotalCount(), p.Service.Mean(), p.Latency.Mean())
			}
		})
	}
}

// beyond counts what is longer than d.
func beyond(h *hdrhistogram.Histogram, d time.Duration) int64 {
	n := int64(0)
	for _, bar := range h.Distribution() {
		if bar.From >= int64(d) {
			n += bar.Count
		}
	}
	return n
}

// An error while another worker waits for its start leaves that start out: a
// request that is answered before it is due has no latency.
func TestErrorWhileAStartIsWaitedFor(t *testing.T) {
	t.Parallel()
	broken := errors.New("the cable is cut")
	for range 20 {
		dialer := &failingDialer{after: 3, err: broken, once: true} // 2 to open, 1 request
		client := open(t, workload.Options{Workload: runner.DialEcho, Socket: runner.TCP4, Dialer: dialer, Size: 5, Concurrency: 2, Rate: 20})
		p, err := client.Run(workload.Budget{Requests: 1 << 40}, new(meter))
		if !errors.Is(err, broken) || p.Requests > 1 {
			t.Fatalf("%d requests, %v", p.Requests, err)
		}
	}
}
