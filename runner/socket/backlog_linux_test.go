package socket_test

import (
	"errors"
	"net"
	"runtime"
	"sync"
	"syscall"
	"testing"

	sys "golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// backlogged are the kinds whose connect(2) fails at once on a full backlog.
var backlogged = []runner.Socket{runner.Unix, runner.UnixAbstract, runner.UnixPacket}

func listenBacklog(t *testing.T, name runner.Socket, n int) (net.Listener, *socket.Dialer) {
	t.Helper()
	dir := sockettest.Dir(t)
	l, address, err := of(t, name).Listen(socket.Options{Dir: dir, Backlog: n})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	d, err := of(t, name).Dialer(address, socket.DialOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return l, d
}

// TestFullBacklog dials a server that does not accept: connect(2) says EAGAIN at
// once, and the dial has to wait for room instead.
func TestFullBacklog(t *testing.T) {
	t.Parallel()
	for _, name := range backlogged {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			const backlog = 2
			l, dialer := listenBacklog(t, name, backlog)
			network := "unix"
			if name == runner.UnixPacket {
				network = "unixpacket"
			}
			waiting := 0
			for {
				conn, err := net.Dial(network, l.Addr().String())
				if e := net.Error(nil); errors.Is(err, syscall.EAGAIN) && errors.As(err, &e) {
					if !e.Timeout() {
						t.Error("EAGAIN does not call itself a timeout any more: the note in dialer.go is out of date")
					}
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				waiting++
				t.Cleanup(func() { conn.Close() })
			}
			if waiting != backlog+1 {
				t.Errorf("%d connections fit into a backlog of %d, want one more than that", waiting, backlog)
			}
			dialed := make(chan error, 1)
			go func() {
				conn, err := dialer.Dial()
				if err == nil {
					err = conn.Close()
				}
				dialed <- err
			}()
			for dialer.Retries() == 0 {
				select {
				case err := <-dialed:
					t.Fatalf("the dial did not wait for room: %v", err)
				default:
					runtime.Gosched()
				}
			}
			accepted, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer accepted.Close()
			if err := <-dialed; err != nil {
				t.Errorf("the dial failed after there was room: %v", err)
			}
		})
	}
}

// TestSmallBacklogManyDialers is 64 dialers on a backlog of 2: all of them are
// served, and the retries are counted.
func TestSmallBacklogManyDialers(t *testing.T) {
	t.Parallel()
	for _, name := range backlogged {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			const dialers, dials = 64, 50
			l, dialer := listenBacklog(t, name, 2)
			var served, all sync.WaitGroup
			served.Go(func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					served.Go(func() {
						defer conn.Close()
						b := make([]byte, 8)
						if n, err := conn.Read(b); err == nil {
							_, _ = conn.Write(b[:n])
						}
					})
				}
			})
			for range dialers {
				all.Go(func() {
					for range dials {
						if err := dialEcho(dialer); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			l.Close()
			served.Wait()
			if dialer.Retries() == 0 {
				t.Error("no retry was counted")
			}
			t.Logf("%d dials, %d retries", dialers*dials, dialer.Retries())
		})
	}
}

// TestBacklogOfTCP asks the kernel, which tells the backlog of a listening TCP
// socket where it tells those acknowledged of others.
func TestBacklogOfTCP(t *testing.T) {
	t.Parallel()
	l, _ := listenBacklog(t, runner.TCP4, 3)
	raw, err := l.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info *sys.TCPInfo
	if e := raw.Control(func(fd uintptr) { info, err = sys.GetsockoptTCPInfo(int(fd), sys.IPPROTO_TCP, sys.TCP_INFO) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	if info.Sacked != 3 {
		t.Errorf("the backlog is %d, want 3", info.Sacked)
	}
}
