// Package sockettest holds the exercises that every kind of socket has to pass.
package sockettest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner/socket"
)

// deadline bounds what would otherwise block for ever when an exercise fails.
const deadline = 20 * time.Second

// Exercise holds a stream socket to its contract.
func Exercise(t *testing.T, kind socket.Kind) {
	t.Run("echo", func(t *testing.T) { t.Parallel(); echo(t, kind) })
	t.Run("many connections", func(t *testing.T) { t.Parallel(); manyConnections(t, kind) })
	t.Run("client closes first", func(t *testing.T) { t.Parallel(); clientCloses(t, kind) })
	t.Run("server closes first", func(t *testing.T) { t.Parallel(); serverCloses(t, kind) })
	t.Run("listener closed", func(t *testing.T) { t.Parallel(); listenerClosed(t, kind) })
	t.Run("two listeners", func(t *testing.T) { t.Parallel(); twoListeners(t, kind) })
}

// echo sends messages of all the sizes at which buffers end, there and back.
func echo(t *testing.T, kind socket.Kind) {
	dialer := startEcho(t, kind)
	conn := dial(t, dialer)
	for _, n := range []int{1, 2, 5, 511, 512, 513, 4095, 4096, 4097, 65535, 65536, 65537, 1<<20 - 1, 1 << 20} {
		message := bytes.Repeat([]byte{byte(n), 'e', 'c', 'h', 'o'}, n/5+1)[:n]
		sent := make(chan error, 1)
		go func() { _, err := conn.Write(message); sent <- err }()
		reply := make([]byte, n)
		if _, err := io.ReadFull(conn, reply); err != nil {
			t.Fatalf("read the echo of %d bytes: %v", n, err)
		}
		if err := <-sent; err != nil {
			t.Fatalf("write %d bytes: %v", n, err)
		}
		if !bytes.Equal(reply, message) {
			t.Fatalf("the echo of %d bytes differs from what was sent", n)
		}
	}
	if got := dialer.Retries(); got != 0 {
		t.Errorf("Retries() = %d after one dial to an idle listener, want 0", got)
	}
}

// manyConnections keeps 100 connections open at once and checks that none reads
// what another one wrote.
func manyConnections(t *testing.T, kind socket.Kind) {
	dialer := startEcho(t, kind)
	var all sync.WaitGroup
	errs := make(chan error, 100)
	for i := range cap(errs) {
		conn := dial(t, dialer)
		all.Go(func() {
			want, got := fmt.Appendf(nil, "message %03d", i), make([]byte, 11)
			if _, err := conn.Write(want); err != nil {
				errs <- err
			} else if _, err := io.ReadFull(conn, got); err != nil {
				errs <- err
			} else if !bytes.Equal(got, want) {
				errs <- fmt.Errorf("connection %d read %q", i, got)
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

func clientCloses(t *testing.T, kind socket.Kind) {
	l, dialer := open(t, kind)
	client := dial(t, dialer)
	server := accept(t, l)
	if _, err := client.Write([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if got, err := io.ReadAll(server); err != nil || string(got) != "last words" {
		t.Errorf("after the client closed, the server read %q, %v; want what was written, then the end", got, err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after close: %v, want net.ErrClosed", err)
	}
}

func serverCloses(t *testing.T, kind socket.Kind) {
	l, dialer := open(t, kind)
	client := dial(t, dialer)
	if err := accept(t, l).Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if n, err := client.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("after the server closed, the client read %d bytes, %v; want io.EOF", n, err)
	}
}

func listenerClosed(t *testing.T, kind socket.Kind) {
	l, dialer := open(t, kind)
	accepted := make(chan error, 1)
	go func() { _, err := l.Accept(); accepted <- err }()
	if err := l.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if err := <-accepted; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept on a closed listener: %v, want net.ErrClosed", err)
	}
	if conn, err := dialer.Dial(); err == nil {
		conn.Close()
		t.Error("a dial to a closed listener succeeded, want an error")
	}
}

func twoListeners(t *testing.T, kind socket.Kind) {
	a, _ := open(t, kind)
	if b, _ := open(t, kind); a.Addr().String() == b.Addr().String() {
		t.Errorf("two listeners share the address %s", a.Addr())
	}
}

func open(t *testing.T, kind socket.Kind) (net.Listener, *socket.Dialer) {
	t.Helper()
	dir := Dir(t)
	l, address, err := kind.Listen(socket.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	dialer, err := kind.Dialer(address, socket.DialOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return l, dialer
}

// startEcho serves echoes until the test ends.
func startEcho(t *testing.T, kind socket.Kind) *socket.Dialer {
	t.Helper()
	l, dialer := open(t, kind)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer conn.Close(); _, _ = io.Copy(conn, conn) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return dialer
}

func dial(t *testing.T, d *socket.Dialer) net.Conn {
	t.Helper()
	conn, err := d.Dial()
	if err != nil {
		t.Fatal(err)
	}
	return bounded(t, conn)
}

func accept(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return bounded(t, conn)
}

func bounded(t *testing.T, conn net.Conn) net.Conn {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
