package sockettest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// sizes sends messages of all the sizes at which buffers end, there and back.
func sizes(t *testing.T, kind socket.Kind) {
	dialer := StartEcho(t, kind, 1)
	conn := Dial(t, dialer)
	most := kind.Name().MaxRecord()
	all := []int{1, 2, 5, 511, 512, 513, 4095, 4096, 4097, 65506, 65507, 65508, 65535, 65536, 65537, 212959, 212960, 1<<20 - 1, 1 << 20}
	for _, n := range all {
		if most > 0 && n > most {
			continue
		}
		message := pattern(n)
		sent := make(chan error, 1)
		go func() { _, err := conn.Write(message); sent <- err }()
		reply := make([]byte, n)
		if _, err := readFull(conn, kind, reply); err != nil {
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

// pattern is n bytes that are not the same anywhere near.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 ^ i>>8*13 ^ n)
	}
	return b
}

// readFull reads one message: of a stream until b is full, else one record.
func readFull(conn net.Conn, kind socket.Kind, b []byte) (int, error) {
	if kind.Name().Stream() {
		return io.ReadFull(conn, b)
	}
	n, err := conn.Read(b)
	if err == nil && n != len(b) {
		err = fmt.Errorf("a record of %d bytes, want %d", n, len(b))
	}
	return n, err
}

// manyClients keeps 64 clients at it at once, and none may read what was meant for
// another one.
func manyClients(t *testing.T, kind socket.Kind) {
	const n, rounds = 64, 20
	dialer := StartEcho(t, kind, n)
	var all sync.WaitGroup
	for i := range n {
		conn := Dial(t, dialer)
		all.Go(func() {
			got := make([]byte, 19)
			for round := range rounds {
				want := fmt.Appendf(nil, "client %03d round %02d", i, round)
				if _, err := conn.Write(want); err != nil {
					t.Error(err)
				} else if _, err := readFull(conn, kind, got); err != nil {
					t.Error(err)
				} else if !bytes.Equal(got, want) {
					t.Errorf("%q was answered with %q", want, got)
				}
			}
		})
	}
	all.Wait()
}

// noLeftovers dials one connection after another: Open sees to it that no file is
// left, TestMain that no goroutine is.
func noLeftovers(t *testing.T, kind socket.Kind) {
	const n = 50
	dialer := StartEcho(t, kind, n)
	for range n {
		conn, err := dialer.Dial()
		if err != nil {
			t.Fatal(err)
		}
		bounded(t, conn)
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

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

func twoListeners(t *testing.T, kind socket.Kind) {
	if kind.Name() == runner.SocketPair {
		t.Skip("a socketpair has no address")
	}
	_, a, _ := openWith(t, kind, 1, func(*socket.Options) {})
	if _, b, _ := openWith(t, kind, 1, func(*socket.Options) {}); a == b {
		t.Errorf("two listeners share the address %s", a)
	}
}

// foreignAddress gives the kind the addresses of the others, and worse.
func foreignAddress(t *testing.T, kind socket.Kind) {
	own := string(kind.Name())
	all := []string{"", ":", "/tmp/s", "127.0.0.1:80", "carrier-pigeon:coop"}
	for _, other := range runner.Sockets {
		if other != kind.Name() {
			all = append(all, string(other)+":127.0.0.1:80", string(other)+":/tmp/s")
		}
	}
	if kind.Name().TCP() || kind.Name().Lossy() {
		all = append(all, own+":", own+":192.0.2.1:80", own+":localhost:80", own+":0.0.0.0:80", own+":127.0.0.1:0", own+":127.0.0.1", own+":127.0.0.1:80,")
	}
	switch kind.Name() {
	case runner.Unix, runner.UnixPacket, runner.UnixGram:
		all = append(all, own+":", own+":@abstract", own+":/tmp/a\x00b", own+":/"+strings.Repeat("long", 30))
	case runner.UnixAbstract:
		all = append(all, own+":", own+":@", own+":/tmp/s", own+":@"+strings.Repeat("long", 30))
	case runner.TCP6, runner.UDP6:
		all = append(all, own+":[::ffff:127.0.0.1]:1", own+":[::1%lo]:1", own+":::1:1")
	}
	for _, address := range all {
		_, err := kind.Dialer(address, socket.DialOptions{Dir: os.TempDir()})
		if err == nil || !strings.Contains(err.Error(), "address") {
			t.Errorf("Dialer(%q): %v, want a sentence about the address", address, err)
		}
	}
}

func buffers(t *testing.T, kind socket.Kind) {
	l, dialer := Open(t, kind, 1)
	server, client := pair(t, kind, l, dialer)
	for name, of := range map[string]any{"server": server, "client": client, "listener": l} {
		if name == "listener" && kind.Name() == runner.SocketPair {
			continue
		}
		receive, send, err := socket.Buffers(of)
		if err != nil || receive <= 0 || send <= 0 {
			t.Errorf("Buffers(%s) = %d, %d, %v", name, receive, send, err)
		}
	}
}
