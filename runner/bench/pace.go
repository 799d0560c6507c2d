package bench

import (
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// overhead is what a run takes beside its passes: two processes to start, two
// profilers to stop.
const overhead = 350 * time.Millisecond

// Paces of requests on two slow CPUs, as TestPaces measures them.
const (
	echoPace   = 25 * time.Microsecond // unix
	streamPace = 3 * time.Microsecond
	dialPace   = 60 * time.Microsecond // beside what the connection is used for
	httpPace   = 80 * time.Microsecond // beside the echo
	h2cPace    = 120 * time.Microsecond
	handshake  = 950 * time.Microsecond // of TLS, with the certificate of a run
	resumption = 450 * time.Microsecond
	// delayedAck is what a second small write waits for with Nagle's algorithm on.
	delayedAck = 40 * time.Millisecond
)

// pace is the wall time of one request, all workers together.
func pace(cell profiles.Cell) time.Duration {
	k, w, v := runner.Socket(cell.Socket), runner.Workload(cell.Workload), runner.Variant(cell.Variant)
	d := echoPace
	switch w {
	case runner.Stream:
		d = streamPace
	case runner.HTTP, runner.HTTPDial:
		d += httpPace
	case runner.H2C:
		d += h2cPace
	}
	if k.TCP() || k.Lossy() {
		d = d * 5 / 4
	}
	if w.Dials() {
		d += dialPace
		if k.TCP() {
			d += dialPace
		}
		switch {
		case k == runner.TLS && v == runner.Resume:
			d += resumption
		case k == runner.TLS:
			d += handshake
		}
	}
	d += time.Duration(perByte(k, w) * float64(cell.Size))
	if cell.Concurrency > 1 {
		d = d * 2 / 3 // the two sides overlap
	}
	if v == runner.Nagle && (w == runner.H2C || k == runner.TLS && w.Dials()) {
		d += delayedAck / time.Duration(cell.Concurrency) // they wait side by side
	}
	return d
}

// perByte is what a byte of a message adds, in ns: its copies, and with TLS its
// encryption at both sides.
func perByte(k runner.Socket, w runner.Workload) float64 {
	ns := 0.6
	switch {
	case w == runner.Stream:
		ns = 0.3
	case w.HTTP():
		ns = 1.2
	}
	if k == runner.TLS {
		ns *= 3
	}
	return ns
}
