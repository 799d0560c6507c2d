package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Submit orders a queued comparison from its host. If it fails nothing is lost:
// the comparison is stored, and the dispatcher orders it again.
func (d *Dispatcher) Submit(ctx context.Context, id string) error {
	c, err := d.store.Comparison(ctx, id)
	if err != nil {
		return err
	}
	if err := d.publish(ctx, c, ""); err != nil {
		return err
	}
	d.hub.notify(id)
	return nil
}

// publish puts an order into the stream. The same attempt is ordered once; again,
// on purpose, with another suffix.
func (d *Dispatcher) publish(ctx context.Context, c profiles.Comparison, suffix string) error {
	body, err := json.Marshal(order{c.ID})
	if err != nil {
		return fmt.Errorf("encode order of %s: %w", c.ID, err)
	}
	id := fmt.Sprintf("%s/%d%s", c.ID, c.Attempt, suffix)
	if _, err := d.js.Publish(ctx, orderSubject+token(d.hostOf(c)), body, jetstream.WithMsgID(id)); err != nil {
		return fmt.Errorf("order comparison %s: %w", c.ID, err)
	}
	return nil
}

// hostOf is whose worker is to run a comparison.
func (d *Dispatcher) hostOf(c profiles.Comparison) string {
	var asked runner.Spec
	if err := json.Unmarshal(c.Spec, &asked); err == nil && asked.Host == "" && d.host != "" {
		return d.host
	}
	return c.Host
}

func (d *Dispatcher) publishPending(ctx context.Context, suffix string) error {
	pending, err := d.store.Pending(ctx)
	if err != nil {
		return err
	}
	for _, c := range pending {
		if c.CancelRequested {
			continue // settle ends it
		}
		if err := d.publish(ctx, c, suffix); err != nil {
			return err
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
		return nil, fmt.Errorf("create stream %s: %w", stream, err)
	}
	return s, nil
}
