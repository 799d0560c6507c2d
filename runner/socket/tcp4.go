package socket

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/sockscope/sockscope/runner"
)

// tcp4 is TCP over IPv4 loopback.
type tcp4 struct{}

func (tcp4) Name() runner.Socket { return runner.TCP4 }

// Listen takes a free port. The address is a literal: "localhost" may mean ::1
// first and would add a failed connect to each dial.
func (tcp4) Listen(string) (net.Listener, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on a free port of 127.0.0.1: %w", err)
	}
	return l, nil
}

func (tcp4) Dialer(address string) Dialer { return tcp4Dialer{address} }

type tcp4Dialer struct{ address string }

func (d tcp4Dialer) Dial() (net.Conn, error) {
	conn, err := net.Dial("tcp4", d.address)
	if err != nil && errors.Is(err, syscall.EADDRNOTAVAIL) {
		return nil, fmt.Errorf("every local port is still in TIME_WAIT: use fewer requests, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse to 2: %w", err)
	}
	return conn, err
}

// Retries is always 0: on a full backlog the kernel sends the SYN again, after
// 1 s and more.
func (d tcp4Dialer) Retries() int64 { return 0 }
