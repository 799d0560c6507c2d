// Package socket opens each kind of socket that can be measured: one [Kind]
// a file, all of them held to the exercises of package sockettest.
//
// What stands on the measured path is what a Go program would write itself:
// net.Dial and net.Listener.Accept with their defaults (TCP_NODELAY on,
// keep-alive on, the backlog of net.core.somaxconn). The one addition is the
// retry of a unix dial on a full backlog, which TCP has in the kernel.
package socket

import (
	"fmt"
	"net"

	"github.com/sockscope/sockscope/runner"
)

// Kind is one kind of socket.
type Kind interface {
	// Name is the name that a Spec uses.
	Name() runner.Socket
	// Listen opens a server socket that only this user and this machine can
	// reach. A kind that lives in the file system makes its file in dir, which has
	// to be a private directory (0700) that exists; it never removes a file that
	// was there, and closing the listener removes the one it made. The other
	// kinds ignore dir.
	Listen(dir string) (net.Listener, error)
	// Dialer returns what dials the listener whose Addr().String() is address. It
	// touches nothing until its first dial.
	Dialer(address string) *Dialer
}

// Of returns the kind with that name.
func Of(name runner.Socket) (Kind, error) {
	switch name {
	case runner.Unix:
		return unix{}, nil
	case runner.TCP4:
		return tcp4{}, nil
	}
	return nil, fmt.Errorf("socket %q is not known to this version", name)
}
