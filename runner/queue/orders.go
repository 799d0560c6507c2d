package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
)

// Submit orders a queued comparison from its hosts. If it fails nothing is lost:
// the comparison is stored, and the dispatcher orders it again. A host that is not
// online finds its order when it comes back.
func (d *Dispatcher) Submit(ctx context.Context, id string) error {
	c, err := d.store.Comparison(ctx, id)
	if err != nil {
		return err
	}
	for _, p := range c.Parts {
		if p.State.Final() {
			continue // it has nothing to measure
		}
		if err := d.publish(ctx, c, p, ""); err != nil {
			return err
		}
	}
	d.hub.notify(id)
	return nil
}

// publish puts the order of a part into the stream. The same attempt is ordered
// once; again, on purpose, with another suffix.
func (d *Dispatcher) publish(ctx context.Context, c profiles.Comparison, p profiles.Part, suffix string) error {
	body, err := json.Marshal(order{c.ID})
	if err != nil {
		return fmt.Errorf("encode order of %s: %w", c.ID, err)
	}
	host := token(d.workerOf(p.Host))
	id := fmt.Sprintf("%s/%s/%d%s", c.ID, host, p.Attempt, suffix)
	if _, err := d.js.Publish(ctx, orderSubject+host, body, jetstream.WithMsgID(id)); err != nil {
		return fmt.Errorf("order comparison %s: %w", c.ID, err)
	}
	return nil
}

// publishPending orders the parts that wait, what was interrupted first, of the
// workers that wanted holds for.
func (d *Dispatcher) publishPending(ctx context.Context, suffix string, wanted func(worker string) bool) error {
	pending, err := d.store.Pending(ctx)
	if err != nil {
		return err
	}
	for _, state := range []profiles.State{profiles.Interrupted, profiles.Queued} {
		for _, c := range pending {
			if c.CancelRequested {
				continue // settle ends it
			}
			for _, p := range c.Parts {
				if p.State != state || !wanted(d.workerOf(p.Host)) {
					continue
				}
				if err := d.publish(ctx, c, p, suffix); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// stream returns the orders' stream as it is now; it makes it when it is absent.
func (d *Dispatcher) stream(ctx context.Context) (jetstream.Stream, error) {
	s, err := d.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: stream, Subjects: []string{orderSubject + ">"}, Retention: jetstream.WorkQueuePolicy, Storage: jetstream.MemoryStorage,
	})
	if err != nil {
		if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) ||
			errors.Is(err, nats.ErrNoResponders) {
			return nil, errors.New("the NATS server has no JetStream: start it with -js, or allow it to this account")
		}
		return nil, fmt.Errorf("create stream %s: %w", stream, err)
	}
	return s, nil
}
