package workload

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// Budget says how much one pass does: Requests and, if those are done sooner,
// requests until AtLeast has gone by; but it ends at AtMost in any case. With no
// times it is exactly Requests.
type Budget struct {
	Requests int64         `json:"requests"`
	AtLeast  time.Duration `json:"at_least_ns"`
	AtMost   time.Duration `json:"at_most_ns"` // 0 for no bound
}

// portion is how many requests are handed out between two looks at the clock.
const portion = 64

// Work hands out the requests of one pass to its workers. Its clock starts when
// it is made.
type Work struct {
	left atomic.Int64 // that may be taken without a look at the clock

	// pace and latencies are set in an open loop only: there each worker has a Work
	// of its own, with nothing left in it, so that every Next goes to the pace.
	pace      *pace
	latencies *Latencies

	mu      sync.Mutex
	budget  Budget
	handed  int64 // requests, taken or in left
	began   time.Time
	stopped bool
}

// NewWork returns the work of one pass.
func NewWork(b Budget) *Work { return &Work{budget: b, began: time.Now()} }

// Next takes one request, and reports false when there is none left. It is one
// atomic subtraction, and a look at the clock every 64 requests if the budget
// has a time in it. In an open loop it returns when the request is due.
func (w *Work) Next() bool { return w.left.Add(-1) >= 0 || w.refill() }

// Stop leaves nothing to take.
func (w *Work) Stop() {
	if w.pace != nil {
		w.pace.stop()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.left.Store(math.MinInt64 / 2)
}

func (w *Work) refill() bool {
	if w.pace != nil {
		return w.pace.take(w.latencies)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return false
	}
	if w.left.Add(-1) >= 0 { // another worker was here first
		return true
	}
	n := w.portion()
	if n == 0 {
		w.left.Store(0)
		return false
	}
	w.handed += n
	w.left.Store(n - 1)
	return true
}

// portion is how many more requests to hand out; 0 ends the pass.
func (w *Work) portion() int64 {
	missing := max(w.budget.Requests-w.handed, 0)
	if w.budget.AtLeast == 0 && w.budget.AtMost == 0 {
		return missing
	}
	elapsed := time.Since(w.began)
	switch {
	case w.budget.AtMost > 0 && elapsed >= w.budget.AtMost:
		return 0
	case elapsed < w.budget.AtLeast:
		return portion
	}
	return min(missing, portion)
}
