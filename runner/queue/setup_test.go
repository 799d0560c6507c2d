package queue_test

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/queue"
)

func TestMain(m *testing.M) {
	child.Main() // real benchmarks run this binary as their children
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for what has to happen. It is no assertion
// about speed.
const patience = 2 * time.Minute

// quick notices a dead worker within three seconds instead of 15: a machine that does
// much else may well be silent for one.
func quick() queue.Timing {
	return queue.Timing{
		AckWait: 3 * time.Second, InProgress: 200 * time.Millisecond, Lease: 3 * time.Second, Beat: 20 * time.Millisecond,
		Hello: 50 * time.Millisecond, Absence: time.Second,
	}
}

// house is a server: store, engine and dispatcher over one data directory.
type house struct {
	t      *testing.T
	dir    string
	store  *store.Store
	engine *queue.Engine
	queue  *queue.Dispatcher
	conn   *nats.Conn
	log    *slog.Logger
}

func openHouse(t *testing.T, dir string) *house {
	t.Helper()
	h := build(t, dir)
	h.start()
	return h
}

// build makes a house whose dispatcher is not started.
func build(t *testing.T, dir string) *house {
	t.Helper()
	h := &house{t: t, dir: dir, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	var err error
	if h.store, err = store.Open(t.Context(), dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	if h.engine, err = queue.StartEngine(filepath.Join(dir, "queue"), queue.EngineOptions{}); err != nil {
		t.Fatal(err)
	}
	h.conn = h.connect()
	h.queue = queue.NewDispatcher(h.conn, h.store, queue.Options{Log: h.log, Timing: quick()})
	t.Cleanup(h.close)
	return h
}

func (h *house) start() {
	h.t.Helper()
	if err := h.queue.Start(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) connect() *nats.Conn {
	h.t.Helper()
	c, err := h.engine.Connect("test")
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Close)
	return c
}

// connectWorker connects with the permissions that a worker of another machine has.
func (h *house) connectWorker() *nats.Conn {
	h.t.Helper()
	c, err := h.engine.ConnectWorker("worker")
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Close)
	return c
}

func (h *house) close() {
	h.queue.Stop()
	h.conn.Close()
	for _, err := range []error{h.engine.Stop(), h.store.Close()} {
		if err != nil {
			h.t.Error(err)
		}
	}
}

// worker starts a worker with this benchmark and stops it with the test.
func (h *house) worker(bench queue.Bench, options ...func(*queue.WorkerOptions)) *queue.Worker {
	h.t.Helper()
	o := queue.WorkerOptions{Log: h.log, Timing: quick()}
	for _, set := range options {
		set(&o)
	}
	w := queue.NewWorker(h.connectWorker(), bench, o)
	w.Start()
	h.t.Cleanup(w.Stop)
	return w
}

// spec is a plan of 3 cells (unix, unix A/A, tcp4) in so many rounds.
func spec(rounds int) runner.Spec {
	return runner.Spec{Rounds: rounds, Requests: 10, Workload: runner.Echo, Placements: []runner.Placement{runner.Free}}.WithDefaults()
}

// create stores a comparison and does not submit it.
func (h *house) create(s runner.Spec) profiles.Comparison {
	h.t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		h.t.Fatal(err)
	}
	cells := s.Cells()
	c, err := h.store.CreateComparison(h.t.Context(), profiles.Comparison{
		Title: s.Name(), Spec: text, Base: string(s.Base), Cells: cells, Host: s.Host, Total: len(cells) * s.Rounds,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) submit(s runner.Spec) string {
	h.t.Helper()
	c := h.create(s)
	if err := h.queue.Submit(h.t.Context(), c.ID); err != nil {
		h.t.Fatal(err)
	}
	return c.ID
}

// await returns the comparison as soon as it is as asked. It hears of changes by
// subscription, so a change that is not announced fails the test.
func (h *house) await(id string, what string, ok func(profiles.Comparison) bool) profiles.Comparison {
	h.t.Helper()
	changes, end := h.queue.Subscribe(id)
	defer end()
	timeout := time.After(patience)
	for {
		c, err := h.store.Comparison(h.t.Context(), id)
		if err != nil {
			h.t.Fatal(err)
		}
		if ok(c) {
			return c
		}
		select {
		case <-changes:
		case <-timeout:
			h.t.Fatalf("%s is %+v and not %s after %s", id, c, what, patience)
		}
	}
}

func (h *house) awaitState(id string, s profiles.State) profiles.Comparison {
	h.t.Helper()
	return h.await(id, string(s), func(c profiles.Comparison) bool { return c.State == s })
}

// sound checks that the store has nothing half-written.
func (h *house) sound() {
	h.t.Helper()
	r, err := h.store.Check(h.t.Context(), true)
	if err != nil {
		h.t.Fatal(err)
	}
	if len(r.Problems) > 0 {
		h.t.Errorf("the check finds %q", r.Problems)
	}
}

func (h *house) places(id string) map[[2]int]profiles.Run {
	h.t.Helper()
	runs, err := h.store.Runs(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	m := map[[2]int]profiles.Run{}
	for _, r := range runs {
		m[[2]int{r.Round, r.Cell}] = r
	}
	return m
}
