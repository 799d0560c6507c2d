package socket_test

import (
	"net"
	"runtime"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// TestNoAllocationPerMessage holds the wrappers of this package to what net does: a
// read or a write allocates nothing, on either side.
func TestNoAllocationPerMessage(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("unix records are read through net elsewhere, which allocates the sender's address")
	}
	for _, name := range runner.Sockets {
		t.Run(string(name), func(t *testing.T) {
			kind := of(t, name)
			if reason := sockettest.Missing(t, kind); reason != "" {
				t.Skip(reason)
			}
			if name == runner.TLS {
				t.Skip("crypto/tls is as it is")
			}
			client := sockettest.Dial(t, sockettest.StartEcho(t, kind, 1))
			b := make([]byte, 64)
			// The echo runs in this process: its allocations are counted too.
			if got := testing.AllocsPerRun(200, func() { roundTrip(t, client, b) }); got != 0 {
				t.Errorf("%.1f allocations for a message there and back, want none", got)
			}
		})
	}
}

func roundTrip(t testing.TB, conn net.Conn, b []byte) {
	if _, err := conn.Write(b); err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(b); {
		m, err := conn.Read(b[n:])
		if err != nil {
			t.Fatal(err)
		}
		n += m
	}
}
