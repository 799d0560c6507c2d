package sockettest

import (
	"bytes"
	"errors"
	"syscall"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// records writes several messages before the other end reads the first one.
func records(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server, client := pair(t, kind, l, dialer)
	lengths := []int{1, 5, 3, 100}
	for _, n := range lengths {
		if _, err := client.Write(pattern(n)); err != nil {
			t.Fatal(err)
		}
	}
	b := make([]byte, 1000)
	for _, want := range lengths {
		if n, err := server.Read(b); err != nil || !bytes.Equal(b[:n], pattern(want)) {
			t.Errorf("read %d bytes, %v; want the record of %d bytes", n, err, want)
		}
	}
}

// recordTooLong sends what the buffer of the reader does not hold, and what the
// socket does not.
func recordTooLong(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server, client := pair(t, kind, l, dialer)
	for _, c := range []struct {
		sent, room int
		truncated  bool
	}{{10, 9, true}, {10, 10, false}, {10, 11, false}, {2, 1, true}, {kind.Name().MaxRecord(), 10, true}} {
		ends := []struct {
			name     string
			from, to interface {
				Read([]byte) (int, error)
				Write([]byte) (int, error)
			}
		}{{"server", client, server}, {"client", server, client}}
		for _, end := range ends {
			if _, err := end.from.Write(pattern(c.sent)); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, c.room)
			n, err := end.to.Read(b)
			if errors.Is(err, socket.ErrTruncated) != c.truncated || n != min(c.sent, c.room) || !bytes.Equal(b[:n], pattern(c.sent)[:n]) {
				t.Errorf("the %s read %d of %d bytes with room for %d: %v", end.name, n, c.sent, c.room, err)
			}
		}
	}
	more := kind.Name().MaxRecord() + 1
	if kind.Name() == runner.UDP6 {
		more = 65_528 // IPv6 does not count its own header, and udp6 is held to what udp4 can
	}
	if n, err := client.Write(pattern(more)); n != 0 || !errors.Is(err, syscall.EMSGSIZE) {
		t.Errorf("a record of %d bytes: %d, %v; want EMSGSIZE", more, n, err)
	}
	if _, err := client.Write([]byte("c")); err != nil {
		t.Fatal(err)
	}
	if err := greet(server); err != nil {
		t.Errorf("after records that were too long, the server cannot answer: %v", err)
	}
}

// answersMany lets one conn of the server answer two clients in turn.
func answersMany(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server := accept(t, l)
	if _, err := server.Write([]byte("x")); err == nil {
		t.Error("the server answered before anybody asked")
	}
	a, b := Dial(t, dialer), Dial(t, dialer)
	for i, client := range []interface {
		Read([]byte) (int, error)
		Write([]byte) (int, error)
	}{a, b, a, a, b} {
		want := []byte{'0' + byte(i)}
		if _, err := client.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := greet(server); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 2)
		if n, err := client.Read(got); err != nil || !bytes.Equal(got[:n], want) {
			t.Errorf("message %q was answered with %q, %v", want, got[:n], err)
		}
	}
}

// targets listens at four addresses and finds each of them.
func targets(t *testing.T, kind socket.Kind) {
	const n = 4
	l, _, dialer := openWith(t, kind, n, func(o *socket.Options) { o.Targets = n })
	if dialer.Targets() != n || len(socket.Each(l)) != n {
		t.Fatalf("Targets() = %d and Each has %d, want %d", dialer.Targets(), len(socket.Each(l)), n)
	}
	Serve(t, kind, l)
	for _, c := range []struct{ rotate, different int }{{0, 1}, {1, 1}, {3, 3}, {n, n}, {n + 1, n}, {-1, 1}} {
		dialer.Rotate(c.rotate)
		dialed := map[string]int{}
		for range 2 * n * 3 {
			conn := Dial(t, dialer)
			if _, err := conn.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			dialed[conn.RemoteAddr().String()]++
			conn.Close()
		}
		for address, times := range dialed {
			if times != 2*n*3/c.different {
				t.Errorf("Rotate(%d): %s was dialed %d times of %d", c.rotate, address, times, 2*n*3)
			}
		}
		if len(dialed) != c.different {
			t.Errorf("Rotate(%d) dialed %d addresses, want %d", c.rotate, len(dialed), c.different)
		}
	}
}
