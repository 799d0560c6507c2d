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

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
	"github.com/sockscope/sockscope/runner/workload"
)

// TestPass runs every workload over every socket and counts on both sides.
func TestPass(t *testing.T) {
	t.Parallel()
	for _, w := range runner.Workloads {
		for _, name := range runner.Sockets {
			for _, c := range []struct{ size, workers, requests int }{
				{1, 1, 1}, {5, 1, 300}, {5, 7, 300}, {11, 9, 4}, {12, 3, 200}, {24, 2, 100}, {5, 100, 1000}, {65000, 2, 20}, {1 << 20, 1, 3},
			} {
				if runner.Applicable(w, name, c.size, 0) != "" || name == runner.VSock {
					continue
				}
				if name == runner.TLS && w.Dials() { // a handshake takes milliseconds
					c.requests = min(c.requests, 20)
				}
				t.Run(fmt.Sprint(w, " ", name, " ", c), func(t *testing.T) {
					t.Parallel()
					run(t, w, name, c.size, c.workers, c.requests)
				})
			}
		}
	}
}

// run makes two passes and holds what they say against what the server says.
func run(t *testing.T, w runner.Workload, name runner.Socket, size, workers, requests int) {
	s := serve(t, w, name, size, workers)
	client := open(t, workload.Options{Workload: w, Socket: name, Dialer: s.dialer, Size: size, Concurrency: workers})
	for range 2 {
		// The server counts after its last write, so wait for it.
		before := s.settled(t, name)
		var m meter
		p, err := client.Run(workload.Budget{Requests: int64(requests)}, &m)
		if err != nil {
			t.Fatal(err)
		}
		if p.Requests+p.Lost != int64(requests) || p.Lost > 0 && !name.Lossy() || p.Messages != p.Requests || p.Bytes != p.Requests*int64(size) {
			t.Errorf("of %d requests of %d bytes the pass counts %+v", requests, size, p)
		}
		if m != "start stop " {
			t.Errorf("the meter was told %q", m)
		}
		if p.Foreign > strangers(w, name) || p.Truncated+p.Duplicates > 0 || p.Late > 0 || p.Service != nil {
			t.Errorf("the pass counts what did not happen: %+v", p)
		}
		if want := dials(w, p); p.Dials < want || p.Dials > want+redials(w) {
			t.Errorf("%d connections were dialed in the pass, want %d", p.Dials, want)
		}
		if w != runner.Stream {
			checkLatency(t, p)
			s.reaches(before.Messages + p.Requests)
			continue
		}
		if p.Latency.TotalCount() != 0 {
			t.Errorf("a stream has %d latencies", p.Latency.TotalCount())
		}
		got := s.tally.Counts().Sub(before)
		if got != p.Counts || p.Receiving > p.Elapsed {
			t.Errorf("the client says %+v in %s and the server %+v", p.Counts, p.Elapsed, got)
		}
	}
}

func checkLatency(t *testing.T, p workload.Pass) {
	t.Helper()
	if p.Latency.TotalCount() != p.Requests {
		t.Errorf("%d requests have %d latencies", p.Requests, p.Latency.TotalCount())
	}
	if p.Requests > 0 && (p.Latency.Min() <= 0 || p.Latency.Max() > 2*int64(p.Elapsed)) {
		t.Errorf("latencies of %d to %d ns in %s", p.Latency.Min(), p.Latency.Max(), p.Elapsed)
	}
}

func dials(w runner.Workload, p workload.Pass) int64 {
	if w.Dials() {
		return p.Requests + p.Lost
	}
	return 0
}

// TestLapsHaveNoGaps: the laps of one worker add up to the time of the pass.
func TestLapsHaveNoGaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dialer := slowDialer{time.Millisecond}
		client := open(t, workload.Options{Workload: runner.DialEcho, Socket: runner.TCP4, Dialer: dialer, Size: 5, Concurrency: 1})
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
		client := open(t, workload.Options{Workload: runner.DialEcho, Socket: runner.TCP4, Dialer: slowDialer{2 * time.Minute}, Size: 5, Concurrency: 1})
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
	client := open(t, workload.Options{Workload: runner.DialEcho, Socket: runner.TCP4, Dialer: dialer, Size: 5, Concurrency: 3})
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
	if _, err := workload.Open(workload.Options{Workload: runner.Echo, Socket: runner.TCP4, Dialer: liar{}, Size: 5, Concurrency: 1}); err == nil || !strings.Contains(err.Error(), "other bytes") {
		t.Errorf("Open with a server that does not echo: %v", err)
	}
	gone := errors.New("nobody there")
	if _, err := workload.Open(workload.Options{Workload: runner.Echo, Socket: runner.TCP4, Dialer: &failingDialer{after: 2, err: gone}, Size: 5, Concurrency: 3}); !errors.Is(err, gone) {
		t.Errorf("Open with a server that takes two connections of three: %v", err)
	}
}

func TestSourcesHoldTheLoops(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"dial_echo.go": "conn, err := dialer.Dial()", "echo.go": "func Echo(", "stream.go": "func Stream(", "http.go": "func HTTP(",
		"serve.go": "func ServeConn(", "serve_stream.go": "func ServeStream(", "serve_request.go": "func ServeRequest(",
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

// redials is how many kept connections net/http may give up on a busy machine: it
// does so if its writer does not get the CPU within 50 ms after the answer.
func redials(w runner.Workload) int64 {
	if w == runner.HTTP {
		return 3
	}
	return 0
}

func open(t testing.TB, o workload.Options) *workload.Client {
	t.Helper()
	c, err := workload.Open(o)
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

// server is one that runs until the test ends.
type server struct {
	dialer *socket.Dialer
	tally  workload.Tally
}

func serve(t testing.TB, w runner.Workload, name runner.Socket, size, workers int) *server {
	t.Helper()
	kind, err := socket.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := sockettest.Dir(t)
	servers, clients := pairs(t, name, workers)
	l, address, err := kind.Listen(socket.Options{Dir: dir, Files: servers})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{}
	if s.dialer, err = kind.Dialer(address, socket.DialOptions{Dir: dir, Files: clients}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		if err := workload.Serve(l, workload.ServeOptions{Workload: w, Socket: name, Size: size}, &s.tally); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return s
}

func pairs(t testing.TB, name runner.Socket, n int) (servers, clients []*os.File) {
	t.Helper()
	for range n {
		if name != runner.SocketPair {
			break
		}
		s, c, err := socket.Pair()
		if err != nil {
			t.Fatal(err)
		}
		servers, clients = append(servers, s), append(clients, c)
	}
	return servers, clients
}

// reaches waits until the server counts so many messages; the test runs into its
// own time limit if it does not.
func (s *server) reaches(n int64) {
	for s.tally.Counts().Messages < n {
		runtime.Gosched()
	}
}

// settled returns the server's counts when nothing is under way.
func (s *server) settled(t testing.TB, name runner.Socket) workload.Counts {
	t.Helper()
	for {
		c := s.tally.Counts()
		if time.Sleep(5 * time.Millisecond); s.tally.Counts() == c {
			return c
		}
	}
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
	once  bool // and then it works again
	dials atomic.Int64
}

func (d *failingDialer) Retries() int64 { return 0 }

func (d *failingDialer) Dial() (net.Conn, error) {
	if n := d.dials.Add(1); n > d.after && !d.once || n == d.after+1 {
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
