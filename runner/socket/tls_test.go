package socket_test

import (
	"net"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

func TestTLSSession(t *testing.T) {
	t.Parallel()
	conn := sockettest.Dial(t, sockettest.StartEcho(t, of(t, runner.TLS), 1))
	// Nothing was read or written yet: the dial made the handshake.
	got, ok := socket.SessionOf(conn)
	if !ok || got.Version != "TLS 1.3" || !strings.HasPrefix(got.CipherSuite, "TLS_") || got.Curve == "" || got.Resumed {
		t.Errorf("SessionOf = %+v, %t", got, ok)
	}
	if _, ok := socket.SessionOf(&net.TCPConn{}); ok {
		t.Error("SessionOf takes TCP for TLS")
	}
	t.Logf("%+v", got)
}

// TestTLSChecksTheServer dials a server that has another one's address.
func TestTLSChecksTheServer(t *testing.T) {
	t.Parallel()
	kind := of(t, runner.TLS)
	var addresses [2]string
	for i := range addresses {
		l, address, err := kind.Listen(socket.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addresses[i] = address
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
	}
	certificate, _, _ := strings.Cut(addresses[0], ",")
	_, target, _ := strings.Cut(addresses[1], ",")
	d, err := kind.Dialer(certificate+","+target, socket.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := d.Dial()
	if err == nil {
		conn.Close()
		t.Fatal("the client took a server with another certificate")
	}
	if !strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v does not name the certificate", err)
	}
	for _, address := range []string{"tls:AAAA,127.0.0.1:1", "tls:?,127.0.0.1:1", "tls:", addresses[0][:len(addresses[0])/2]} {
		if _, err := kind.Dialer(address, socket.DialOptions{}); err == nil || !strings.Contains(err.Error(), "address") {
			t.Errorf("Dialer(%.20q…): %v", address, err)
		}
	}
}

// TestTLSResume tells full handshakes from resumed ones, over one address and over
// several.
func TestTLSResume(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		variant runner.Variant
		targets int
		want    int64
	}{{runner.Plain, 1, 0}, {runner.Resume, 1, 9}, {runner.Resume, 3, 9}} {
		l, address, err := of(t, runner.TLS).Listen(socket.Options{Variant: c.variant, Targets: c.targets})
		if err != nil {
			t.Fatal(err)
		}
		sockettest.Serve(t, of(t, runner.TLS), l)
		d, err := of(t, runner.TLS).Dialer(address, socket.DialOptions{Variant: c.variant})
		if err != nil {
			t.Fatal(err)
		}
		d.Rotate(c.targets)
		resumed := int64(0)
		for range 10 {
			conn := sockettest.Dial(t, d)
			if _, err := conn.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			if s, _ := socket.SessionOf(conn); s.Resumed {
				resumed++
			}
			conn.Close()
		}
		if resumed != c.want || d.Resumed() != c.want {
			t.Errorf("variant %q, %d targets: %d of 10 dials were resumed and %d counted, want %d", c.variant, c.targets, resumed, d.Resumed(), c.want)
		}
	}
}

// TestTLSStranger talks nonsense to the server before the client comes.
func TestTLSStranger(t *testing.T) {
	t.Parallel()
	l, d := sockettest.Open(t, of(t, runner.TLS), 1)
	sockettest.Serve(t, of(t, runner.TLS), l)
	for _, nonsense := range []string{"", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\xff\xff"} {
		stranger, err := net.Dial("tcp4", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer stranger.Close()
		if _, err := stranger.Write([]byte(nonsense)); err != nil {
			t.Fatal(err)
		}
	}
	conn := sockettest.Dial(t, d)
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Errorf("after strangers: %v", err)
	}
}
