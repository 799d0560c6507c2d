// Package queue hands comparisons to the workers of benchmark hosts and takes
// their results back, over NATS JetStream.
//
// The database is the truth, the stream only wakes workers up:
//
//  1. A comparison is stored as queued; [Dispatcher.Submit] publishes an order
//     on order.<host>.
//  2. The host's [Worker] takes one order at a time, claims the comparison
//     (which raises its attempt), and measures what is not stored yet.
//  3. While it measures it sends beats; each is answered with "go", "cancel",
//     "stale" or "gone", so that a cancel cannot get lost.
//  4. After each run it sends the result; the dispatcher checks and stores it.
//  5. At the end the dispatcher merges the rounds' profiles and finishes the
//     comparison in one transaction; then the worker acknowledges the order.
//
// A worker that dies stops to beat: its comparison becomes interrupted, its order
// is delivered again, and the next claim fences off whatever it might still say.
// When the dispatcher starts it publishes again what the database says is to be
// run, so the stream may live in memory.
//
// The connection is a parameter: it is the in-process one of an [Engine] for the
// worker within the server, and one to a NATS server for hosts of a fleet.
package queue

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Names on the wire.
const (
	stream       = "ORDERS"
	orderSubject = "order."
	askClaim     = "comparison.claim"
	askBeat      = "comparison.beat"
	askResult    = "comparison.result"
	askFinish    = "comparison.finish"
)

// maxPayload bounds one message: a result with its profiles is 0.2 to 2 MB.
const maxPayload = 16 << 20

// Timing says how soon a dead worker is noticed. The zero value of each field is
// its default; dispatcher and worker must agree.
type Timing struct {
	// AckWait is how long an order stays with a worker that says nothing: 15 s.
	AckWait time.Duration
	// InProgress is how often a worker tells the stream that it is alive: 5 s.
	InProgress time.Duration
	// Lease is how long a comparison runs without a beat before it is interrupted:
	// 15 s.
	Lease time.Duration
	// Beat is how often a worker asks whether to go on: 250 ms. It bounds how long
	// a cancel takes, and is rare enough not to show in what is measured.
	Beat time.Duration
}

func (t Timing) withDefaults() Timing {
	for _, d := range []struct {
		field *time.Duration
		usual time.Duration
	}{{&t.AckWait, 15 * time.Second}, {&t.InProgress, 5 * time.Second}, {&t.Lease, 15 * time.Second}, {&t.Beat, 250 * time.Millisecond}} {
		if *d.field <= 0 {
			*d.field = d.usual
		}
	}
	return t
}

// verdict is the answer to whatever a worker asks or reports.
type verdict string

const (
	goOn   verdict = "go"
	cancel verdict = "cancel" // somebody asked to cancel: stop, then finish as canceled
	stale  verdict = "stale"  // another attempt is the current one: stop, report nothing
	gone   verdict = "gone"   // ended or deleted: stop, and acknowledge the order
	later  verdict = "later"  // the server could not tell: ask again
	refuse verdict = "refuse" // what was sent is wrong, see Sentence
)

// order is what the stream holds: the id, and nothing that could be out of date.
type order struct {
	Comparison string `json:"comparison"`
}

// place is one run in the plan.
type place struct{ Round, Cell int }

type claimRequest struct {
	Comparison string `json:"comparison"`
}

type claimReply struct {
	answer
	Spec    runner.Spec `json:"spec"`
	Attempt int         `json:"attempt"`
	Done    []place     `json:"done"` // runs that are stored
	Seed    uint64      `json:"seed"` // of the order within rounds
}

type beatRequest struct {
	Comparison string          `json:"comparison"`
	Attempt    int             `json:"attempt"`
	Progress   runner.Progress `json:"progress"`
}

type resultRequest struct {
	Comparison string        `json:"comparison"`
	Attempt    int           `json:"attempt"`
	Result     runner.Result `json:"result"`
	// Fingerprint comes with the first result of an attempt, Sources with each
	// whose profiles name a file that was not sent yet.
	Fingerprint json.RawMessage `json:"fingerprint,omitempty"`
	Sources     []byte          `json:"sources,omitempty"`
}

type finishRequest struct {
	Comparison string         `json:"comparison"`
	Attempt    int            `json:"attempt"`
	State      profiles.State `json:"state"` // final, or interrupted
	Failure    string         `json:"failure,omitempty"`
}

// answer is the part that every reply has.
type answer struct {
	Verdict  verdict `json:"verdict"`
	Sentence string  `json:"sentence,omitempty"`
}

// answerTo puts an error of the store into a verdict.
func answerTo(err error) answer {
	var bad *badResult
	switch {
	case err == nil:
		return answer{Verdict: goOn}
	case errors.Is(err, profiles.ErrNotFound), errors.Is(err, profiles.ErrFinal):
		return answer{Verdict: gone}
	case errors.Is(err, profiles.ErrStale):
		return answer{Verdict: stale}
	case errors.As(err, &bad):
		return answer{Verdict: refuse, Sentence: bad.Error()}
	}
	return answer{Verdict: later, Sentence: err.Error()}
}

// token is a host's name as one part of a subject and as the name of a consumer:
// whatever would split it, and what NATS forbids there, is escaped.
func token(host string) string {
	if host == "" {
		return "own"
	}
	return "host-" + strings.NewReplacer(".", "%2E", "*", "%2A").Replace(url.QueryEscape(host))
}
