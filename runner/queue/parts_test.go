package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

// specOf is spec on several hosts.
func specOf(rounds int, hosts ...string) runner.Spec {
	s := spec(rounds)
	s.Hosts = hosts
	return s.WithDefaults()
}

// own is a benchmark that takes no time and measures what it is to measure.
func own(ctx context.Context, s runner.Spec, t queue.Task) error {
	for round := 1; round <= s.Rounds; round++ {
		for cell, c := range t.Cells {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if c.NA != "" || t.Host != "" && c.Host != t.Host || t.Skip(round, cell) {
				continue
			}
			if err := t.Result(measured(round, cell)); err != nil {
				return err
			}
		}
	}
	return nil
}

func named(host string) func(*queue.WorkerOptions) {
	return func(o *queue.WorkerOptions) { o.Host = host }
}

func TestComparisonOnTwoHosts(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	for _, name := range []string{"a", "b"} {
		h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
			for cell, c := range task.Cells {
				if c.Host != name && !task.Skip(1, cell) {
					t.Errorf("%s is to measure the cell %d of %s", name, cell, c.Host)
				}
			}
			return own(ctx, s, task)
		}, named(name), func(o *queue.WorkerOptions) {
			o.Fingerprint = func() (json.RawMessage, error) { return json.RawMessage(`{"hostname":"` + name + `"}`), nil }
		})
	}
	c := h.awaitState(h.submit(specOf(2, "a", "b")), profiles.Done)
	if c.Done != 12 || c.Total != 12 || len(c.Parts) != 2 || string(c.Fingerprint) != `{"hostname":"a"}` || string(c.Parts[1].Fingerprint) != `{"hostname":"b"}` {
		t.Errorf("ended as %+v", c)
	}
	ps, err := h.store.Profiles(t.Context(), c.ID)
	merged := map[int]int{}
	for _, p := range ps {
		if p.Merged() {
			merged[p.Cell]++
		}
	}
	if err != nil || len(merged) != 6 {
		t.Errorf("merged profiles of %v, %v; want those of 6 cells", merged, err)
	}
	h.sound()
}

// One host is away: the other's part is done, and the comparison waits.
func TestPartWaitsForItsHost(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(own, named("a"))
	id := h.submit(specOf(1, "a", "b"))
	c := h.await(id, "half done", func(c profiles.Comparison) bool { return c.Parts[0].State == profiles.Done })
	if c.State != profiles.Queued || c.Done != 3 {
		t.Errorf("without b it is %+v", c)
	}
	if _, err := h.queue.Host(t.Context(), "b"); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("b was never seen, and Host gives %v", err)
	}
	h.worker(own, named("b"))
	h.awaitState(id, profiles.Done)
	h.sound()
}

func TestProgressOfTwoHostsAddsUp(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	both := make(chan struct{}, 2)
	open := make(chan struct{})
	for i, name := range []string{"a", "b"} {
		h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
			task.Progress(runner.Progress{Done: i + 1, Total: 99, Round: 1, Cell: 3 * i, Phase: "timing pass", Left: time.Duration(i+1) * time.Minute})
			both <- struct{}{}
			<-open
			return own(ctx, s, task)
		}, named(name))
	}
	changes, end := h.queue.Subscribe("")
	defer end()
	id := h.submit(specOf(2, "a", "b"))
	receive(t, both, "a worker")
	receive(t, both, "both workers")
	want := runner.Progress{Done: 3, Total: 12, Round: 1, Cell: 0, Phase: "timing pass", Left: 2 * time.Minute}
	for p, ok := h.queue.Progress(id); !ok || p != want; p, ok = h.queue.Progress(id) {
		receive(t, changes, "progress")
	}
	if hosts, err := h.queue.Hosts(t.Context()); err != nil || len(hosts) != 2 || hosts[0].Running != id || hosts[1].Running != id {
		t.Errorf("hosts %+v, %v", hosts, err)
	}
	close(open)
	h.awaitState(id, profiles.Done)
}

func TestCancelOnTwoHosts(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	g := newGate(1, 1)
	h.worker(g.bench, named("a"))
	id := h.submit(specOf(2, "a", "b")) // b is not there
	receive(t, g.reached, "the gate")
	if _, err := h.queue.Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	c := h.awaitState(id, profiles.Canceled)
	if c.Done != 1 || c.Parts[0].State != profiles.Canceled || c.Parts[1].State != profiles.Canceled || c.Parts[1].Attempt != 0 {
		t.Errorf("canceled as %+v", c)
	}
	h.worker(own, named("b"))
	last := h.submit(specOf(1, "b")) // so the order of the canceled part has been through
	h.awaitState(last, profiles.Done)
	h.sound()
}

// A worker may report nothing of another host's cells.
func TestResultOfAnotherHostIsRefused(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(func(_ context.Context, _ runner.Spec, task queue.Task) error { return task.Result(measured(1, 4)) }, named("a"))
	c := h.await(h.submit(specOf(1, "a", "b")), "failed on a", func(c profiles.Comparison) bool { return c.Parts[0].State == profiles.Failed })
	if !strings.Contains(c.Failure, "On a: The result of round 1, cell 5 was refused: its cell 4 is another host's.") || c.Done != 0 {
		t.Errorf("it is %+v", c)
	}
}
