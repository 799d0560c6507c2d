package bench

import (
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// overhead is what a run takes beside its passes: two processes to start, two
// profilers to stop.
const overhead = 350 * time.Millisecond

// pace is the wall time of one request, all workers together, on a machine with
// two slow CPUs.
func pace(cell profiles.Cell) time.Duration {
	var d time.Duration
	switch {
	case cell.Workload == string(runner.DialEcho) && cell.Socket == string(runner.Unix):
		d = 90 * time.Microsecond
	case cell.Workload == string(runner.DialEcho):
		d = 150 * time.Microsecond
	case cell.Socket == string(runner.Unix):
		d = 22 * time.Microsecond
	default:
		d = 30 * time.Microsecond
	}
	d += time.Duration(cell.Size) * time.Nanosecond // four copies and two buffers
	if cell.Concurrency > 1 {
		d = d * 2 / 3 // the two sides overlap
	}
	return d
}
