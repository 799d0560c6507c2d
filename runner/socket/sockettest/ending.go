package sockettest

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

func clientCloses(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server, client := pair(t, kind, l, dialer)
	if _, err := client.Write([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	if err := client.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	words := make([]byte, 10)
	if _, err := readFull(server, kind, words); err != nil || string(words) != "last words" {
		t.Errorf("after the client closed, the server read %q, %v; want what was written", words, err)
	}
	if kind.Name().Connected() {
		if n, err := server.Read(words); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("then it read %d bytes, %v; want io.EOF", n, err)
		}
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write after close: %v, want net.ErrClosed", err)
	}
	if _, err := client.Read(words); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after close: %v, want net.ErrClosed", err)
	}
	if err := server.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if _, err := server.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("write of the closed server: %v, want net.ErrClosed", err)
	}
	if _, err := server.Read(words); !errors.Is(err, net.ErrClosed) && kind.Name() != runner.TLS { // which stays at the end that it read
		t.Errorf("read of the closed server: %v, want net.ErrClosed", err)
	}
}

func serverCloses(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server, client := pair(t, kind, l, dialer)
	if err := server.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	if n, err := client.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("after the server closed, the client read %d bytes, %v; want io.EOF", n, err)
	}
}

// pair is both ends of one connection, on which a byte went there and back.
func pair(t *testing.T, kind socket.Kind, l net.Listener, dialer *socket.Dialer) (server, client net.Conn) {
	t.Helper()
	greeted := make(chan error, 1)
	go func() {
		var err error
		if server, err = l.Accept(); err == nil {
			err = greet(server)
		}
		greeted <- err
	}()
	client = Dial(t, dialer)
	if _, err := client.Write([]byte("a")); err != nil {
		t.Fatal(err)
	}
	if err := <-greeted; err != nil {
		t.Fatal(err)
	}
	if _, err := client.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return bounded(t, server), client
}

func greet(server net.Conn) error {
	b := make([]byte, 1)
	if _, err := server.Read(b); err != nil {
		return err
	}
	_, err := server.Write(b)
	return err
}

// deadlines lets both ends wait for nothing, then talk again.
func deadlines(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server, client := pair(t, kind, l, dialer)
	ends := map[string]net.Conn{"server": server, "client": client}
	if kind.Name() == runner.TLS {
		delete(ends, "server") // one end is enough, both are tls.Conn
	}
	for name, conn := range ends {
		if err := conn.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		_, err := conn.Read(make([]byte, 1))
		if e := net.Error(nil); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &e) || !e.Timeout() {
			t.Errorf("%s: after the deadline a read says %v, want a timeout", name, err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(deadline)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Write([]byte("b")); err != nil {
		t.Fatal(err)
	}
	if err := greet(server); err != nil {
		t.Errorf("after a timeout the server cannot answer: %v", err)
	}
	if _, err := client.Read(make([]byte, 1)); err != nil {
		t.Errorf("after a timeout the client cannot read: %v", err)
	}
}

// listenerClosed wakes up whoever accepts.
func listenerClosed(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	if !kind.Name().Connected() || kind.Name() == runner.SocketPair {
		// The one conn is there from the start.
		conn := accept(t, l)
		if !kind.Name().Connected() {
			read := make(chan error, 1)
			go func() { _, err := conn.Read(make([]byte, 1)); read <- err }()
			defer func() {
				if err := <-read; !errors.Is(err, net.ErrClosed) {
					t.Errorf("Read on a conn of a closed listener: %v, want net.ErrClosed", err)
				}
			}()
		}
	}
	accepted := make(chan error, 2)
	for range cap(accepted) {
		go func() { _, err := l.Accept(); accepted <- err }()
	}
	if err := l.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	for range cap(accepted) {
		if err := <-accepted; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept on a closed listener: %v, want net.ErrClosed", err)
		}
	}
	if kind.Name().Lossy() || kind.Name() == runner.SocketPair {
		return // no dial of these asks anybody
	}
	if conn, err := dialer.Dial(); err == nil {
		conn.Close()
		t.Error("a dial to a closed listener succeeded, want an error")
	}
}
