package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Hosts returns the hosts that were ever seen, by name, and what they are at.
func (d *Dispatcher) Hosts(context.Context) ([]profiles.Host, error) {
	hs := d.stations.list()
	for i := range hs {
		hs[i].Running = d.board.at(hs[i].Name)
	}
	return hs, nil
}

// Host returns one host, "" for the server's own, or ErrNotFound for a name that
// was never seen. One that is not online has a zero OnlineSince.
func (d *Dispatcher) Host(_ context.Context, name string) (profiles.Host, error) {
	h, ok := d.stations.one(d.workerOf(name))
	if !ok {
		return h, fmt.Errorf("find host %q: %w", name, profiles.ErrNotFound)
	}
	h.Running = d.board.at(h.Name)
	return h, nil
}

// Missing returns a function that says why a kind of socket cannot be measured on a
// host, and "" when it can, or when nothing is known of the host.
func (d *Dispatcher) Missing(name string) func(runner.Socket) string {
	h, _ := d.stations.one(d.workerOf(name))
	return missing(h)
}

// workerOf is whose worker does the part of a host: "" is the server's own, by
// whatever name it goes now.
func (d *Dispatcher) workerOf(host string) string {
	if host == "" {
		return d.host
	}
	return host
}

// hello admits a worker, or says why not.
func (d *Dispatcher) hello(ctx context.Context, q helloRequest) answer {
	if q.Leaving {
		if h, ok := d.stations.leave(q.Host, q.Instance, time.Now()); ok {
			d.offline(ctx, h)
		}
		return answer{Verdict: gone}
	}
	a, news := d.stations.greet(q, time.Now())
	if a.Verdict != goOn {
		return a
	}
	if news.arrived {
		d.takeOver(ctx, q.Host)
	}
	if err := d.welcome(ctx, q, news); err != nil {
		d.stations.leave(q.Host, q.Instance, time.Now()) // so that the next hello is a first one
		return d.said(ctx, "hello", q.Host, err)
	}
	if news.save != nil {
		d.log.InfoContext(ctx, "host is online", "host", q.Host, "instance", q.Instance)
		d.hub.notify("")
	}
	return a
}

// welcome makes the consumer of a host and stores what is new about it. A consumer
// of an earlier worker goes first, and takes with it what was delivered and not
// acknowledged: the order comes again at once.
func (d *Dispatcher) welcome(ctx context.Context, q helloRequest, n news) error {
	if n.arrived || q.Ready {
		if _, err := d.stream(ctx); err != nil {
			return err
		}
		name := token(q.Host)
		if n.arrived {
			if err := d.js.DeleteConsumer(ctx, stream, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
				return fmt.Errorf("delete consumer of %q: %w", q.Host, err)
			}
		}
		_, err := d.js.CreateOrUpdateConsumer(ctx, stream, jetstream.ConsumerConfig{
			Durable: name, FilterSubject: orderSubject + name,
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: d.time.AckWait, MaxAckPending: 1, MaxDeliver: -1,
		})
		if err != nil {
			return fmt.Errorf("create consumer of %q: %w", q.Host, err)
		}
	}
	if n.save == nil || n.save.Name == "" {
		return nil
	}
	return d.store.SaveHost(ctx, *n.save)
}

// takeOver interrupts what an earlier worker of a host had: it was silent for too
// long, said farewell, or was of the time before the server's start.
func (d *Dispatcher) takeOver(ctx context.Context, host string) {
	for t, l := range d.board.of(host) {
		d.log.WarnContext(ctx, "a new worker takes over", "host", host, "comparison", t.id, "attempt", l.attempt)
		d.cutOff(ctx, t, l)
	}
}

// offline stores that a host has gone.
func (d *Dispatcher) offline(ctx context.Context, h profiles.Host) {
	d.log.InfoContext(ctx, "host is offline", "host", h.Name)
	if h.Name != "" {
		if err := d.store.SaveHost(ctx, h); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "store that a host is offline", "host", h.Name, "err", err)
		}
	}
	d.hub.notify("")
}
