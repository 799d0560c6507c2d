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

// Sockets lists the kinds in page order.
var Sockets = [...]Socket{Unix, UnixAbstract, UnixPacket, UnixGram, SocketPair, TCP4, TCP6, UDP4, UDP6, TLS, VSock}

// Stream reports whether the socket carries a stream of bytes; the others carry
// records, of which one read takes one.
func (k Socket) Stream() bool {
	switch k {
	case UnixPacket, UnixGram, UDP4, UDP6:
		return false
	}
	return true
}

// Connected reports whether the server accepts connections; the others take the
// datagrams of all clients at one address.
func (k Socket) Connected() bool { return k != UnixGram && !k.Lossy() }

// Lossy reports whether messages can get lost, doubled or overtaken.
func (k Socket) Lossy() bool { return k == UDP4 || k == UDP6 }

// TCP reports whether TCP is below: ports, TIME_WAIT, Nagle.
func (k Socket) TCP() bool { return k == TCP4 || k == TCP6 || k == TLS }

// MaxRecord is the largest message in bytes; 0 where a message may be as long as
// it likes. Those of unix sockets are what fits into the kernel's default send
// buffer of 212,992 bytes.
func (k Socket) MaxRecord() int {
	switch k {
	case UDP4, UDP6:
		return 65_507
	case UnixGram, UnixPacket:
		return 212_960
	}
	return 0
}

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
