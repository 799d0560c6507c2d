package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles"
)

// watch looks after what nobody reports: comparisons that were to be canceled
// when the server went down, workers that fell silent, and orders that the
// stream has lost (it was restarted, or publishing one failed).
func (d *Dispatcher) watch(ctx context.Context) {
	d.settle(ctx)
	silence := time.NewTicker(d.time.Lease / 5)
	defer silence.Stop()
	orders := time.NewTicker(d.time.Lease)
	defer orders.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-silence.C:
			d.interruptSilent(ctx)
		case now := <-orders.C:
			if err := d.reorder(ctx, now); err != nil && ctx.Err() == nil {
				d.log.ErrorContext(ctx, "look for lost orders", "err", err)
			}
		}
	}
}

// settle ends the comparisons that are interrupted and to be canceled.
func (d *Dispatcher) settle(ctx context.Context) {
	pending, err := d.store.Pending(ctx)
	if err != nil {
		d.log.ErrorContext(ctx, "look for canceled comparisons", "err", err)
		return
	}
	for _, c := range pending {
		if !c.CancelRequested {
			continue
		}
		if err := d.finish(ctx, c, profiles.Canceled, ""); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "end canceled comparison", "comparison", c.ID, "err", err)
		}
		d.hub.notify(c.ID)
	}
}

func (d *Dispatcher) interruptSilent(ctx context.Context) {
	for id, attempt := range d.board.silent(time.Now().Add(-d.time.Lease)) {
		d.log.WarnContext(ctx, "worker fell silent", "comparison", id, "attempt", attempt)
		err := d.interrupt(ctx, profiles.Comparison{ID: id, Attempt: attempt})
		if err != nil && !errors.Is(err, profiles.ErrStale) && !errors.Is(err, profiles.ErrFinal) && !errors.Is(err, profiles.ErrNotFound) && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "interrupt comparison", "comparison", id, "err", err)
		}
		d.hub.notify(id)
	}
}

// reorder publishes what waits in the database when the stream is empty and no
// worker is at anything. An order too many does no harm: its claim is refused.
func (d *Dispatcher) reorder(ctx context.Context, now time.Time) error {
	if !d.board.empty() {
		return nil
	}
	pending, err := d.store.Pending(ctx)
	if err != nil || len(pending) == 0 {
		return err
	}
	s, err := d.stream(ctx)
	if err != nil {
		return err
	}
	if s.CachedInfo().State.Msgs > 0 {
		return nil
	}
	return d.publishPending(ctx, fmt.Sprintf("/%d", now.UnixNano()))
}
