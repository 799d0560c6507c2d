package socket_test

import (
	"net"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// benchmarked are the kinds that this machine has.
func benchmarked(b *testing.B, bench func(*testing.B, socket.Kind)) {
	for _, name := range runner.Sockets {
		b.Run("sock="+string(name), func(b *testing.B) {
			kind, err := socket.Of(name)
			if err != nil {
				b.Fatal(err)
			}
			if reason := sockettest.Missing(b, kind); reason != "" {
				b.Skip(reason)
			}
			bench(b, kind)
		})
	}
}

func BenchmarkEcho(b *testing.B) {
	benchmarked(b, func(b *testing.B, kind socket.Kind) {
		conn := sockettest.Dial(b, sockettest.StartEcho(b, kind, 1))
		message := make([]byte, 64)
		roundTrip(b, conn, message)
		b.ReportAllocs()
		for b.Loop() {
			roundTrip(b, conn, message)
		}
	})
}

func BenchmarkDialEcho(b *testing.B) {
	benchmarked(b, func(b *testing.B, kind socket.Kind) {
		if kind.Name() == runner.SocketPair {
			b.Skip("a socketpair cannot be dialed")
		}
		d := sockettest.StartEcho(b, kind, 1)
		message := make([]byte, 64)
		b.ReportAllocs()
		for b.Loop() {
			conn, err := d.Dial()
			if err != nil {
				b.Fatal(err)
			}
			roundTrip(b, conn, message)
			if err := conn.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAccept is what the check of the peer's user costs: sock=unix has none.
func BenchmarkAccept(b *testing.B) {
	for _, name := range []runner.Socket{runner.Unix, runner.UnixAbstract} {
		b.Run("sock="+string(name), func(b *testing.B) {
			kind, err := socket.Of(name)
			if err != nil {
				b.Fatal(err)
			}
			l, d := sockettest.Open(b, kind, 1)
			b.ReportAllocs()
			for b.Loop() {
				client, err := d.Dial()
				if err != nil {
					b.Fatal(err)
				}
				server, err := l.Accept()
				if err != nil {
					b.Fatal(err)
				}
				server.Close()
				client.Close()
			}
		})
	}
}

// BenchmarkTargets is what several targets cost the server: joined in one Accept,
// or with an accept loop for each.
func BenchmarkTargets(b *testing.B) {
	for _, c := range []struct {
		name    string
		targets int
		each    bool
	}{{"one", 1, false}, {"joined", 4, false}, {"each", 4, true}} {
		b.Run("accept="+c.name, func(b *testing.B) {
			kind, err := socket.Of(runner.TCP4)
			if err != nil {
				b.Fatal(err)
			}
			l, address, err := kind.Listen(socket.Options{Targets: c.targets})
			if err != nil {
				b.Fatal(err)
			}
			listeners := []net.Listener{l}
			if c.each {
				listeners = socket.Each(l)
			}
			for _, each := range listeners {
				sockettest.Serve(b, kind, each)
			}
			d, err := kind.Dialer(address, socket.DialOptions{})
			if err != nil {
				b.Fatal(err)
			}
			d.Rotate(c.targets)
			for b.Loop() {
				if err := dialEcho(d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
