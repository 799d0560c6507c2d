package queue_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

// A NATS server elsewhere lets 1 MB through, or less: results go in parts.
func TestResultLargerThanTheServerLetsThrough(t *testing.T) {
	t.Parallel()
	s, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(), MaxPayload: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(patience) {
		t.Fatal("the NATS server does not start")
	}
	connect := func(login ...nats.Option) *nats.Conn {
		c, err := nats.Connect("", append(login, nats.InProcessServer(s))...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	db, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h := &house{t: t, store: db}
	h.queue = queue.NewDispatcher(connect(), db, queue.Options{Timing: quick()})
	h.start()
	t.Cleanup(h.queue.Stop)
	large := make([]byte, 3<<20)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(large) // it never fails
	w := queue.NewWorker(connect(queue.Login("")...), func(ctx context.Context, s runner.Spec, task queue.Task) error {
		return plan(ctx, s, task, func(round, cell int) error {
			r := measured(round, cell)
			r.Histogram = large
			return task.Result(r)
		})
	}, queue.WorkerOptions{Timing: quick()})
	began := time.Now()
	w.Start()
	t.Cleanup(w.Stop)
	c := h.awaitState(h.submit(spec(1)), profiles.Done)
	t.Logf("3 results of 4 MB in parts of 60 KB in %s", time.Since(began))
	for _, r := range h.places(c.ID) {
		if data, err := db.Histogram(t.Context(), r.ID); err != nil || digest(data) != digest(large) {
			t.Errorf("it came as %d bytes, %v", len(data), err)
		}
	}
	h.sound()
}
