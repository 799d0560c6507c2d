package host

// Advice is one thing that would make this machine a better benchmark host.
// Nothing here is ever done by sockscope itself.
type Advice struct {
	Sentence string `json:"sentence"`          // what is so, and why it matters
	Command  string `json:"command,omitempty"` // what mends it, to copy; "" where nothing is to be done
}

// ReadAdvice reads what applies to this machine now; nil when it is fine as it is.
func ReadAdvice() []Advice { return nil }
