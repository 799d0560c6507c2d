package socket

import (
	"fmt"
	"net"

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

func (tcp4) Dialer(address string) *Dialer { return &Dialer{network: "tcp4", address: address} }
