package queue

import (
	"sync"
	"time"

	"github.com/sockscope/sockscope/runner"
)

// hub tells subscribers that something changed. It says no more than that: who
// hears it reads the store, so notices may be merged and none is ever missed.
type hub struct {
	mu     sync.Mutex
	closed bool
	subs   map[*subscription]struct{}
}

type subscription struct {
	id string // "" for every comparison
	ch chan struct{}
}

func newHub() *hub { return &hub{subs: map[*subscription]struct{}{}} }

func (h *hub) subscribe(id string) (<-chan struct{}, func()) {
	s := &subscription{id, make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(s.ch)
		return s.ch, func() {}
	}
	h.subs[s] = struct{}{}
	return s.ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.subs, s)
	}
}

func (h *hub) notify(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		if s.id != "" && s.id != id {
			continue
		}
		select {
		case s.ch <- struct{}{}:
		default: // a notice is waiting already
		}
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		close(s.ch)
	}
	clear(h.subs)
}

// live is a comparison that a worker has.
type live struct {
	attempt  int
	canceled bool // answer its next beat with cancel
	progress runner.Progress
	beat     time.Time // the last sign of life
}

// board holds the live comparisons by id.
type board struct {
	mu  sync.Mutex
	all map[string]*live
}

func newBoard() *board { return &board{all: map[string]*live{}} }

// begin puts a comparison on the board in place of an older attempt.
func (b *board) begin(id string, l live) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all[id] = &l
}

// end takes it off, unless a newer attempt has begun.
func (b *board) end(id string, attempt int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.all[id]; ok && l.attempt <= attempt {
		delete(b.all, id)
	}
}

// drop takes it off, whatever its attempt.
func (b *board) drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all, id)
}

// beat notes a sign of life and answers it; known is false for a comparison that
// is not on the board, and changed says whether its progress did.
func (b *board) beat(q beatRequest, now time.Time) (v verdict, known, changed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.all[q.Comparison]
	switch {
	case !ok:
		return later, false, false
	case l.attempt != q.Attempt:
		return stale, true, false
	}
	changed = l.progress != q.Progress
	l.beat, l.progress = now, q.Progress
	if l.canceled {
		return cancel, true, changed
	}
	return goOn, true, changed
}

// cancel marks a comparison, so that its worker hears it with the next beat.
func (b *board) cancel(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.all[id]; ok {
		l.canceled = true
	}
}

func (b *board) progress(id string) (runner.Progress, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.all[id]; ok {
		return l.progress, true
	}
	return runner.Progress{}, false
}

// silent returns the attempts that have not given a sign of life since.
func (b *board) silent(since time.Time) map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	attempts := map[string]int{}
	for id, l := range b.all {
		if l.beat.Before(since) {
			attempts[id] = l.attempt
		}
	}
	return attempts
}

func (b *board) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.all) == 0
}
