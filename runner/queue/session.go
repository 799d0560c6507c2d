package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// takeOrders works order by order while the server admits this worker. After
// trouble it begins anew: the stream and the consumer may be gone with a server that
// was restarted.
func (w *Worker) takeOrders(ctx context.Context) {
	const pause = 200 * time.Millisecond
	hello := w.describe(ctx)
	defer w.farewell(hello)
	told := ""
	for ctx.Err() == nil {
		hello.Ready = true
		reply, err := ask[answer](ctx, w, askHello, hello, w.o.Timing.Lease)
		switch {
		case err != nil:
			continue
		case reply.Verdict == later:
			sleep(ctx, pause)
			continue
		case reply.Verdict != goOn:
			if told != reply.Sentence[:min(len(reply.Sentence), 40)] {
				told = reply.Sentence[:min(len(reply.Sentence), 40)]
				w.o.Admitted(false, reply.Sentence)
			}
			sleep(ctx, w.o.Timing.Hello)
			continue
		}
		if told != "admitted" {
			told = "admitted"
			w.o.Admitted(true, "")
		}
		if err := w.session(ctx, hello); err != nil && ctx.Err() == nil {
			w.log.DebugContext(ctx, "no orders", "err", err)
			sleep(ctx, pause)
		}
	}
}

// describe is what the worker says of its host.
func (w *Worker) describe(ctx context.Context) helloRequest {
	q := helloRequest{Host: w.o.Host, Instance: w.o.Instance, Warnings: w.o.Warnings}
	var err error
	if w.o.Fingerprint != nil {
		if q.Fingerprint, err = w.o.Fingerprint(); err != nil {
			w.log.WarnContext(ctx, "describe the machine", "err", err)
		}
	}
	if w.o.Checks != nil {
		if q.Checks, err = w.o.Checks(); err != nil {
			w.log.WarnContext(ctx, "preflight", "err", err)
		}
	}
	return q
}

// session takes orders until there is trouble, and says hello beside. It ends when
// the server has another worker for the host, and what runs with it.
func (w *Worker) session(ctx context.Context, hello helloRequest) error {
	session, end := context.WithCancelCause(ctx)
	defer end(nil)
	var hellos sync.WaitGroup
	defer hellos.Wait()
	saying, enough := context.WithCancel(session)
	defer enough()
	hellos.Go(func() {
		hello.Ready = false
		for sleep(saying, w.o.Timing.Hello) {
			reply, err := ask[answer](saying, w, askHello, hello, w.o.Timing.Lease)
			if err == nil && reply.Verdict == refuse {
				end(errStale)
				return
			}
		}
	})
	return w.consume(session)
}

// farewell lets another worker take the host's orders at once.
func (w *Worker) farewell(hello helloRequest) {
	const patience = time.Second
	hello.Leaving, hello.Ready = true, false
	if _, err := ask[answer](context.Background(), w, askHello, hello, patience); err != nil {
		w.log.Debug("farewell was not heard", "err", err)
	}
}

func (w *Worker) consume(ctx context.Context) error {
	js, err := jetstream.New(w.conn)
	if err != nil {
		return fmt.Errorf("use the queue: %w", err)
	}
	orders, err := js.Consumer(ctx, stream, token(w.o.Host))
	if err != nil {
		return fmt.Errorf("find consumer of %s: %w", w.o.Host, err)
	}
	for ctx.Err() == nil {
		msg, err := orders.Next(jetstream.FetchContext(ctx))
		if errors.Is(err, nats.ErrTimeout) {
			continue // nothing to do for half a minute
		}
		if err != nil {
			return fmt.Errorf("wait for an order: %w", err)
		}
		w.obey(ctx, msg)
	}
	return nil
}
