package queue_test

import (
	"errors"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

func TestCancelQueued(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	g := newGate(1, 0)
	h.worker(g.bench)
	running, queued := h.submit(spec(1)), h.submit(spec(1))
	receive(t, g.reached, "the first comparison")
	c, err := h.queue.Cancel(t.Context(), queued)
	if err != nil || c.State != profiles.Canceled || c.FinishedAt.IsZero() {
		t.Fatalf("Cancel = %+v, %v; want it canceled at once", c, err)
	}
	if _, err := h.queue.Cancel(t.Context(), queued); !errors.Is(err, profiles.ErrFinal) {
		t.Errorf("canceled again: %v, want ErrFinal", err)
	}
	close(g.open)
	h.awaitState(running, profiles.Done)
	last := h.submit(spec(1))
	h.awaitState(last, profiles.Done) // so the order of the canceled one has been through
	if c := h.awaitState(queued, profiles.Canceled); c.Attempt != 0 || c.Done != 0 {
		t.Errorf("the canceled comparison was run: %+v", c)
	}
}

// The worker is told in whatever it is at, at the first run, between rounds and at
// the last, and keeps what is stored.
func TestCancelRunning(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]struct{ round, cell, done, merged int }{
		"first run":            {1, 0, 0, 0},
		"within a first round": {1, 2, 2, 0},
		"after a round":        {2, 0, 3, 1},
		"last run":             {3, 2, 8, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t, t.TempDir())
			g := newGate(at.round, at.cell)
			h.worker(g.bench)
			id := h.submit(spec(3))
			receive(t, g.reached, "the gate")
			c, err := h.queue.Cancel(t.Context(), id)
			if err != nil || c.State != profiles.Running || !c.CancelRequested {
				t.Fatalf("Cancel = %+v, %v", c, err)
			}
			if _, err := h.queue.Cancel(t.Context(), id); err != nil && !errors.Is(err, profiles.ErrFinal) {
				t.Errorf("canceled twice: %v", err)
			}
			receive(t, g.ended, "the end of the benchmark")
			if c := h.awaitState(id, profiles.Canceled); c.Done != at.done || c.Failure != "" {
				t.Errorf("canceled as %+v, want %d runs", c, at.done)
			} else if at.merged > 0 {
				h.checkMerged(c, at.merged)
			}
			if _, ok := h.queue.Progress(id); ok {
				t.Error("it is still live")
			}
			h.sound()
		})
	}
}

// Cancel against finish: whoever wins, there is one end.
func TestCancelAtTheEnd(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(instant)
	for range 30 {
		id := h.submit(spec(1))
		_, err := h.queue.Cancel(t.Context(), id)
		c := h.await(id, "ended", func(c profiles.Comparison) bool { return c.State.Final() })
		switch {
		case c.State == profiles.Done && c.Done == c.Total:
		case c.State == profiles.Canceled && err == nil:
		default:
			t.Errorf("ended as %s with %d runs after Cancel gave %v", c.State, c.Done, err)
		}
	}
	h.sound()
}

func TestDeleteWhileRunning(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	g := newGate(1, 1)
	h.worker(g.bench)
	id := h.submit(spec(1))
	receive(t, g.reached, "the gate")
	if err := h.store.DeleteComparison(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	h.queue.Deleted(id)
	receive(t, g.ended, "the end of the benchmark")
	close(g.open)
	h.awaitState(h.submit(spec(1)), profiles.Done)
	h.sound()
}
