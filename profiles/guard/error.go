package guard

import (
	"fmt"
	"strconv"
)

// Reason is why a profile is refused. It decides the status code of a response.
type Reason string

// The reasons.
const (
	TooLarge   Reason = "too large"   // a limit: of bytes or of a count
	NotProfile Reason = "not profile" // something else altogether
	Broken     Reason = "broken"      // a profile, but cut short or inconsistent
	Legacy     Reason = "legacy"      // one of the formats before profile.proto
)

// Error is a refused profile.
type Error struct {
	Reason   Reason
	Sentence string // for people: what is wrong, and what to do
	cause    error
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Sentence }

// Unwrap returns what the decoder said, nil when it was not asked.
func (e *Error) Unwrap() error { return e.cause }

func refuse(r Reason, format string, args ...any) *Error {
	return &Error{Reason: r, Sentence: fmt.Sprintf(format, args...)}
}

// What to do about a profile that has too much of something.
const (
	shorten = "record for a shorter time, or keep a part of it with `go tool pprof -focus=… -proto old > new.pb.gz`"
	unlabel = "record with fewer labels, or for a shorter time"
	made    = "look at what wrote it: a profiler makes a handful"
)

func tooMany(limit int, what, mend string) *Error {
	return refuse(TooLarge, "The profile has more than %s %s; %s.", thousands(limit), what, mend)
}

// broken is an inconsistency. Details of the decoder may hold pointers and
// text of the sender: they are kept for the log and not shown.
func broken(cause error) *Error {
	return &Error{
		Reason:   Broken,
		Sentence: "The profile does not hang together (an id, a string or a value is missing, or is there twice); record it again, or check it with `go tool pprof -raw`.",
		cause:    cause,
	}
}

func cutShort() *Error {
	return refuse(Broken, "The profile ends before its end or is damaged; copy or record it again.")
}

func size(n int64) string {
	if n >= 1<<20 {
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return thousands(int(n)) + " bytes"
}

// thousands writes 1000000 as 1,000,000.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
