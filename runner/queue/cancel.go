package queue

import (
	"context"
	"errors"

	"github.com/sockscope/sockscope/profiles"
)

// Cancel ends a comparison: a queued one at once, a running one as soon as its
// workers have killed their children, which takes less than a second. What is
// stored is kept. It is ErrFinal for one that has ended.
func (d *Dispatcher) Cancel(ctx context.Context, id string) (profiles.Comparison, error) {
	c, err := d.requestCancel(ctx, id)
	if err != nil {
		return c, err
	}
	defer d.hub.notify(id)
	if err := d.endWaiting(ctx, c); err != nil {
		return c, err
	}
	return d.store.Comparison(ctx, id)
}

func (d *Dispatcher) requestCancel(ctx context.Context, id string) (profiles.Comparison, error) {
	d.claims.Lock()
	defer d.claims.Unlock()
	c, err := d.store.RequestCancel(ctx, id)
	if err == nil {
		d.board.cancel(id)
	}
	return c, err
}

// endWaiting ends the interrupted parts of a comparison that is to be canceled: no
// worker has them, and nobody else would.
func (d *Dispatcher) endWaiting(ctx context.Context, c profiles.Comparison) error {
	for _, p := range c.Parts {
		if p.State != profiles.Interrupted {
			continue
		}
		err := d.finish(ctx, c, p, profiles.Canceled, "")
		if err != nil && !errors.Is(err, profiles.ErrStale) && !errors.Is(err, profiles.ErrFinal) {
			return err
		}
	}
	return nil
}
