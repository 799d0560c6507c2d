// Package advice answers which socket to choose for one's own case, as far as what
// was measured carries.
//
//   - [Case] is what somebody asks: who talks to whom, who may connect, how much.
//   - [Judge] says of each kind of socket whether it can do that at all, by rules
//     that need no figure.
//   - [Evidence] is what one comparison measured in a configuration near to the case.
//   - [Of] puts them together to an [Answer]: a recommendation where the evidence
//     shows one, what it costs a second at the asked rate with its error, and what
//     the figures do not say, each with its source.
//
// Nothing is guessed. A socket whose way was not measured (another host, another
// network namespace, TLS over a unix socket) has no figure, and a difference that
// the noise could explain recommends nothing.
package advice

import (
	"math"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// Who says who talks to whom.
type Who string

// The places of the two sides.
const (
	OneProcess       Who = "process"
	OneHost          Who = "host"
	Pod              Who = "pod" // two containers that share the network namespace, not the files
	ContainerAndHost Who = "container"
	TwoHosts         Who = "hosts"
)

// Places lists them in page order.
var Places = [...]Who{OneProcess, OneHost, Pod, ContainerAndHost, TwoHosts}

// Label is the place in words.
func (w Who) Label() string {
	switch w {
	case OneProcess:
		return "one process"
	case OneHost:
		return "two processes of one host"
	case Pod:
		return "two containers of a pod"
	case ContainerAndHost:
		return "a container and its host"
	case TwoHosts:
		return "two hosts"
	}
	return string(w)
}

// Access says who may connect.
type Access string

// The kinds of access.
const (
	SameUser Access = "user"
	OneGroup Access = "group"
	AnyUser  Access = "local"
	Network  Access = "network"
)

// Accesses lists them in page order.
var Accesses = [...]Access{SameUser, OneGroup, AnyUser, Network}

// Label is the access in words.
func (a Access) Label() string {
	switch a {
	case SameUser:
		return "the same user only"
	case OneGroup:
		return "one group of users"
	case AnyUser:
		return "any user of the machine"
	case Network:
		return "anybody on the network"
	}
	return string(a)
}

// Carries says what the connection has to carry.
type Carries string

// The kinds of transport.
const (
	Either  Carries = "either"
	Bytes   Carries = "stream"
	Records Carries = "records"
)

// Transports lists them in page order.
var Transports = [...]Carries{Either, Bytes, Records}

// Label is the transport in words.
func (t Carries) Label() string {
	switch t {
	case Either:
		return "either will do"
	case Bytes:
		return "a stream of bytes, as for HTTP"
	case Records:
		return "records: one write, one read"
	}
	return string(t)
}

// Case is what somebody has to choose a socket for.
type Case struct {
	Who     Who
	Access  Access
	Carries Carries
	TLS     bool
	Size    int     // bytes of one message
	Rate    float64 // requests per second
	Dials   float64 // connections per second, at most Rate; 0 for connections that are kept
}

// The workloads that a case is made of, as package runner names them.
const (
	kept   = "echo"
	dialed = "dial-echo"
)

// Part is requests of one kind: those that open a connection, or those on one that
// is there.
type Part struct {
	Workload  string
	PerSecond float64
}

// Parts splits the requests of a case: the first request of each connection costs
// what a dial costs, the others do not.
func (c Case) Parts() []Part {
	var parts []Part
	if c.Dials > 0 {
		parts = append(parts, Part{dialed, min(c.Dials, c.Rate)})
	}
	if rest := c.Rate - c.Dials; rest > 0 {
		parts = append(parts, Part{kept, rest})
	}
	return parts
}

// Summary is the case in words, as pieces.
func (c Case) Summary() []string {
	all := []string{c.Who.Label(), c.Access.Label(), quantity.Bytes(int64(c.Size)) + " messages", quantity.Rate(c.Rate) + " requests/s"}
	switch {
	case c.Dials <= 0:
		all = append(all, "kept connections")
	case c.Dials >= c.Rate:
		all = append(all, "a connection for each request")
	default:
		all = append(all, quantity.Rate(c.Dials)+" connections/s")
	}
	if c.Carries != Either {
		all = append(all, c.Carries.Label())
	}
	if c.TLS {
		all = append(all, "TLS")
	}
	return all
}

// nearFactor is up to which factor a size, a number of connections or a rate counts
// as that of the case. The cost of a message of a few bytes is that of its system
// calls; copying shows from tens of KiB on, within a factor of four little.
const nearFactor = 4

// apart is how many doublings lie between two positive numbers.
func apart(a, b float64) float64 {
	if a <= 0 || b <= 0 {
		return 0
	}
	return math.Abs(math.Log2(a / b))
}
