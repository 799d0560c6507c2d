package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

// Bounds of messages in bytes. A result with its profiles is 0.2 to 2 MB.
const (
	maxPayload = 16 << 20
	maxRequest = 256 << 10 // of all requests but results
	maxChecks  = 64
	maxID      = 32
)

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

func decodeOrder(data []byte) (o order, err error) {
	if err := json.Unmarshal(data, &o); err != nil {
		return o, err
	}
	return o, checkID(o.Comparison)
}

// place is one run in the plan: round and cell.
type place [2]int

// sender is the part that every request about a comparison has.
type sender struct {
	Comparison string `json:"comparison"`
	Host       string `json:"host"`     // the worker's name
	Instance   string `json:"instance"` // the worker's, of this start of it
	Attempt    int    `json:"attempt,omitempty"`
}

func (s sender) check() error {
	if err := checkID(s.Comparison); err != nil {
		return err
	}
	if s.Attempt < 0 {
		return &badResult{fmt.Sprintf("there is no attempt %d", s.Attempt)}
	}
	return checkWorker(s.Host, s.Instance)
}

type claimRequest struct{ sender }

type claimReply struct {
	answer
	Spec    runner.Spec     `json:"spec"`
	Cells   []profiles.Cell `json:"cells"` // the plan, those of other hosts too
	Host    string          `json:"host"`  // Cell.Host of the cells to measure; "" for all
	Attempt int             `json:"attempt"`
	Total   int             `json:"total"` // runs of this host
	Done    []place         `json:"done"`  // runs that are stored
	Seed    uint64          `json:"seed"`  // of the order within rounds
}

type beatRequest struct {
	sender
	Progress runner.Progress `json:"progress"`
}

type resultRequest struct {
	sender
	Result runner.Result `json:"result"`
	// Fingerprint comes with the first result of an attempt, Sources with each
	// whose profiles name a file that was not sent yet.
	Fingerprint json.RawMessage `json:"fingerprint,omitempty"`
	Sources     []byte          `json:"sources,omitempty"`
}

func (q resultRequest) check() error {
	return errors.Join(q.sender.check(), checkFingerprint(q.Fingerprint))
}

type finishRequest struct {
	sender
	State   profiles.State `json:"state"` // final, or interrupted
	Failure string         `json:"failure,omitempty"`
}

func (q finishRequest) check() error {
	if !q.State.Final() && q.State != profiles.Interrupted {
		return &badResult{fmt.Sprintf("%.20q is not an end", q.State)}
	}
	return q.sender.check()
}

type helloRequest struct {
	Host        string          `json:"host"`
	Instance    string          `json:"instance"`
	Fingerprint json.RawMessage `json:"fingerprint,omitempty"`
	Checks      json.RawMessage `json:"checks,omitempty"` // []host.Usable
	Warnings    []string        `json:"warnings,omitempty"`
	// Ready asks for the host's consumer: the worker is about to take orders.
	Ready bool `json:"ready,omitempty"`
	// Leaving is the farewell.
	Leaving bool `json:"leaving,omitempty"`
}

func (q helloRequest) check() error {
	var checks []host.Usable
	if q.Checks != nil {
		if err := json.Unmarshal(q.Checks, &checks); err != nil {
			return &badResult{fmt.Sprintf("its preflight cannot be read: %v", err)}
		}
	}
	long := func(s string) bool { return len(s) > maxSentence || !utf8.ValidString(s) }
	switch {
	case len(checks) > maxChecks, slices.ContainsFunc(checks, func(u host.Usable) bool { return long(u.Reason) || len(u.Socket) > maxID }):
		return &badResult{fmt.Sprintf("its preflight has more than %d checks, or a reason of more than %d bytes", maxChecks, maxSentence)}
	case len(q.Warnings) > maxWarnings || slices.ContainsFunc(q.Warnings, long):
		return &badResult{fmt.Sprintf("it has more than %d warnings, or one of more than %d bytes", maxWarnings, maxSentence)}
	}
	return errors.Join(checkWorker(q.Host, q.Instance), checkFingerprint(q.Fingerprint))
}

// request is what a worker sends.
type request interface{ check() error }

// decode reads a request, which anybody may have sent.
func decode[Q request](data []byte, most int) (q Q, err error) {
	if len(data) > most {
		return q, &badResult{fmt.Sprintf("it has %d bytes, and the queue takes %d", len(data), most)}
	}
	if err := json.Unmarshal(data, &q); err != nil {
		return q, &badResult{fmt.Sprintf("it cannot be read: %v", err)}
	}
	return q, q.check()
}

func checkID(id string) error {
	if id == "" || len(id) > maxID {
		return &badResult{fmt.Sprintf("there is no comparison %.20q", id)}
	}
	return nil
}

func checkWorker(host, instance string) error {
	if err := CheckHost(host); host != "" && err != nil {
		return &badResult{err.Error()}
	}
	if len(instance) < 16 || len(instance) > 64 {
		return &badResult{"its instance is none"}
	}
	return nil
}

// CheckHost says, in a sentence, what is wrong with the name of a host.
func CheckHost(name string) error {
	if name == "" || len(name) > runner.MaxHostName || !utf8.ValidString(name) ||
		strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fmt.Errorf("the name %.60q is none that a host can have: use letters, digits, dots and dashes, at most %d", name, runner.MaxHostName)
	}
	return nil
}

func checkFingerprint(f json.RawMessage) error {
	if f == nil {
		return nil
	}
	var known host.Fingerprint
	if err := json.Unmarshal(f, &known); err != nil || len(f) > maxRequest/4 {
		return &badResult{"its fingerprint cannot be read"}
	}
	return nil
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
	return answer{Verdict: later, Sentence: "the server could not store it; its log says why"}
}
