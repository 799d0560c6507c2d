package queue

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/google/pprof/profile"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Task is what a benchmark is told beside its spec, and how it reports.
type Task struct {
	// Cells is the plan as it is stored; Host is what Cell.Host is of those that are
	// to be measured here, "" for all.
	Cells []profiles.Cell
	Host  string
	// Skip says which runs an earlier attempt has stored, and which are not to be
	// made here at all.
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
	Host string
	// Instance tells this start of the worker from others; "" for a random one.
	Instance string
	Log      *slog.Logger // nil for none
	Timing   Timing
	// Fingerprint describes the machine as JSON; nil for nothing.
	Fingerprint func() (json.RawMessage, error)
	// Checks is the preflight, []host.Usable as JSON; nil for none. It is made once,
	// before the worker takes orders.
	Checks func() (json.RawMessage, error)
	// Warnings are sentences about what makes the figures of the machine less clean.
	Warnings []string
	// Admitted is told when the server takes this worker for its host, and why not
	// when it does not; nil for nobody. A worker that is refused asks again.
	Admitted func(ok bool, sentence string)
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
	if o.Instance == "" {
		o.Instance = rand.Text()
	}
	if o.Admitted == nil {
		o.Admitted = func(bool, string) {}
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

// obey works at one order to its end, and settles it with the stream. An order
// that another worker has by now is left alone: an acknowledgement, though late,
// would count for the other's delivery.
func (w *Worker) obey(ctx context.Context, msg jetstream.Msg) {
	o, err := decodeOrder(msg.Data())
	if err != nil {
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
