package queue_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/kernel"
	"github.com/sockscope/sockscope/runner/queue"
)

// measure is a worker's real benchmark; it tells each phase.
func measure(dir string, phase func(string)) queue.Bench {
	return func(ctx context.Context, s runner.Spec, t queue.Task) error {
		return bench.Compare(ctx, s, bench.Options{
			Skip: t.Skip, Result: t.Result, Seed: t.Seed, RunDir: dir, Profile: 100 * time.Millisecond,
			Progress: func(p runner.Progress) {
				t.Progress(p)
				phase(p.Phase)
			},
		})
	}
}

// shortDir is a directory for sockets, whose paths have at most 107 bytes.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "q")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// children counts the clients and servers that this process has started.
func children(t *testing.T) (n int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		var state string
		var parent int
		_, rest, _ := bytes.Cut(stat, []byte(") "))
		if _, err := fmt.Sscan(string(rest), &state, &parent); err != nil || parent != os.Getpid() {
			continue
		}
		if env, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "environ")); bytes.Contains(env, []byte(child.Environment+"=")) {
			n++
		}
	}
	return n
}

func TestRealBenchmark(t *testing.T) {
	h := openHouse(t, t.TempDir())
	dir := shortDir(t)
	h.worker(measure(dir, func(string) {}))
	c := h.awaitState(h.submit(spec(1)), profiles.Done)
	ps, err := h.store.Profiles(t.Context(), c.ID)
	kinds := map[profiles.Kind]int{}
	for _, p := range ps {
		kinds[p.Kind]++
	}
	want := map[profiles.Kind]int{profiles.Go: 4 * len(c.Cells)}
	if kernel.Probe().Usable() {
		want[profiles.Kernel] = 4 * len(c.Cells)
	}
	if err != nil || !maps.Equal(kinds, want) {
		t.Errorf("profiles %v, %v; want %v: a run's and a merged one of each cell, side and kind", kinds, err, want)
	}
	h.sound()
}

// In whatever phase the cancel comes, the children are gone within a second.
func TestCancelKillsChildren(t *testing.T) {
	for _, phase := range []string{bench.WarmUp, bench.Timing, bench.Profiled} {
		t.Run(phase, func(t *testing.T) {
			h := openHouse(t, t.TempDir())
			dir := shortDir(t)
			reached := make(chan struct{}, 100)
			h.worker(measure(dir, func(p string) {
				if p == phase {
					reached <- struct{}{}
				}
			}), func(o *queue.WorkerOptions) { o.Timing = queue.Timing{} }) // as it is in use
			s := spec(2)
			if phase == bench.Timing {
				s.Requests = runner.MaxRequests // minutes
			}
			id := h.submit(s)
			receive(t, reached, phase)
			if n := children(t); n != 2 && phase != bench.WarmUp { // they are being started
				t.Errorf("%d children run, want a client and a server", n)
			}
			began := time.Now()
			if _, err := h.queue.Cancel(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			h.awaitState(id, profiles.Canceled)
			took := time.Since(began)
			t.Logf("canceled within %s", took)
			if n := children(t); n > 0 {
				t.Errorf("%d children live on", n)
			}
			if took > 5*time.Second { // the promise is 1 s, on a machine that does nothing else
				t.Errorf("it took %s", took)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}
