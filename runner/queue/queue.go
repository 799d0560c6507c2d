// Package queue hands comparisons to the workers of benchmark hosts and takes
// their results back, over NATS JetStream.
//
// The database is the truth, the stream only wakes workers up:
//
//  1. A [Worker] says hello, at its start and every two seconds: which host it is,
//     and what can be measured there. The dispatcher admits one worker for each
//     host and makes its consumer.
//  2. A comparison is stored as queued; [Dispatcher.Submit] publishes an order
//     on order.<host> for each host that has a part in it.
//  3. The host's worker takes one order at a time, claims the part (which raises
//     its attempt), and measures what is not stored yet.
//  4. While it measures it sends beats; each is answered with "go", "cancel",
//     "stale" or "gone", so that a cancel cannot get lost.
//  5. After each run it sends the result; the dispatcher checks and stores it.
//  6. At the end the dispatcher merges the rounds' profiles and finishes the part
//     in one transaction; then the worker acknowledges the order.
//
// A worker that dies stops to beat: its part becomes interrupted, its order is
// delivered again, and the next claim fences off whatever it might still say. One
// that is started again takes its place as soon as the dead one has been silent for
// ten seconds. When the dispatcher starts it publishes again what the database says
// is to be run, so the stream may live in memory.
//
// The connection is a parameter: it is the in-process one of an [Engine] for the
// worker within the server, and one to a NATS server for hosts of a fleet. All that
// a worker sends may come from somebody who stole its token: it is bounded, checked
// and fenced by attempt and by instance.
package queue

import (
	"net/url"
	"strings"
	"time"
)

// Names on the wire.
const (
	stream       = "ORDERS"
	orderSubject = "order."
	askClaim     = "comparison.claim"
	askBeat      = "comparison.beat"
	askResult    = "comparison.result"
	askFinish    = "comparison.finish"
	askHello     = "host.hello"
)

// workerInbox is where workers get answers: a place of their own, so that their
// permissions do not let them read those of the server.
const workerInbox = "_INBOX_WORKER"

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
	// Hello is how often a worker says that it is there: 2 s.
	Hello time.Duration
	// Absence is how long a host stays online without a word: 10 s.
	Absence time.Duration
}

func (t Timing) withDefaults() Timing {
	for _, d := range []struct {
		field *time.Duration
		usual time.Duration
	}{
		{&t.AckWait, 15 * time.Second},
		{&t.InProgress, 5 * time.Second},
		{&t.Lease, 15 * time.Second},
		{&t.Beat, 250 * time.Millisecond},
		{&t.Hello, 2 * time.Second},
		{&t.Absence, 10 * time.Second},
	} {
		if *d.field <= 0 {
			*d.field = d.usual
		}
	}
	return t
}

// token is a host's name as one part of a subject and as the name of a consumer:
// whatever would split it, and what NATS forbids there, is escaped.
func token(host string) string {
	if host == "" {
		return "own"
	}
	return "host-" + strings.NewReplacer(".", "%2E", "*", "%2A").Replace(url.QueryEscape(host))
}
