package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

const (
	heartbeat    = 15 * time.Second
	eventTimeout = 5 * time.Second // a reader that takes longer for one event is gone
	maxStreams   = 200             // at once
)

// change is one server-sent event: where a comparison stands. The page asks for
// its own fragment again when it gets one.
type change struct {
	State    profiles.State  `json:"state"`
	Done     int             `json:"done"`
	Total    int             `json:"total"`
	Progress runner.Progress `json:"progress"`
}

// events streams a change after each change of the comparison, and ends after the
// last. It is a hint, not the truth: who misses some sees the newest.
func (s *Server) events(c echo.Context) error {
	ctx := c.Request().Context()
	cid := id(c)
	if _, err := s.Archive.Comparison(ctx, cid); err != nil {
		return err
	}
	if n := s.streams.Add(1); n > maxStreams {
		s.streams.Add(-1)
		c.Response().Header().Set("Retry-After", "5")
		return sentence(http.StatusServiceUnavailable, "Too many pages follow comparisons at once: this one refreshes by itself when others are closed.")
	}
	defer s.streams.Add(-1)
	changes, stop := s.Queue.Subscribe(cid)
	defer stop()
	h := c.Response().Header()
	h.Set("Content-Type", "text/event-stream")
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	h.Set("X-Accel-Buffering", "no")
	c.Response().WriteHeader(http.StatusOK)
	w := http.NewResponseController(c.Response())
	// The whole request's deadline for reading would end the stream with it: a reader
	// that went away is found by writing.
	if err := w.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	revoked, expired := s.revocation(c), s.expiry(c)
	for {
		final, err := s.sendChange(c, cid)
		if err != nil || final {
			return nil // the reader went away, or there is no more to tell
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.Stopping:
			return nil
		case <-changes:
		case <-beat.C:
		case <-revoked:
			revoked = s.revocation(c)
		case <-expired:
			expired = s.expiry(c) // it is over now, unless the time of day was set back
		}
		if sh := sharedOf(c); sh != nil && !s.stillShared(c, sh) {
			return nil
		}
	}
}

// revocation is closed when the next share is revoked, be it another one; without a
// share never.
func (s *Server) revocation(c echo.Context) <-chan struct{} {
	if sharedOf(c) == nil {
		return nil
	}
	return s.revoked.rung()
}

// expiry gives a value when the share of a request expires; without a share never.
func (s *Server) expiry(c echo.Context) <-chan time.Time {
	sh := sharedOf(c)
	if sh == nil {
		return nil
	}
	return time.After(sh.ExpiresAt.Sub(s.Now()))
}

// bell wakes all who wait for it at once. The zero value works.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

// rung is closed at the next ring.
func (b *bell) rung() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
	}
	b.ch = nil
}

// stillShared asks again, so that a revoked link ends the stream too.
func (s *Server) stillShared(c echo.Context, sh *shared) bool {
	_, err := s.Shares.ShareByToken(c.Request().Context(), sh.home[len("/s/"):])
	return err == nil
}

func (s *Server) sendChange(c echo.Context, cid string) (final bool, err error) {
	cmp, err := s.Archive.Comparison(c.Request().Context(), cid)
	if err != nil {
		return false, err
	}
	p, _ := s.Queue.Progress(cid)
	raw, err := json.Marshal(change{cmp.State, cmp.Done, cmp.Total, p})
	if err != nil {
		return false, err
	}
	w := http.NewResponseController(c.Response())
	if err := w.SetWriteDeadline(time.Now().Add(eventTimeout)); err != nil {
		return false, err
	}
	if _, err := fmt.Fprintf(c.Response(), "event: change\ndata: %s\n\n", raw); err != nil {
		return false, err
	}
	return cmp.State.Final(), w.Flush()
}
