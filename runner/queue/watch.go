package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
)

// watch looks after what nobody reports: comparisons that were to be canceled
// when the server went down, workers that fell silent, hosts that are gone, and
// orders that the stream has lost (it was restarted, or publishing one failed).
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
			for _, h := range d.stations.absent(time.Now()) {
				d.offline(ctx, h)
			}
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
		if err := d.endWaiting(ctx, c); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "end canceled comparison", "comparison", c.ID, "err", err)
		}
		d.hub.notify(c.ID)
	}
}

func (d *Dispatcher) interruptSilent(ctx context.Context) {
	for t, l := range d.board.silent(time.Now().Add(-d.time.Lease)) {
		d.log.WarnContext(ctx, "worker fell silent", "comparison", t.id, "host", t.worker, "attempt", l.attempt)
		d.cutOff(ctx, t, l)
	}
}

// cutOff interrupts a part whose worker does not say so itself.
func (d *Dispatcher) cutOff(ctx context.Context, t task, l live) {
	err := d.interrupt(ctx, t.id, l.part, l.attempt)
	if err != nil && !errors.Is(err, profiles.ErrStale) && !errors.Is(err, profiles.ErrFinal) && !errors.Is(err, profiles.ErrNotFound) && ctx.Err() == nil {
		d.log.ErrorContext(ctx, "interrupt comparison", "comparison", t.id, "err", err)
	}
	d.hub.notify(t.id)
}

// reorder publishes what waits in the database for workers that are at nothing and
// have no order in the stream. An order too many does no harm: its claim is refused.
func (d *Dispatcher) reorder(ctx context.Context, now time.Time) error {
	s, err := d.stream(ctx)
	if err != nil {
		return err
	}
	info, err := s.Info(ctx, jetstream.WithSubjectFilter(orderSubject+">"))
	if err != nil {
		return fmt.Errorf("look into stream %s: %w", stream, err)
	}
	return d.publishPending(ctx, fmt.Sprintf("/%d", now.UnixNano()), func(worker string) bool {
		return info.State.Subjects[orderSubject+token(worker)] == 0 && d.board.at(worker) == ""
	})
}
