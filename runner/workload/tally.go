package workload

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Tally counts what a server saw. Its zero value is empty, and it may be used from
// any number of goroutines at once.
type Tally struct {
	echoed atomic.Int64 // messages answered
	size   atomic.Int64 // of each of them in bytes

	mu       sync.Mutex
	epoch    time.Time
	counts   Counts     // the rest
	received []interval // when streams arrived, disjoint and in order
}

// interval is a stretch of time, on the clock of one process.
type interval struct{ from, to time.Duration }

// Counts returns what was counted so far. The messages of a stream are added at
// the end of a pass.
func (t *Tally) Counts() Counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, n := t.counts, t.echoed.Load()
	c.Messages += n
	c.Bytes += n * t.size.Load()
	c.Receiving = total(t.received)
	if c.Lost < 0 { // more came than was sent
		c = c.of(c.Messages + c.Lost)
	}
	return c
}

// start sets the size of messages, and the clock to 0 if it does not run yet.
func (t *Tally) start(size int) {
	t.size.Store(int64(size))
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.epoch.IsZero() {
		t.epoch = time.Now()
	}
}

// Echoed counts one answer.
func (t *Tally) Echoed() { t.echoed.Add(1) }

// add adds what one stream received in one pass, or what it was not sent.
func (t *Tally) add(c Counts, when interval) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts = t.counts.Add(c)
	if when.to > when.from {
		t.received = union(append(t.received, when))
	}
}

// union returns the same stretches of time without overlaps, in order.
func union(all []interval) []interval {
	slices.SortFunc(all, func(a, b interval) int { return cmp.Compare(a.from, b.from) })
	n := 0
	for i, next := range all {
		switch {
		case i == 0:
		case next.from <= all[n].to:
			all[n].to = max(all[n].to, next.to)
		default:
			n++
			all[n] = next
		}
	}
	return all[:min(n+1, len(all))]
}

func total(all []interval) time.Duration {
	d := time.Duration(0)
	for _, i := range all {
		d += i.to - i.from
	}
	return d
}
