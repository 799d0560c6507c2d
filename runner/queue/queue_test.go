package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/queue"
)

func TestComparisonRunsToDone(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(instant, func(o *queue.WorkerOptions) {
		o.Fingerprint = func() (json.RawMessage, error) { return json.RawMessage(`{"cpus":2}`), nil }
		o.Sources = func(ps []*profile.Profile) ([]byte, error) {
			return source.Of(map[string]string{ps[0].Function[0].Filename: "package main"}).Encode(), nil
		}
	})
	c := h.awaitState(h.submit(spec(2)), profiles.Done)
	if c.Done != 6 || c.Attempt != 1 || c.FinishedAt.IsZero() || string(c.Fingerprint) != `{"cpus":2}` {
		t.Errorf("ended as %+v", c)
	}
	if data, err := h.store.Blob(t.Context(), c.Sources); err != nil {
		t.Error(err)
	} else if b, err := source.Decode(data, source.DefaultLimits()); err != nil || b.Len() != 1 {
		t.Errorf("sources %v, %v", b.Paths(), err)
	}
	if runs := h.places(c.ID); len(runs) != 6 || runs[[2]int{2, 1}].Metrics[profiles.LatencyP50] != 102 {
		t.Errorf("stored runs %+v", runs)
	}
	h.checkMerged(c, 2)
	h.sound()
}

// checkMerged checks that each cell and side has one profile that is the sum of
// its rounds.
func (h *house) checkMerged(c profiles.Comparison, rounds int) {
	h.t.Helper()
	ps, err := h.store.Profiles(h.t.Context(), c.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	merged := 0
	for _, p := range ps {
		if !p.Merged() {
			continue
		}
		merged++
		data, err := h.store.Blob(h.t.Context(), p.SHA256)
		if err != nil {
			h.t.Fatal(err)
		}
		got, err := guard.DecodeBytes(data, guard.Default())
		if err != nil {
			h.t.Fatal(err)
		}
		want := int64(0)
		for r := 1; r <= rounds; r++ {
			want += int64(100*p.Cell + r)
		}
		if len(got.Sample) != 1 || got.Sample[0].Value[0] != want || p.Samples != want || p.Ops != int64(10*rounds) {
			h.t.Errorf("merged profile %+v with samples %v, want one of %d", p, got.Sample, want)
		}
		comment := fmt.Sprintf("sockscope comparison %s, cell %s (echo, 5 B, 1 at once, free), %s: %d ops in %d rounds",
			c.ID, c.Cells[p.Cell].Name(), p.Side, 10*rounds, rounds)
		if len(got.Comments) != 1 || got.Comments[0] != comment {
			h.t.Errorf("comments %q, want %q", got.Comments, comment)
		}
	}
	if merged != 2*len(c.Cells) {
		h.t.Errorf("%d merged profiles, want %d", merged, 2*len(c.Cells))
	}
}

func TestOrdersOfOneHostRunOneAtATimeInOrder(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	var at atomic.Int32
	var order []string
	h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
		if at.Add(1) != 1 {
			t.Error("two comparisons at once")
		}
		defer at.Add(-1)
		order = append(order, s.Title)
		return instant(ctx, s, task)
	})
	var last string
	for i := range 10 {
		s := spec(1)
		s.Title = fmt.Sprint(i)
		last = h.submit(s)
	}
	h.awaitState(last, profiles.Done)
	if got := strings.Join(order, ""); got != "0123456789" {
		t.Errorf("they ran in the order %s", got)
	}
}

func TestOrdersGoToTheirHost(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	hosts := []string{"", "box.example", "box", "*", "a>c/d"}
	for _, name := range hosts {
		h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
			if s.Host != name {
				t.Errorf("host %q was given the order of %q", name, s.Host)
			}
			return instant(ctx, s, task)
		}, func(o *queue.WorkerOptions) { o.Host = name })
	}
	for _, name := range hosts {
		s := spec(1)
		s.Host = name
		h.awaitState(h.submit(s), profiles.Done)
	}
}

