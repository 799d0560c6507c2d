package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Orders is what the dispatcher asks the store about what is to be run.
type Orders interface {
	// Recover turns what is running into interrupted.
	Recover(ctx context.Context) ([]string, error)
	// Pending returns the comparisons with a part that is interrupted or queued.
	Pending(ctx context.Context) ([]profiles.Comparison, error)
	Counts(ctx context.Context) (map[profiles.State]int, error)
	RequestCancel(ctx context.Context, id string) (profiles.Comparison, error)
}

// Attempts is where workers' reports go. All are refused with ErrStale, ErrFinal
// or ErrNotFound when they come from a worker that has the part of that host no
// more. Hosts are named as in profiles.Part.
type Attempts interface {
	Claim(ctx context.Context, id, host string) (profiles.Comparison, error)
	// StoreRun stores a run once, however often it is reported. The attempt is that
	// of the part that its cell belongs to.
	StoreRun(ctx context.Context, attempt int, r profiles.Run, histogram []byte, ps []profiles.Evidence) (stored bool, err error)
	Attach(ctx context.Context, id, host string, attempt int, a profiles.Attachment) error
	Interrupt(ctx context.Context, id, host string, attempt int) error
	Finish(ctx context.Context, id, host string, attempt int, e profiles.Ending) error
}

// Fleet is what is kept about hosts.
type Fleet interface {
	Hosts(ctx context.Context) ([]profiles.Host, error)
	SaveHost(ctx context.Context, h profiles.Host) error
}

// Evidence is what the dispatcher reads to answer a worker and to merge.
type Evidence interface {
	Comparison(ctx context.Context, id string) (profiles.Comparison, error)
	Runs(ctx context.Context, comparison string) ([]profiles.Run, error)
	Profiles(ctx context.Context, comparison string) ([]profiles.Profile, error)
	Blob(ctx context.Context, sha string) ([]byte, error)
}

// Store is the truth. It is what package profiles/store provides.
type Store interface {
	Orders
	Attempts
	Evidence
	Fleet
}

// Options of a [Dispatcher]. The zero value works.
type Options struct {
	// Host is this machine's name, for comparisons that ask for no host in
	// particular: they go to the worker of this name, even when the machine had
	// another one when they were queued.
	Host string
	// Instance is that of the worker of this machine: no other may speak for Host.
	// "" admits any.
	Instance string
	Log      *slog.Logger // nil for none
	Timing   Timing
}

// Dispatcher is the server's side of the queue.
type Dispatcher struct {
	conn  *nats.Conn
	store Store
	host  string
	log   *slog.Logger
	time  Timing

	js       jetstream.JetStream
	hub      *hub
	board    *board
	stations *stations
	uploads  *uploads
	// claims makes "claim, then put on the board" and "request a cancel, then mark
	// it on the board" exclude each other: else a cancel between the two halves of
	// a claim would not reach the worker.
	claims sync.Mutex

	// answering is held for reading while a request is answered.
	answering sync.RWMutex
	closed    bool

	stop func() // set by Start
	once sync.Once
	busy sync.WaitGroup
}

// NewDispatcher makes a dispatcher that talks over conn, which stays the caller's.
func NewDispatcher(conn *nats.Conn, store Store, o Options) *Dispatcher {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t := o.Timing.withDefaults()
	return &Dispatcher{
		conn: conn, store: store, host: o.Host, log: o.Log, time: t, hub: newHub(), board: newBoard(),
		stations: newStations(o.Host, o.Instance, t.Absence), uploads: newUploads(), stop: func() {},
	}
}

// Start takes up what the database says is to be run, interrupted comparisons
// first, and answers workers until Stop. The context bounds only the start.
func (d *Dispatcher) Start(ctx context.Context) error {
	js, err := jetstream.New(d.conn)
	if err != nil {
		return fmt.Errorf("use the queue: %w", err)
	}
	d.js = js
	if _, err := d.stream(ctx); err != nil {
		return err
	}
	interrupted, err := d.store.Recover(ctx)
	if err != nil {
		return err
	}
	for _, id := range interrupted {
		d.log.InfoContext(ctx, "comparison was interrupted", "comparison", id)
	}
	hosts, err := d.store.Hosts(ctx)
	if err != nil {
		return err
	}
	d.stations.load(hosts)
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	subs, err := d.listen(work)
	if err != nil {
		end()
		return err
	}
	d.stop = func() { d.shut(subs, end) }
	if err := d.publishPending(ctx, "", func(string) bool { return true }); err != nil {
		d.Stop()
		return err
	}
	d.busy.Go(func() { d.watch(work) })
	return nil
}

// Stop ends answering, waits for what is being stored, and closes the channels of
// subscribers. A worker in this process is to be stopped before, so that it can
// say that it was interrupted.
func (d *Dispatcher) Stop() {
	d.once.Do(func() {
		d.stop()
		d.hub.close()
	})
}

// shut lets requests that are being answered come to their end, within reason.
func (d *Dispatcher) shut(subs []*nats.Subscription, end func()) {
	const patience = 10 * time.Second
	timer := time.AfterFunc(patience, end)
	defer timer.Stop()
	for _, sub := range subs {
		if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			d.log.Warn("unsubscribe", "subject", sub.Subject, "err", err)
		}
	}
	d.answering.Lock() // waits for the answers under way; later ones see closed
	d.closed = true
	d.answering.Unlock()
	end()
	d.busy.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, h := range d.stations.absent(time.Now().Add(d.time.Absence)) { // all of them
		d.offline(ctx, h)
	}
}

// Deleted tells subscribers and the worker that a comparison is no more. The
// caller has removed it from the store.
func (d *Dispatcher) Deleted(id string) {
	d.board.drop(id)
	d.hub.notify(id)
}

// Progress returns where a running comparison stands, all its hosts together; ok is
// false for one that no worker has.
func (d *Dispatcher) Progress(id string) (p runner.Progress, ok bool) { return d.board.progress(id) }

// Subscribe returns a channel that gets a value after each change of a
// comparison, or of any with the id "": of its state, its stored runs, its
// progress. Values that are not taken are merged into one. The channel is closed
// by Stop; the function ends the subscription.
func (d *Dispatcher) Subscribe(id string) (changes <-chan struct{}, end func()) {
	return d.hub.subscribe(id)
}

// Status is what the queue is at.
type Status struct {
	Running int
	Queued  int // those that were interrupted among them
}

// Status counts the comparisons that run and those that wait.
func (d *Dispatcher) Status(ctx context.Context) (Status, error) {
	n, err := d.store.Counts(ctx)
	if err != nil {
		return Status{}, err
	}
	return Status{Running: n[profiles.Running], Queued: n[profiles.Queued] + n[profiles.Interrupted]}, nil
}
