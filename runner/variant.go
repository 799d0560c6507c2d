package runner

// Variant is an option of a socket or of a workload that changes what is
// measured. It is asked for by name and is a cell of its own beside the plain
// one: never a hidden setting.
type Variant string

// The variants.
const (
	Plain Variant = ""
	// Nagle leaves TCP_NODELAY off, which Go sets on.
	Nagle Variant = "nagle"
	// Linger0 closes with a reset (SO_LINGER 0): no TIME_WAIT, and what was not
	// sent yet is lost.
	Linger0 Variant = "linger0"
	// Resume resumes TLS sessions, where the plain cell makes full handshakes.
	Resume Variant = "resume"
	// Flood sends datagrams without waiting for credit from the receiver.
	Flood Variant = "flood"
)

// Variants lists those that can be asked for, in page order.
var Variants = [...]Variant{Nagle, Linger0, Resume, Flood}

// Label is the variant in words.
func (v Variant) Label() string {
	switch v {
	case Nagle:
		return "Nagle on (TCP_NODELAY off)"
	case Linger0:
		return "SO_LINGER 0 (close with a reset)"
	case Resume:
		return "TLS sessions resumed"
	case Flood:
		return "UDP without credit"
	}
	return "plain"
}

// Of reports whether the variant changes anything about a socket and a workload.
func (v Variant) Of(k Socket, w Workload) bool {
	switch v {
	case Nagle:
		return k.TCP()
	case Linger0:
		return k.TCP() && w.Dials()
	case Resume:
		return k == TLS && w.Dials()
	case Flood:
		return k.Lossy() && w == Stream
	}
	return false
}

// Ports says how TCP dials get along with the local ports.
type Ports string

// The plans for ports.
const (
	// Rotate dials further addresses (127.0.0.2, …) or ports of the server when the
	// planned dials would use up the local ports of one.
	Rotate Ports = "rotate"
	// OneAddress dials one address, come what may.
	OneAddress Ports = "one"
)