// A machine that was renamed still runs what it has queued.
func TestOrdersOfAnEarlierNameRunHere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := build(t, dir)
	h.queue = queue.NewDispatcher(h.conn, h.store, queue.Options{Log: h.log, Timing: quick(), Host: "new"})
	h.start()
	h.worker(instant, func(o *queue.WorkerOptions) { o.Host = "new" })
	text, err := json.Marshal(spec(1))
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.store.CreateComparison(t.Context(), profiles.Comparison{Spec: text, Base: "unix", Cells: spec(1).Cells(), Host: "old", Total: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.queue.Submit(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	h.awaitState(c.ID, profiles.Done)
}

func TestEngineNeedsADirectory(t *testing.T) {
	t.Parallel()
	if e, err := queue.StartEngine("", queue.EngineOptions{}); err == nil {
		t.Errorf("started without one: %v", e.Stop())
	}
}

func TestChildThatFailsFailsTheComparison(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
		return plan(ctx, s, task, func(round, cell int) error {
			if round == 2 && cell == 1 {
				return errors.New("The client of tcp4 exited with 2:\n  no route.")
			}
			return task.Result(measured(round, cell))
		})
	})
	c := h.awaitState(h.submit(spec(3)), profiles.Failed)
	if c.Failure != "The client of tcp4 exited with 2: no route." || c.Done != 4 {
		t.Errorf("failed as %+v", c)
	}
	h.checkMerged(c, 1) // the complete round
	h.awaitState(h.submit(spec(3)), profiles.Failed)
	h.sound()
}

func TestPanicInTheWorkerFailsTheComparisonOnly(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	first := true
	h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
		if first {
			first = false
			panic("index out of range")
		}
		return instant(ctx, s, task)
	})
	a, b := h.submit(spec(1)), h.submit(spec(1))
	if c := h.awaitState(a, profiles.Failed); !strings.Contains(c.Failure, "index out of range") {
		t.Errorf("failure %q", c.Failure)
	}
	h.awaitState(b, profiles.Done)
}

func TestWorkerThatLeavesRunsOutFails(t *testing.T) {
	t.Parallel()
	h := openHouse(t, t.TempDir())
	h.worker(func(_ context.Context, _ runner.Spec, task queue.Task) error { return task.Result(measured(1, 0)) })
	c := h.awaitState(h.submit(spec(1)), profiles.Failed)
	if !strings.Contains(c.Failure, "1 of 3 runs") {
		t.Errorf("failure %q", c.Failure)
	}
}

func TestThousandOrders(t *testing.T) {
	t.Parallel()
	n := 1000
	if testing.Short() || raced { // with the race detector each takes ten times as long
		n = 100
	}
	h := openHouse(t, t.TempDir())
	one := runner.Spec{Sockets: []runner.Socket{runner.Unix}, Rounds: 1}.WithDefaults()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = h.submit(one)
	}
	began := time.Now()
	h.worker(func(ctx context.Context, s runner.Spec, task queue.Task) error {
		return plan(ctx, s, task, func(round, cell int) error {
			r := measured(round, cell)
			r.Profiles = nil
			return task.Result(r)
		})
	})
	h.awaitState(ids[n-1], profiles.Done)
	t.Logf("%d orders, each of two runs, in %s", n, time.Since(began))
	counts, err := h.store.Counts(t.Context())
	if err != nil || counts[profiles.Done] != n {
		t.Errorf("states %v, %v; want %d done", counts, err, n)
	}
	h.sound()
}

func TestEngineLeavesNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := filepath.Join(dir, "queue", "jetstream", "_test_left")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	h := openHouse(t, dir)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what an earlier server left is still there: %v", err)
	}
	h.close()
	if entries, err := filepath.Glob(filepath.Join(dir, "queue*")); err != nil || len(entries) > 0 {
		t.Errorf("left %q, %v", entries, err)
	}
}
