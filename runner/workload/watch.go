package workload

import (
	"sync"
	"sync/atomic"
	"time"
)

// How long a reply is waited for where messages can get lost: ten times the 99th
// percentile of the pass before, within these bounds. Others keep a virtual machine
// from running for 20 ms and more, which is not the loss of a message; and a loop
// in which every message gets lost still ends with its pass.
const (
	firstDeadline    = 250 * time.Millisecond
	shortestDeadline = 50 * time.Millisecond
	longestDeadline  = time.Second
	afterP99         = 10
)

// watch gives up requests whose reply does not come. It looks at all workers some
// times within a deadline, so a request is given up at most a fifth later.
//
// Note: a deadline set anew for each request costs 130 to 250 ns of the loop, 1 to
// 2 % of a round trip; the mark for the watch and the number cost 8 ns.
type watch struct {
	deadline atomic.Int64 // ns
	stop     chan struct{}
	ended    sync.WaitGroup
}

// startWatch watches until close.
func startWatch(all []*numbered) *watch {
	w := &watch{stop: make(chan struct{})}
	w.deadline.Store(int64(firstDeadline))
	w.ended.Go(func() { w.look(all) })
	return w
}

// after sets the deadline that follows from the latencies of a pass.
func (w *watch) after(p99 time.Duration) {
	w.deadline.Store(int64(min(max(afterP99*p99, shortestDeadline), longestDeadline)))
}

func (w *watch) close() {
	close(w.stop)
	w.ended.Wait()
}

func (w *watch) look(all []*numbered) {
	type waiting struct {
		state uint64
		since time.Time
	}
	last := make([]waiting, len(all))
	for {
		deadline := time.Duration(w.deadline.Load())
		select {
		case <-w.stop:
			return
		case <-time.After(deadline / 5):
		}
		now := time.Now()
		for i, n := range all {
			state := n.state.Load()
			switch {
			case state != last[i].state:
				last[i] = waiting{state, now}
			case state&1 == 1 && now.Sub(last[i].since) >= deadline && n.givenUp.Load() != state:
				n.giveUp(state)
			}
		}
	}
}
