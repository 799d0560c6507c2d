// Package runner says what can be measured and what was measured: the [Spec]
// that a person asks for, the names of sockets and workloads, the plan of cells
// and rounds that follows from a Spec, and the [Result] of one run.
//
// A datum goes through the packages below it in this order:
//
//  1. host says what the machine is, and which CPUs each side may use.
//  2. socket opens one kind of socket; workload is the loop that is measured.
//  3. child re-executes this binary as client or as server and talks to it.
//  4. bench makes one run, one round, one comparison of them.
//  5. queue hands comparisons to the workers of hosts and takes results back.
package runner

import (
	"fmt"

	"github.com/sockscope/sockscope/profiles"
)

// Socket names a kind of socket. The set is closed; the names go over the wire.
type Socket string

// The kinds of socket.
const (
	Unix         Socket = "unix"
	UnixAbstract Socket = "unix-abstract"
	UnixPacket   Socket = "unixpacket"
	UnixGram     Socket = "unixgram"
	SocketPair   Socket = "socketpair"
	TCP4         Socket = "tcp4"
	TCP6         Socket = "tcp6"
	UDP4         Socket = "udp4"
	UDP6         Socket = "udp6"
	TLS          Socket = "tls"
	VSock        Socket = "vsock"
)

// Sockets lists the kinds that this version can measure, in page order.
var Sockets = [...]Socket{Unix, TCP4}

// ParseSocket reads a socket's name; "tcp" and "udp" mean tcp4 and udp4.
func ParseSocket(s string) (Socket, error) {
	switch s {
	case "tcp":
		return TCP4, nil
	case "udp":
		return UDP4, nil
	}
	for _, k := range Sockets {
		if string(k) == s {
			return k, nil
		}
	}
	return "", fmt.Errorf("socket %q is not known: use one of %s", s, list(Sockets[:]))
}

// UnmarshalText reads a socket's name from JSON and forms. A name that is not known
// is kept as it stands, so that [Spec.Validate] can name it.
func (k *Socket) UnmarshalText(text []byte) error {
	known, err := ParseSocket(string(text))
	if err != nil {
		known = Socket(text)
	}
	*k = known
	return nil
}

// Workload names a loop that is measured.
type Workload string

// The workloads.
const (
	// DialEcho dials, writes, reads the echo and closes: one connection a request.
	DialEcho Workload = "dial-echo"
	// Echo writes and reads the echo on a kept connection.
	Echo Workload = "echo"
)

// Workloads lists what this version can measure, in page order.
var Workloads = [...]Workload{DialEcho, Echo}

// Label is the workload in words: "dial, write, read, close".
func (w Workload) Label() string {
	switch w {
	case DialEcho:
		return "dial, write, read, close"
	case Echo:
		return "echo on a kept connection"
	}
	return string(w)
}

// loops is the package of the loops that are measured, as profiles name it.
const loops = "github.com/sockscope/sockscope/runner/workload."

// Function is the function of the measured loop as profiles name it: the client's
// is the workload's own, the server's is the same for all.
func (w Workload) Function(side profiles.Side) string {
	switch {
	case side == profiles.Server:
		return loops + "ServeConn"
	case w == Echo:
		return loops + "Echo"
	}
	return loops + "DialEcho"
}

// Placement says which CPUs the two sides run on.
type Placement string

// The placements.
const (
	Split Placement = "split" // client and server on disjoint halves of the CPUs
	Same  Placement = "same"  // both on one CPU
	Free  Placement = "free"  // wherever the scheduler puts them
)

// Placements lists them in page order.
var Placements = [...]Placement{Split, Same, Free}

// KernelMode says whether kernel-deep profiles are taken.
type KernelMode string

// The kernel modes.
const (
	KernelAuto    KernelMode = "auto"
	KernelOff     KernelMode = "off"
	KernelRequire KernelMode = "require"
)

func list[T ~string](names []T) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += string(n)
	}
	return s
}
