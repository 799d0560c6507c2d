// Package socket opens each kind of socket that can be measured: one [Kind]
// a file, all of them held to the exercises of package sockettest.
//
// What stands on the measured path is what a Go program would write itself:
// net.Dial and net.Listener.Accept with their defaults (TCP_NODELAY on,
// keep-alive on, the backlog of net.core.somaxconn). What is added has no
// alternative: the retry of a unix dial on a full backlog, which TCP has in the
// kernel; the uid of an abstract socket's peer; the length of a record.
package socket

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/sockscope/sockscope/runner"
)

// Kind is one kind of socket.
type Kind interface {
	// Name is the name that a Spec uses.
	Name() runner.Socket
	// Listen opens a server socket that only this user and this machine can
	// reach, and returns what Dialer needs to find it. A kind with a file never
	// removes a file that was there, and closing the listener removes its own.
	//
	// The listener of a kind that is not [runner.Socket.Connected] hands out
	// Options.Servers conns over its one socket, each of which answers to whoever
	// it read from last; they share deadlines, and closing the listener closes
	// them. That of socketpairs hands out one conn for each of Options.Files.
	// Both then block until they are closed.
	Listen(Options) (l net.Listener, address string, err error)
	// Dialer returns what dials the listener of that address. It touches nothing
	// until its first dial.
	Dialer(address string, o DialOptions) (*Dialer, error)
}

// Options are those of a listener. The zero value does for kinds without files.
type Options struct {
	// Dir is a private directory (0700) that exists, for kinds with files.
	Dir string
	// Targets is how many addresses to listen at, 0 for one: those of tcp4 are
	// 127.0.0.1, 127.0.0.2 and so on with one port, those of tcp6 and tls
	// differ in the port. The other kinds ignore it.
	Targets int
	// Backlog is how many connections may wait for Accept, 0 for Go's default.
	// Kinds without connections ignore it.
	Backlog int
	// Files are the server's ends of socketpairs. Listen takes them over.
	Files []*os.File
	// Servers is how many conns Accept hands out where there are no connections,
	// 0 for one.
	Servers int
	// Variant is applied where it concerns the server's side: Nagle and Resume.
	Variant runner.Variant
}

// DialOptions are those of a dialer.
type DialOptions struct {
	// Dir is the directory that unixgram clients make their own files in.
	Dir string
	// Files are the client's ends of socketpairs. The dialer takes them over.
	Files   []*os.File
	Variant runner.Variant
}

// ErrTruncated is wrapped by the error of a read whose buffer was shorter than
// the record. The rest of the record is lost.
var ErrTruncated = errors.New("the record is longer than the buffer")

// ErrPortsUsedUp is wrapped by the error of a dial that found no local port.
var ErrPortsUsedUp = errors.New("every local port to that address is in use or in TIME_WAIT")

// Of returns the kind with that name.
func Of(name runner.Socket) (Kind, error) {
	switch name {
	case runner.Unix:
		return unix{}, nil
	case runner.UnixAbstract:
		return abstract{}, nil
	case runner.UnixPacket:
		return unixpacket{}, nil
	case runner.UnixGram:
		return unixgram{}, nil
	case runner.SocketPair:
		return socketpair{}, nil
	case runner.TCP4, runner.TCP6:
		return tcp{name}, nil
	case runner.UDP4, runner.UDP6:
		return udp{name}, nil
	case runner.TLS:
		return tlsOverTCP{}, nil
	case runner.VSock:
		return virtual{}, nil
	}
	return nil, fmt.Errorf("socket %q is not known to this version", name)
}
