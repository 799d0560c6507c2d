package socket_test

import (
	"os"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// TestPeerOf asks each unix kind that has a connection who is at the other end.
func TestPeerOf(t *testing.T) {
	t.Parallel()
	for _, name := range []runner.Socket{runner.Unix, runner.UnixAbstract, runner.UnixPacket, runner.SocketPair} {
		l, d := sockettest.Open(t, of(t, name), 1)
		client := sockettest.Dial(t, d)
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		want := socket.Peer{PID: os.Getpid(), UID: uint32(os.Getuid()), GID: uint32(os.Getgid())}
		if got, err := socket.PeerOf(server); err != nil || got != want {
			t.Errorf("%s: the server's peer is %+v, %v; want %+v", name, got, err, want)
		}
		if got, err := socket.PeerOf(client); err != nil || got != want {
			t.Errorf("%s: the client's peer is %+v, %v; want %+v", name, got, err, want)
		}
	}
	client := sockettest.Dial(t, sockettest.StartEcho(t, of(t, runner.TCP4), 1))
	if peer, err := socket.PeerOf(client); err == nil && peer.PID != 0 {
		t.Errorf("the peer over TCP is %+v", peer)
	}
}

// TestAbstractSendsOthersAway lets another user dial first.
func TestAbstractSendsOthersAway(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("being another user needs root")
	}
	l, d := sockettest.Open(t, of(t, runner.UnixAbstract), 1)
	name := l.Addr().String()
	if !strings.HasPrefix(name, "@sockscope-") || len(name) < 32 {
		t.Errorf("the name %s can be guessed", name)
	}
	sockettest.Serve(t, of(t, runner.UnixAbstract), l)
	c := childOf(t, "stranger", "NAME="+name)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("the other user: %v\n%s", err, out)
	}
	if got := socket.Foreign(l); got != 1 {
		t.Errorf("Foreign() = %d, want 1", got)
	}
	if err := dialEcho(d); err != nil {
		t.Errorf("after the stranger: %v", err)
	}
}

// TestPairsInTurn hands out as many connections as there are pairs.
func TestPairsInTurn(t *testing.T) {
	t.Parallel()
	_, d := sockettest.Open(t, of(t, runner.SocketPair), 2)
	for range 2 {
		sockettest.Dial(t, d)
	}
	if conn, err := d.Dial(); err == nil || !strings.Contains(err.Error(), "2 socketpairs") {
		if err == nil {
			conn.Close()
		}
		t.Errorf("a third dial of two pairs: %v", err)
	}
}
