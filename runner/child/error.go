package child

import (
	"fmt"
	"strings"
	"sync"
)

// Error says what a child did wrong, for people.
type Error struct {
	Role   Role
	During string // the order that it was busy with
	Reason string // what it did, or what it reported
	Tail   string // the last of its stderr; "" for none
	Err    error  // how the process ended; nil while it lived
}

func (e *Error) Error() string {
	s := fmt.Sprintf("the %s process (at %q): %s", e.Role, e.During, e.Reason)
	if e.Err != nil {
		s += fmt.Sprintf(" (%v)", e.Err)
	}
	if e.Tail != "" {
		s += "; its last words: " + e.Tail
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// tail keeps the last bytes that were written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b[max(0, len(b)-tailSize):]...)
	if over := len(t.kept) - tailSize; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ToValidUTF8(strings.TrimSpace(string(t.kept)), "\uFFFD")
}
