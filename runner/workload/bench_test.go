package workload_test

import (
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/workload"
)

// What the measured loops pay per request for being measured: each loop over a
// socket that does nothing at once.

// mirror is a conn that answers every write with the same bytes.
type mirror struct{ last []byte }

func (m *mirror) Write(b []byte) (int, error)      { m.last = b; return len(b), nil }
func (m *mirror) Read(b []byte) (int, error)       { return copy(b, m.last), nil }
func (*mirror) Close() error                       { return nil }
func (*mirror) LocalAddr() net.Addr                { return nil }
func (*mirror) RemoteAddr() net.Addr               { return nil }
func (*mirror) SetDeadline(time.Time) error        { return nil }
func (*mirror) SetReadDeadline(t time.Time) error  { return nil }
func (*mirror) SetWriteDeadline(t time.Time) error { return nil }

// mirrors dials a mirror, each time another one if it is nil.
type mirrors struct{ mirror *mirror }

func (mirrors) Retries() int64 { return 0 }

func (d mirrors) Dial() (net.Conn, error) {
	if d.mirror == nil {
		return &mirror{}, nil
	}
	return d.mirror, nil
}

func BenchmarkEcho(b *testing.B) {
	work, latencies := workload.NewWork(workload.Budget{Requests: int64(b.N)}), workload.NewLatencies(1)[0]
	b.ResetTimer()
	if err := workload.Echo(&mirror{}, make([]byte, 64), work, latencies); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkDialEcho(b *testing.B) {
	work, latencies := workload.NewWork(workload.Budget{Requests: int64(b.N)}), workload.NewLatencies(1)[0]
	b.ResetTimer()
	if err := workload.DialEcho(mirrors{&mirror{}}, make([]byte, 64), work, latencies); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkStream(b *testing.B) {
	work := workload.NewWork(workload.Budget{Requests: int64(b.N)})
	b.ResetTimer()
	if _, err := workload.Stream(&mirror{}, make([]byte, 64), work); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRecords is the echo with numbered messages; less the echo above, it is
// what datagrams pay.
func BenchmarkRecords(b *testing.B) {
	for _, name := range []runner.Socket{runner.UDP4, runner.UnixPacket} {
		b.Run(string(name), func(b *testing.B) {
			c := open(b, workload.Options{Workload: runner.Echo, Socket: name, Dialer: mirrors{&mirror{}}, Size: 64, Concurrency: 1})
			b.ResetTimer()
			if _, err := c.Run(workload.Budget{Requests: int64(b.N)}, new(meter)); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// source is a conn that always has more to read.
type source struct {
	mirror
	left  int
	chunk []byte
}

func (s *source) Read(b []byte) (int, error) {
	if s.left--; s.left < 0 {
		return 0, io.EOF
	}
	return copy(b, s.chunk), nil
}

func BenchmarkServeStream(b *testing.B) {
	for _, name := range []runner.Socket{runner.TCP4, runner.UDP4} {
		b.Run(string(name), func(b *testing.B) {
			receiver := workload.NewReceiver(workload.ServeOptions{Workload: runner.Stream, Socket: name, Size: 64}, &workload.Tally{})
			s := &source{left: b.N, chunk: make([]byte, 64)}
			b.ResetTimer()
			workload.ServeStream(s, receiver)
		})
	}
}

// BenchmarkSockets is a round trip within one process, for comparison.
func BenchmarkSockets(b *testing.B) {
	for _, w := range runner.Workloads {
		for _, name := range []runner.Socket{runner.Unix, runner.TCP4, runner.UDP4, runner.UnixGram} {
			if runner.Applicable(w, name, 64, 0) != "" {
				continue
			}
			b.Run(fmt.Sprint(w, "/", name), func(b *testing.B) {
				s := serve(b, w, name, 64, 1)
				c := open(b, workload.Options{Workload: w, Socket: name, Dialer: s.dialer, Size: 64, Concurrency: 1})
				b.ResetTimer()
				if _, err := c.Run(workload.Budget{Requests: int64(b.N)}, new(meter)); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}

func BenchmarkLap(b *testing.B) {
	l := workload.NewLatencies(1)[0]
	l.Start()
	for b.Loop() {
		l.Lap()
	}
}

func BenchmarkNext(b *testing.B) {
	w := workload.NewWork(workload.Budget{Requests: 1 << 62})
	for b.Loop() {
		if !w.Next() {
			b.Fatal("no work left")
		}
	}
}

func BenchmarkNextWithTimes(b *testing.B) {
	w := workload.NewWork(workload.Budget{Requests: 1, AtLeast: time.Hour, AtMost: 2 * time.Hour})
	for b.Loop() {
		if !w.Next() {
			b.Fatal("no work left")
		}
	}
}

// BenchmarkClock is the reading of the clock alone.
func BenchmarkClock(b *testing.B) {
	start := time.Now()
	for b.Loop() {
		_ = time.Since(start)
	}
}

// BenchmarkDeadline is what a deadline set anew for each request would cost.
func BenchmarkDeadline(b *testing.B) {
	s := serve(b, runner.Echo, runner.UDP4, 64, 1)
	conn, err := s.dialer.Dial()
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	for b.Loop() {
		if err := conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
			b.Fatal(err)
		}
	}
}
