// Package sockettest holds the exercises that every kind of socket has to pass.
package sockettest

import (
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// deadline bounds what would otherwise block for ever when an exercise fails.
const deadline = 20 * time.Second

// Exercise holds a kind of socket to its contract. It skips, with the reason, a
// kind that this machine lacks.
func Exercise(t *testing.T, kind socket.Kind) {
	if reason := Missing(t, kind); reason != "" {
		t.Skip(reason)
	}
	exercises := map[string]func(*testing.T, socket.Kind){
		"sizes":            sizes,
		"many clients":     manyClients,
		"no leftovers":     noLeftovers,
		"client closes":    clientCloses,
		"deadlines":        deadlines,
		"listener closed":  listenerClosed,
		"two listeners":    twoListeners,
		"foreign address":  foreignAddress,
		"buffers are told": buffers,
	}
	if kind.Name().Connected() {
		exercises["server closes"] = serverCloses
	}
	if !kind.Name().Stream() {
		exercises["one read is one record"] = records
		exercises["record too long"] = recordTooLong
	}
	if !kind.Name().Connected() {
		exercises["one conn answers many"] = answersMany
	}
	if kind.Name().TCP() {
		exercises["targets"] = targets
	}
	for name, exercise := range exercises {
		t.Run(name, func(t *testing.T) { t.Parallel(); exercise(t, kind) })
	}
}

// Missing is why this machine cannot open that kind, or "". Only vsock may be
// missing on Linux: elsewhere several may.
func Missing(t testing.TB, kind socket.Kind) string {
	t.Helper()
	dir := Dir(t)
	o, d := options(t, kind, dir, 1)
	l, address, err := kind.Listen(o)
	if err != nil {
		return mayLack(t, kind, err)
	}
	// Somebody has to accept: a dial of TLS waits for the server's part of the
	// handshake.
	var served sync.WaitGroup
	served.Go(func() {
		if conn, err := l.Accept(); err == nil {
			defer conn.Close()
			_, _ = conn.Read(make([]byte, 1))
		}
	})
	defer served.Wait()
	defer l.Close()
	dialer, err := kind.Dialer(address, d)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dialer.Dial()
	if err != nil {
		return mayLack(t, kind, err)
	}
	conn.Close()
	return ""
}

// Open listens and dials for n clients in a directory of its own, which has to be
// empty when the test is over.
func Open(t testing.TB, kind socket.Kind, n int) (net.Listener, *socket.Dialer) {
	t.Helper()
	l, _, dialer := openWith(t, kind, n, func(*socket.Options) {})
	return l, dialer
}

func openWith(t testing.TB, kind socket.Kind, n int, change func(*socket.Options)) (l net.Listener, address string, d *socket.Dialer) {
	t.Helper()
	dir := Dir(t)
	o, dial := options(t, kind, dir, n)
	change(&o)
	dial.Variant = o.Variant
	l, address, err := kind.Listen(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Close()
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("after all was closed, %v are left in the directory: %v", left, err)
		}
	})
	if d, err = kind.Dialer(address, dial); err != nil {
		t.Fatal(err)
	}
	return l, address, d
}

// options are those for n clients.
func options(t testing.TB, kind socket.Kind, dir string, n int) (socket.Options, socket.DialOptions) {
	t.Helper()
	o, d := socket.Options{Dir: dir, Servers: n}, socket.DialOptions{Dir: dir}
	if kind.Name() != runner.SocketPair {
		return o, d
	}
	for range n {
		server, client, err := socket.Pair()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Close(); client.Close() })
		o.Files, d.Files = append(o.Files, server), append(d.Files, client)
	}
	return o, d
}

// StartEcho serves echoes to n clients until the test ends.
func StartEcho(t testing.TB, kind socket.Kind, n int) *socket.Dialer {
	t.Helper()
	l, d := Open(t, kind, n)
	Serve(t, kind, l)
	return d
}

// Serve answers echoes at l until the test ends, and closes it.
func Serve(t testing.TB, kind socket.Kind, l net.Listener) {
	var all sync.WaitGroup
	buffers := sync.Pool{New: func() any { b := make([]byte, max(64<<10, kind.Name().MaxRecord())); return &b }}
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				b := buffers.Get().(*[]byte)
				defer buffers.Put(b)
				echo(conn, kind, *b)
			})
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
}

// echo answers until the connection ends.
func echo(conn net.Conn, kind socket.Kind, b []byte) {
	for {
		n, err := conn.Read(b)
		if err != nil {
			return
		}
		if _, err := conn.Write(b[:n]); err != nil && kind.Name().Connected() {
			return // without connections, it was one client that left
		}
	}
}

// Dial dials and closes the connection when the test ends.
func Dial(t testing.TB, d *socket.Dialer) net.Conn {
	t.Helper()
	conn, err := d.Dial()
	if err != nil {
		t.Fatal(err)
	}
	return bounded(t, conn)
}

func accept(t testing.TB, l net.Listener) net.Conn {
	t.Helper()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return bounded(t, conn)
}

func bounded(t testing.TB, conn net.Conn) net.Conn {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
