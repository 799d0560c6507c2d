package socket_test

import (
	"errors"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

var udps = []runner.Socket{runner.UDP4, runner.UDP6}

// TestFloodIsLostSilently sends more than the receiver's buffer holds: no write
// fails or waits, and what does not fit is gone.
func TestFloodIsLostSilently(t *testing.T) {
	t.Parallel()
	for _, name := range udps {
		l, d := sockettest.Open(t, of(t, name), 1)
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		client := sockettest.Dial(t, d)
		receive, _, err := socket.Buffers(l)
		if err != nil {
			t.Skip(err)
		}
		const size = 8 << 10
		sent := 2*receive/size + 2
		for i := range sent {
			if _, err := client.Write(make([]byte, size)); err != nil {
				t.Fatalf("%s: write %d of %d: %v", name, i, sent, err)
			}
		}
		got := 0
		if err := server.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, size)
		for {
			_, err := server.Read(b)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got++
		}
		if got == 0 || got >= sent {
			t.Errorf("%s: %d of %d datagrams arrived in a buffer of %d B, want some to be lost", name, got, sent, receive)
		}
		t.Logf("%s: %d of %d datagrams of %d B arrived, the buffer has %d B", name, got, sent, size, receive)
	}
}

// TestServerReceiveBuffer sees that the server's buffer is larger than Linux's
// default, unless net.core.rmem_max forbids it.
func TestServerReceiveBuffer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("buffers differ between systems")
	}
	plain, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	usual, _, err := socket.Buffers(plain)
	if err != nil {
		t.Fatal(err)
	}
	l, _ := sockettest.Open(t, of(t, runner.UDP4), 1)
	receive, send, err := socket.Buffers(l)
	if err != nil || receive < usual {
		t.Errorf("the server's receive buffer has %d B, %v; the usual one has %d B", receive, err, usual)
	}
	t.Logf("receive %d B (usual %d B), send %d B", receive, usual, send)
}

// TestClosedPort writes to a server that is gone: the second write or the read
// says so, instead of waiting for ever.
func TestClosedPort(t *testing.T) {
	t.Parallel()
	for _, name := range udps {
		l, d := sockettest.Open(t, of(t, name), 1)
		l.Close()
		client := sockettest.Dial(t, d)
		if _, err := client.Write([]byte("x")); err != nil {
			t.Errorf("%s: the first write: %v", name, err)
		}
		if _, err := client.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%s: read: %v, want ECONNREFUSED", name, err)
		}
	}
}

// TestClientHearsOnlyItsServer sends a client what did not come from its server.
func TestClientHearsOnlyItsServer(t *testing.T) {
	t.Parallel()
	for _, name := range udps {
		d := sockettest.StartEcho(t, of(t, name), 1)
		client := sockettest.Dial(t, d)
		stranger, err := net.ListenUDP(string(name), &net.UDPAddr{IP: client.LocalAddr().(*net.UDPAddr).IP})
		if err != nil {
			t.Fatal(err)
		}
		defer stranger.Close()
		if _, err := stranger.WriteTo([]byte("evil"), client.LocalAddr()); err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
			t.Fatal(err)
		}
		if _, err := client.Write([]byte("good")); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 10)
		if n, err := client.Read(b); err != nil || string(b[:n]) != "good" {
			t.Errorf("%s: the client read %q, %v", name, b[:n], err)
		}
	}
}
