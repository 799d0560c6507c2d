package queue_test

import (
	"context"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

func TestStoppedWorkerLeavesItInterruptedAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := openHouse(t, dir)
	g := newGate(2, 1)
	w := h.worker(g.bench)
	id, next := h.submit(spec(3)), h.submit(spec(1))
	receive(t, g.reached, "the gate")
	w.Stop()
	c, err := h.store.Comparison(t.Context(), id)
	if err != nil || c.State != profiles.Interrupted || c.InterruptedAt.IsZero() || c.Done != 4 {
		t.Fatalf("after Stop it is %+v, %v; want it interrupted with 4 runs", c, err)
	}
	h.close()

	h = openHouse(t, dir)
	var first string
	h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
		if first == "" {
			first = s.Name()
			for r := range 3 {
				for cell := range 3 {
					if want := r*3+cell < 4; task.Skip(r+1, cell) != want {
						t.Errorf("Skip(%d, %d) = %v", r+1, cell, !want)
					}
				}
			}
		}
		return instant(ctx, s, task)
	})
	c = h.awaitState(id, profiles.Done)
	if c.Attempt != 2 || c.Done != 9 || c.InterruptedAt.IsZero() {
		t.Errorf("it ended as %+v", c)
	}
	for at, r := range h.places(id) {
		want := 2
		if (at[0]-1)*3+at[1] < 4 {
			want = 1
		}
		if r.Attempt != want {
			t.Errorf("run %v is of attempt %d, want %d", at, r.Attempt, want)
		}
	}
	h.checkMerged(c, 3)
	if last := h.awaitState(next, profiles.Done); last.StartedAt.Before(c.FinishedAt) {
		t.Error("what was queued ran before what was interrupted")
	}
	h.sound()
}

// The database is all that is left of an unclean stop.
func TestStartAfterUncleanStop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := build(t, dir) // its dispatcher is never started
	queued, running, canceled, deleted := h.create(spec(2)), h.create(spec(2)), h.create(spec(2)), h.create(spec(2))
	for _, c := range []*profiles.Comparison{&running, &canceled, &deleted} {
		var err error
		if *c, err = h.store.Claim(t.Context(), c.ID, ""); err != nil {
			t.Fatal(err)
		}
		for cell := range 3 {
			r := measured(1, cell)
			r.Comparison = c.ID
			ps := []profiles.Evidence{}
			for _, rec := range r.Profiles {
				ps = append(ps, profiles.Evidence{Profile: profiles.Profile{Side: rec.Side, Kind: rec.Kind, Ops: rec.Ops, Cell: cell}, Data: rec.Data})
			}
			if _, err := h.store.StoreRun(t.Context(), c.Attempt, r.Run, r.Histogram, ps); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := h.store.RequestCancel(t.Context(), canceled.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.store.DeleteComparison(t.Context(), deleted.ID); err != nil {
		t.Fatal(err)
	}
	h.close()

	h = openHouse(t, dir)
	if c := h.awaitState(canceled.ID, profiles.Canceled); c.Done != 3 { // without a worker
		t.Errorf("the canceled one ended as %+v", c)
	} else {
		h.checkMerged(c, 1)
	}
	if c := h.awaitState(running.ID, profiles.Interrupted); c.InterruptedAt.IsZero() {
		t.Errorf("it is not said when %+v was interrupted", c)
	}
	if s, err := h.queue.Status(t.Context()); err != nil || s != (queue.Status{Running: 0, Queued: 2}) {
		t.Errorf("Status = %+v, %v", s, err)
	}
	h.worker(instant)
	if c := h.awaitState(running.ID, profiles.Done); c.Attempt != 2 || c.Done != 6 {
		t.Errorf("the interrupted one ended as %+v", c)
	}
	h.awaitState(queued.ID, profiles.Done)
	h.sound()
}

// A worker that dies says nothing: its order goes to another one.
func TestOrderOfADeadWorkerIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	g := newGate(1, 1)
	conn := h.connectWorker()
	dead := queue.NewWorker(conn, g.bench, queue.WorkerOptions{Log: h.log, Timing: quick()})
	dead.Start()
	t.Cleanup(dead.Stop)
	id := h.submit(spec(1))
	receive(t, g.reached, "the gate")
	conn.Close() // no beat, no ping, no farewell

	h.awaitState(id, profiles.Interrupted)
	if cause := receive(t, g.ended, "the end of the benchmark"); cause == nil {
		t.Error("the cut-off worker went on")
	}
	h.worker(instant)
	c := h.awaitState(id, profiles.Done)
	if c.Attempt < 2 || c.Done != 3 || c.InterruptedAt.IsZero() {
		t.Errorf("ended as %+v", c)
	}
	if first := h.places(id)[[2]int{1, 0}]; first.Attempt != 1 {
		t.Errorf("the stored run was measured again: %+v", first)
	}
	h.sound()
}

// A worker that wakes up late, after its comparison has gone to another one,
// reports into the void.
func TestLateResultIsFenced(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	asleep, wake, refused := make(chan struct{}, 1), make(chan struct{}), make(chan error, 1)
	h.worker(func(_ context.Context, _ runner.Spec, task queue.Task) error {
		asleep <- struct{}{}
		<-wake // it does not see that its context has ended
		err := task.Result(measured(1, 0))
		refused <- err
		return err
	})
	id := h.submit(spec(1))
	receive(t, asleep, "the worker")
	// Another worker takes it, as it would after a delivery to another process.
	c, err := h.store.Claim(t.Context(), id, "")
	if err != nil || c.Attempt != 2 {
		t.Fatalf("claimed %+v, %v", c, err)
	}
	close(wake)
	if err := receive(t, refused, "the late result"); err == nil {
		t.Error("the late result was taken")
	}
	if got := h.places(id); len(got) != 0 {
		t.Errorf("the late result was stored: %v", got)
	}
	if c, err := h.store.Comparison(t.Context(), id); err != nil || c.State != profiles.Running || c.Attempt != 2 {
		t.Errorf("the late worker changed it to %+v, %v", c, err)
	}
}

func TestOrdersThatTheStreamLostArePublishedAgain(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	id := h.create(spec(1)).ID // stored, and the server died before it was submitted
	h.worker(instant)
	h.awaitState(id, profiles.Done)
}

func TestSubscribersHearOfProgressAndOfTheEnd(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	g := newGate(1, 1)
	h.worker(g.bench)
	changes, end := h.queue.Subscribe("")
	id := h.submit(spec(1))
	receive(t, g.reached, "the gate")
	for p, ok := h.queue.Progress(id); !ok || p.Phase != "timing pass" || p.Cell != 1; p, ok = h.queue.Progress(id) {
		receive(t, changes, "progress")
	}
	if _, ok := h.queue.Progress("C-99"); ok {
		t.Error("there is progress of nothing")
	}
	close(g.open)
	h.awaitState(id, profiles.Done)
	end()
	other, _ := h.queue.Subscribe("C-99")
	h.queue.Deleted(id)
	select {
	case <-other:
		t.Error("heard of another comparison")
	default:
	}
	h.queue.Stop()
	if _, open := <-other; open {
		t.Error("the channel is open after Stop")
	}
	if late, _ := h.queue.Subscribe(id); late != nil {
		if _, open := <-late; open {
			t.Error("a subscription after Stop is open")
		}
	}
}
