package socket_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	sys "golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

var tcps = []runner.Socket{runner.TCP4, runner.TCP6, runner.TLS}

// TestVariantsOfTCP looks at the options of both ends.
func TestVariantsOfTCP(t *testing.T) {
	t.Parallel()
	for _, name := range tcps {
		for variant, want := range map[runner.Variant]struct{ noDelay, linger bool }{
			runner.Plain:   {noDelay: true},
			runner.Nagle:   {noDelay: false},
			runner.Linger0: {noDelay: true, linger: true},
		} {
			client, server := ends(t, name, variant)
			for end, conn := range map[string]net.Conn{"client": client, "server": server} {
				if got := option(t, conn, sys.IPPROTO_TCP, sys.TCP_NODELAY) != 0; got != want.noDelay {
					t.Errorf("%s %q: TCP_NODELAY of the %s is %t", name, variant, end, got)
				}
				if option(t, conn, sys.SOL_SOCKET, sys.SO_KEEPALIVE) == 0 {
					t.Errorf("%s %q: SO_KEEPALIVE of the %s is off, and Go sets it on", name, variant, end)
				}
			}
			if got := option(t, client, sys.SOL_SOCKET, sys.SO_LINGER) != 0; got != want.linger {
				t.Errorf("%s %q: SO_LINGER of the client is %t", name, variant, got)
			}
			if err := client.Close(); err != nil {
				t.Fatal(err)
			}
			if name == runner.TLS {
				continue // says goodbye before the reset
			}
			b := make([]byte, 100)
			var err error
			for err == nil {
				_, err = server.Read(b)
			}
			if got := errors.Is(err, syscall.ECONNRESET); got != want.linger {
				t.Errorf("%s %q: the close of the client was read as %v", name, variant, err)
			}
		}
	}
}

// ends is a connection on which a byte went there and back.
func ends(t *testing.T, name runner.Socket, v runner.Variant) (client, server net.Conn) {
	t.Helper()
	l, address, err := of(t, name).Listen(socket.Options{Variant: v})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d, err := of(t, name).Dialer(address, socket.DialOptions{Variant: v})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		if server, err = l.Accept(); err == nil {
			_, err = server.Write([]byte("x"))
		}
		done <- err
	}()
	client = sockettest.Dial(t, d)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	if _, err := client.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	return client, server
}

func option(t *testing.T, conn net.Conn, level, name int) int {
	t.Helper()
	if over, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = over.NetConn()
	}
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var value int
	if e := raw.Control(func(fd uintptr) { value, err = sys.GetsockoptInt(int(fd), level, name) }); e != nil || err != nil {
		t.Fatal(e, err)
	}
	return value
}

// TestPortsUsedUp dials in a network namespace with 500 local ports, where
// closed connections keep theirs: one address runs out of them with an error that
// names the cause, four in turn do not.
func TestPortsUsedUp(t *testing.T) {
	t.Parallel()
	c := childOf(t, "ports")
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	out, err := c.CombinedOutput()
	if errors.Is(err, syscall.EPERM) {
		t.Skipf("a network namespace needs root: %v", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// ports is the child of TestPortsUsedUp.
func ports() error {
	if err := loopbackUp(); err != nil {
		return err
	}
	for name, value := range map[string]string{"ip_local_port_range": "40000 40499", "tcp_tw_reuse": "0"} {
		if err := os.WriteFile("/proc/sys/net/ipv4/"+name, []byte(value), 0); err != nil {
			return err
		}
	}
	const targets, ports = 4, 500
	kind, err := socket.Of(runner.TCP4)
	if err != nil {
		return err
	}
	l, address, err := kind.Listen(socket.Options{Targets: targets})
	if err != nil {
		return err
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			conn.Close()
		}
	}()
	d, err := kind.Dialer(address, socket.DialOptions{})
	if err != nil {
		return err
	}
	d.Rotate(targets)
	if dials, err := dialUntil(d, ports*targets*9/10); err != nil {
		return fmt.Errorf("dial %d with rotation: %w", dials, err)
	}
	d.Rotate(1)
	return wantUsedUp(dialUntil(d, ports))
}

func wantUsedUp(dials int, err error) error {
	if !errors.Is(err, socket.ErrPortsUsedUp) || !errors.Is(err, syscall.EADDRNOTAVAIL) {
		return fmt.Errorf("after %d dials: %w, want ErrPortsUsedUp", dials, err)
	}
	for _, word := range []string{"TIME_WAIT", "40000 to 40499", "ip_local_port_range", "tcp_tw_reuse", "in turn"} {
		if !strings.Contains(err.Error(), word) {
			return fmt.Errorf("%w: does not say %q", err, word)
		}
	}
	fmt.Printf("after %d dials of one address: %v\n", dials, err)
	return nil
}

// dialUntil dials and closes n times, the client first.
func dialUntil(d *socket.Dialer, n int) (int, error) {
	for i := range n {
		conn, err := d.Dial()
		if err != nil {
			return i, err
		}
		if err := conn.Close(); err != nil {
			return i, err
		}
	}
	return n, nil
}

func loopbackUp() error {
	fd, err := sys.Socket(sys.AF_INET, sys.SOCK_DGRAM|sys.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer sys.Close(fd)
	request, err := sys.NewIfreq("lo")
	if err != nil {
		return err
	}
	if err := sys.IoctlIfreq(fd, sys.SIOCGIFFLAGS, request); err != nil {
		return err
	}
	request.SetUint16(request.Uint16() | sys.IFF_UP)
	return sys.IoctlIfreq(fd, sys.SIOCSIFFLAGS, request)
}
