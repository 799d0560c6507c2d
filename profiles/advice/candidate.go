package advice

import (
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// Family is how a kind of socket is named and reached.
type Family string

// The families.
const (
	File     Family = "file"     // a path in the file system
	Abstract Family = "abstract" // a name in the network namespace
	Pair     Family = "pair"     // no name: both ends are made at once
	IP       Family = "ip"       // an address and a port
	Machine  Family = "vsock"    // a virtual machine and its host
	Nothing  Family = "none"     // no socket at all
)

// Socket is a kind of socket, as far as it decides what it can be used for.
type Socket struct {
	Name      string // as package runner has it
	Family    Family
	Records   bool // one read takes one message
	Lossy     bool // messages may get lost
	TLS       bool
	Ports     bool   // dials use up local ports
	MaxRecord int    // bytes; 0 for no limit
	Missing   string // why this host cannot open it; "" when it can
}

// NoSocket is the answer for two sides of one process.
const NoSocket = "no socket"

// Standing says how a socket stands to a case.
type Standing string

// The standings, best first.
const (
	Fits    Standing = "fits"
	Limited Standing = "if" // it fits, if the program does the rest
	Out     Standing = "does not fit"
)

// Candidate is a socket with the reasons for its standing, as sentences: what stands
// in the way, what of the case it does not do by itself, what has to be set up.
type Candidate struct {
	Socket
	Standing Standing
	Reasons  []string
	// Ifs are the conditions of one that is Limited, to stand behind "if".
	Ifs []string
}

func (c *Candidate) out(format string, a ...any) {
	if c.Standing != Out {
		c.Standing, c.Reasons, c.Ifs = Out, nil, nil // what would have to be seen to no longer matters
	}
	c.Reasons = append(c.Reasons, fmt.Sprintf(format, a...))
}

// needs notes what has to be set up once; it fits all the same.
func (c *Candidate) needs(sentence string) {
	if c.Standing != Out {
		c.Reasons = append(c.Reasons, sentence)
	}
}

// only notes what of the case it does not do by itself, and on which condition it
// fits all the same.
func (c *Candidate) only(condition, sentence string) {
	if c.Standing == Out {
		return
	}
	c.Standing = Limited
	c.Reasons, c.Ifs = append(c.Reasons, sentence), append(c.Ifs, condition)
}

// Judge says of each socket whether it can do what the case asks. Those that fit
// come first, otherwise they keep their order.
func Judge(c Case, sockets []Socket) []Candidate {
	all := []Candidate{}
	if c.Who == OneProcess {
		all = append(all, Candidate{Socket: Socket{Name: NoSocket, Family: Nothing}, Standing: Fits, Reasons: []string{
			"A channel, or net.Pipe where a net.Conn is asked for, stays in the process: no system call, no name, nobody else. It is not measured here.",
		}})
	}
	for _, s := range sockets {
		d := Candidate{Socket: s, Standing: Fits}
		d.place(c)
		d.access(c)
		d.carry(c)
		d.secure(c)
		if s.Missing != "" && d.Standing != Out {
			d.only("this host can open it", "This host cannot open it: "+s.Missing)
		}
		all = append(all, d)
	}
	order := []Standing{Fits, Limited, Out}
	slices.SortStableFunc(all, func(a, b Candidate) int {
		return slices.Index(order, a.Standing) - slices.Index(order, b.Standing)
	})
	return all
}

// place is about where the two sides are.
func (d *Candidate) place(c Case) {
	switch d.Family {
	case Machine:
		d.out("It connects a virtual machine with its host, which is neither of these.")
	case Pair:
		switch {
		case c.Who == OneHost && c.Dials > 0:
			d.out("It has no address to dial: both ends are made at once.")
		case c.Who == OneHost:
			d.only("one process starts the other, or hands it one end", "It has no name: one process has to start the other, or hand it one end.")
		case c.Who != OneProcess:
			d.out("It has no name: both ends have to come from one process, and there is none in common.")
		}
	case File:
		switch c.Who {
		case Pod:
			d.needs("The containers have to share a volume (an emptyDir) that its file lies in.")
		case ContainerAndHost:
			d.needs("The directory of its file has to be mounted into the container; mount the directory, not the file, which a restart replaces.")
		case TwoHosts:
			d.out("It ends at the host: a shared file system carries its file, not its connection.")
		}
	case Abstract:
		switch c.Who {
		case ContainerAndHost:
			d.only("the container shares the host’s network namespace", "The container has to share the host’s network namespace (--network=host).")
		case TwoHosts:
			d.out("Its name is that of one network namespace of one host.")
		}
	case IP:
		if c.Who == ContainerAndHost {
			d.needs("The port has to be published, or the host’s address be known in the container.")
		}
	}
}

// access is about who may connect. Within one process nobody else does.
func (d *Candidate) access(c Case) {
	if c.Who == OneProcess || d.Standing == Out {
		return
	}
	switch {
	case c.Access == Network && d.Family != IP:
		d.out("Nobody on the network reaches it.")
	case c.Access == Network:
	case d.Family == IP && c.Who == TwoHosts:
		d.only("a firewall, or the program itself, keeps the others out", "Whoever reaches the port can connect: a firewall, or the program itself with a token or client certificates, has to keep out the others.")
	case d.Family == IP && c.Access != AnyUser:
		d.only("the program itself asks who is there", "Any user of the machine can connect to its port: the program itself has to ask who is there, with a token or client certificates.")
	case d.Family == Abstract && c.Access != AnyUser:
		d.only("the program looks at SO_PEERCRED", "It has no mode, so any user of the network namespace can connect: the program has to look at SO_PEERCRED and close the others.")
	}
}

// carry is about messages.
func (d *Candidate) carry(c Case) {
	if d.Standing == Out {
		return
	}
	switch {
	case d.Lossy && c.Carries == Bytes:
		d.out("It carries records that can get lost, not a stream.")
	case d.Records && c.Carries == Bytes:
		d.out("It carries records, not a stream.")
	case d.MaxRecord > 0 && c.Size > d.MaxRecord:
		d.out("One record of it holds at most %s B, and a message has %s B.", quantity.Count(int64(d.MaxRecord)), quantity.Count(int64(c.Size)))
	case d.Lossy:
		d.only("the program can live with lost messages", "Messages can get lost, doubled or overtaken: the program has to live with that.")
	case !d.Records && c.Carries == Records:
		d.needs("It carries a stream: write the length before each message.")
	}
}

// secure is about TLS.
func (d *Candidate) secure(c Case) {
	switch {
	case d.Standing == Out || c.TLS == d.TLS:
	case d.TLS:
		d.out("You did not ask for TLS: it is TCP with a handshake and encryption on top.")
	case d.Records:
		d.out("TLS needs a stream, and this carries records.")
	case d.Name == "tcp4" || d.Name == "tcp6":
		d.out("TLS over it is the socket tls here.")
	default:
		d.only("the program runs TLS over it", "The program can run TLS over it; this host measures TLS over TCP only, so there is no figure for that.")
	}
}
