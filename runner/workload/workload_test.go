package workload_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
	"github.com/sockscope/sockscope/runner/workload"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestPass runs every workload over every socket and counts on both sides.
func TestPass(t *testing.T) {
	t.Parallel()
	for _, w := range runner.Workloads {
		for _, name := range runner.Sockets {
			for _, c := range []struct{ size, workers, requests int }{
				{1, 1, 1}, {5, 1, 300}, {5, 7, 300}, {5, 9, 4}, {5, 100, 1000}, {65536, 2, 20}, {1 << 20, 1, 3},
			} {
				t.Run(fmt.Sprint(w, " ", name, " ", c), func(t *testing.T) {
					t.Parallel()
					dialer, served := serve(t, w, name, c.size)
					client := open(t, w, dialer, c.size, c.workers)
					// The server counts after its last write, so wait for it.
					reaches(served, int64(c.workers)) // Open checked each connection once
					var m meter
					p, err := client.Run(workload.Budget{Requests: int64(c.requests)}, &m)
					if err != nil {
						t.Fatal(err)
					}
					if p.Requests != int64(c.requests) || p.Latency.TotalCount() != p.Requests {
						t.Errorf("the pass made %d requests and %d latencies, want %d of each", p.Requests, p.Latency.TotalCount(), c.requests)
					}
					if m != "start stop " {
						t.Errorf("the meter was told %q", m)
					}
					if p.Latency.Min() <= 0 || p.Latency.Max() > 2*int64(p.Elapsed) {
						t.Errorf("latencies of %d to %d ns in %s", p.Latency.Min(), p.Latency.Max(), p.Elapsed)
					}
					reaches(served, int64(c.workers)+p.Requests)
				})
			}
		}
	}
}

// TestLapsHaveNoGaps: the laps of one worker add up to the time of the pass.
func TestLapsHaveNoGaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dialer := slowDialer{time.Millisecond}
		client := open(t, runner.DialEcho, dialer, 5, 1)
		p, err := client.Run(workload.Budget{Requests: 100}, new(meter))
		if err != nil {
			t.Fatal(err)
		}
		if p.Elapsed != 100*time.Millisecond {
			t.Errorf("100 requests of 1 ms took %s", p.Elapsed)
		}
		if mean := p.Latency.Mean(); mean < .999e6 || mean > 1.001e6 {
			t.Errorf("the mean latency is %.0f ns, want 1 ms to one part in a thousand", mean)
		}
	})
}

func TestTooLongIsCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := open(t, runner.DialEcho, slowDialer{2 * time.Minute}, 5, 1)
		p, err := client.Run(workload.Budget{Requests: 3}, new(meter))
		if err != nil || p.Requests != 3 || p.Beyond != 3 {
			t.Errorf("three requests of two minutes: %d requests, %d beyond, %v", p.Requests, p.Beyond, err)
		}
	})
}

func TestErrorEndsAllWorkers(t *testing.T) {
	t.Parallel()
	broken := errors.New("the cable is cut")
	dialer := &failingDialer{after: 10, err: broken}
	client := open(t, runner.DialEcho, dialer, 5, 3)
	p, err := client.Run(workload.Budget{Requests: 1 << 40}, new(meter))
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), fmt.Sprintf("after %d requests", p.Requests)) {
		t.Errorf("Run: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	if _, err := workload.Open(workload.Options{Workload: "sing", Dialer: slowDialer{}, Size: 5, Concurrency: 1}); err == nil || !strings.Contains(err.Error(), "sing") {
		t.Errorf("Open of an unknown workload: %v", err)
	}
	if _, err := workload.Open(workload.Options{Workload: runner.Echo, Dialer: liar{}, Size: 5, Concurrency: 1}); err == nil || !strings.Contains(err.Error(), "other bytes") {
		t.Errorf("Open with a server that does not echo: %v", err)
	}
	gone := errors.New("nobody there")
	if _, err := workload.Open(workload.Options{Workload: runner.Echo, Dialer: &failingDialer{after: 2, err: gone}, Size: 5, Concurrency: 3}); !errors.Is(err, gone) {
		t.Errorf("Open with a server that takes two connections of three: %v", err)
	}
}

func TestSourcesHoldTheLoops(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"dial_echo.go": "conn, err := dialer.Dial()", "echo.go": "func Echo(", "serve.go": "func ServeConn(",
	} {
		b, err := fs.ReadFile(workload.Sources, file)
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("Sources lack %q in %s: %v", want, file, err)
		}
		if disk, err := os.ReadFile(file); err == nil && string(disk) != string(b) {
			t.Errorf("%s differs from the file on disk", file)
		}
	}
}

// meter notes what it is told.
type meter string

func (m *meter) Start() { *m += "start " }
func (m *meter) Stop()  { *m += "stop " }

// reaches waits until n is want; the test runs into its own time limit if not.
func reaches(n *workload.Tally, want int64) {
	for n.Counts().Messages != want {
		runtime.Gosched()
	}
}

func open(t *testing.T, w runner.Workload, d workload.Dialer, size, n int) *workload.Client {
	t.Helper()
	c, err := workload.Open(workload.Options{Workload: w, Socket: runner.TCP4, Dialer: d, Size: size, Concurrency: n})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func serve(t *testing.T, w runner.Workload, name runner.Socket, size int) (workload.Dialer, *workload.Tally) {
	t.Helper()
	kind, err := socket.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := kind.Listen(sockettest.Dir(t))
	if err != nil {
		t.Fatal(err)
	}
	var served workload.Tally
	var all sync.WaitGroup
	all.Go(func() {
		if err := workload.Serve(l, workload.ServeOptions{Workload: w, Socket: name, Size: size}, &served); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return kind.Dialer(l.Addr().String()), &served
}

// slowDialer takes its time to connect to an echo in memory.
type slowDialer struct{ takes time.Duration }

func (d slowDialer) Retries() int64 { return 0 }

func (d slowDialer) Dial() (net.Conn, error) {
	time.Sleep(d.takes)
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		b := make([]byte, 5)
		for {
			if _, err := io.ReadFull(server, b); err != nil {
				return
			}
			if _, err := server.Write(b); err != nil {
				return
			}
		}
	}()
	return client, nil
}

// failingDialer connects a number of times and then no more.
type failingDialer struct {
	after int64
	err   error
	dials atomic.Int64
}

func (d *failingDialer) Retries() int64 { return 0 }

func (d *failingDialer) Dial() (net.Conn, error) {
	if d.dials.Add(1) > d.after {
		return nil, d.err
	}
	return slowDialer{}.Dial()
}

// liar answers with its own bytes.
type liar struct{}

func (liar) Retries() int64 { return 0 }

func (liar) Dial() (net.Conn, error) {
	client, server := net.Pipe()
	go func() {
		defer server.Close()
		b := make([]byte, 5)
		if _, err := io.ReadFull(server, b); err == nil {
			_, _ = server.Write([]byte("\x00lies"))
		}
	}()
	return client, nil
}
