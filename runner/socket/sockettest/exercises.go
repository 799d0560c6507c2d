package sockettest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

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
