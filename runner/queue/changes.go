package queue

import "sync"

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
