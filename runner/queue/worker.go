package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/pprof/profile"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/runner"
)

// Task is what a benchmark is told beside its spec, and how it reports.
type Task struct {
	// Skip says which runs an earlier attempt has stored.
	Skip func(round, cell int) bool
	// Result takes each run when it has ended. An error means: stop.
	Result func(runner.Result) error
	// Progress may be called at any time and returns at once.
	Progress func(runner.Progress)
	// Seed of the random order within rounds: the same for each attempt.
	Seed uint64
}

// Bench measures a comparison: it is bench.Compare. When the context ends it
// kills its children and returns. Its error is a sentence for people.
type Bench func(ctx context.Context, spec runner.Spec, t Task) error

// WorkerOptions of a [Worker]. The zero value works.
type WorkerOptions struct {
	// Host names the machine whose orders the worker takes; "" for the server's
	// own. It is Spec.Host.
	Host   string
	Log    *slog.Logger // nil for none
	Timing Timing
	// Fingerprint describes the machine as JSON; nil for nothing.
	Fingerprint func() (json.RawMessage, error)
	// Sources makes a bundle of the source files that profiles name; nil for none.
	Sources func([]*profile.Profile) ([]byte, error)
}

// Worker takes the orders of one host, one at a time.
type Worker struct {
	conn  *nats.Conn
	bench Bench
	o     WorkerOptions
	log   *slog.Logger

	cancel context.CancelFunc
	busy   sync.WaitGroup
}

// errStopping is why a worker that is told to stop ends what it is at.
var errStopping = errors.New("the worker is stopping")

// NewWorker makes a worker that talks over conn, which stays the caller's.
func NewWorker(conn *nats.Conn, bench Bench, o WorkerOptions) *Worker {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Timing = o.Timing.withDefaults()
	return &Worker{conn: conn, bench: bench, o: o, log: o.Log.With("host", o.Host), cancel: func() {}}
}

// Start takes orders until Stop. It never gives up: without a connection it waits
// for one.
func (w *Worker) Start() {
	ctx, cancel := context.WithCancelCause(context.Background())
	w.cancel = func() { cancel(errStopping) }
	w.busy.Go(func() { w.takeOrders(ctx) })
}

// Stop ends the comparison that runs, as interrupted, and waits until its
// children are gone and the server knows; a few seconds at most. It may be called
// again.
func (w *Worker) Stop() {
	w.cancel()
	w.busy.Wait()
}

// takeOrders works order by order. After trouble it begins anew: the stream and
// the consumer may be gone with a server that was restarted.
func (w *Worker) takeOrders(ctx context.Context) {
	const pause = 200 * time.Millisecond
	for ctx.Err() == nil {
		if err := w.consume(ctx); err != nil && ctx.Err() == nil {
			w.log.DebugContext(ctx, "no orders", "err", err)
			sleep(ctx, pause)
		}
	}
}

func (w *Worker) consume(ctx context.Context) error {
	js, err := jetstream.New(w.conn)
	if err != nil {
		return fmt.Errorf("use the queue: %w", err)
	}
	orders, err := js.CreateOrUpdateConsumer(ctx, stream, jetstream.ConsumerConfig{
		Durable: token(w.o.Host), FilterSubject: orderSubject + token(w.o.Host),
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: w.o.Timing.AckWait, MaxAckPending: 1, MaxDeliver: -1,
	})
	if err != nil {
		return fmt.Errorf("create consumer of %s: %w", w.o.Host, err)
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

// obey works at one order to its end, and settles it with the stream. An order
// that another worker has by now is left alone: an acknowledgement, though late,
// would count for the other's delivery.
func (w *Worker) obey(ctx context.Context, msg jetstream.Msg) {
	var o order
	if err := json.Unmarshal(msg.Data(), &o); err != nil {
		w.log.ErrorContext(ctx, "order cannot be read", "err", err)
		w.settle(msg.Term)
		return
	}
	alive, done := context.WithCancel(context.WithoutCancel(ctx))
	var pings sync.WaitGroup
	pings.Go(func() { w.keepAlive(alive, msg) })
	v := w.work(ctx, o.Comparison)
	done()
	pings.Wait()
	switch v {
	case gone:
		w.settle(msg.Ack)
	case later:
		const pause = time.Second
		w.settle(func() error { return msg.NakWithDelay(pause) })
	}
}

func (w *Worker) settle(do func() error) {
	if err := do(); err != nil { // the order comes again, and its claim says that it is done
		w.log.Warn("settle order", "err", err)
	}
}

// keepAlive tells the stream that the order is being worked at.
func (w *Worker) keepAlive(ctx context.Context, msg jetstream.Msg) {
	tick := time.NewTicker(w.o.Timing.InProgress)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.settle(msg.InProgress)
		}
	}
}

// ask sends a request until it is answered, for at most patience in all.
func ask[A any](ctx context.Context, w *Worker, subject string, q any, patience time.Duration) (a A, err error) {
	const pause = 100 * time.Millisecond
	body, err := json.Marshal(q)
	if err != nil {
		return a, fmt.Errorf("encode %s: %w", subject, err)
	}
	if most := w.conn.MaxPayload(); most > 0 && int64(len(body)) > most {
		return a, &badResult{fmt.Sprintf("it has %d bytes, and the queue takes %d", len(body), most)}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		m, err := w.conn.RequestWithContext(ctx, subject, body)
		if err == nil {
			if err := json.Unmarshal(m.Data, &a); err != nil {
				return a, fmt.Errorf("decode answer to %s: %w", subject, err)
			}
			return a, nil
		}
		// Nobody listens while the server is restarting.
		if !sleep(ctx, pause) {
			return a, fmt.Errorf("ask %s: %w", subject, err)
		}
	}
}

// sleep reports whether it has slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
