package bench_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// mark is a variable by which /proc tells the children of one test.
func mark(t *testing.T) string { return "BENCH_TEST_MARK=" + strings.ReplaceAll(t.Name(), " ", "_") }

// marked finds the processes that have the mark and run.
func marked(t *testing.T, mark string) (pids []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || len(files) == 0 {
		t.Fatalf("no processes at all: %v", err)
	}
	for _, file := range files {
		if b, err := os.ReadFile(file); err == nil && strings.Contains("\x00"+string(b), "\x00"+mark+"\x00") {
			pids = append(pids, filepath.Base(filepath.Dir(file)))
		}
	}
	return pids
}

// TestCancel cancels in each phase of the second run.
func TestCancel(t *testing.T) {
	t.Parallel()
	for _, phase := range []string{bench.WarmUp, bench.Timing, bench.Profiled} {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			reason := errors.New("somebody pressed cancel")
			ctx, cancel := context.WithCancelCause(t.Context())
			inPhase, results := make(chan time.Time, 1), 0
			o := bench.Options{
				RunDir: runDir(t), Profile: short, Env: []string{mark(t)},
				Result: func(runner.Result) error { results++; return nil },
				Progress: func(p runner.Progress) {
					if p.Done == 1 && p.Phase == phase {
						// From another goroutine, while the phase goes on.
						go func() { inPhase <- time.Now(); cancel(reason) }()
					}
				},
			}
			// The second run would take minutes.
			spec := runner.Spec{Rounds: 1, Requests: 200}
			if phase == bench.Timing {
				spec.Requests = 10_000
			}
			err := bench.Compare(ctx, spec, o)
			t.Logf("back %s after the cancel", time.Since(<-inPhase).Round(10*time.Microsecond))
			if !errors.Is(err, reason) || results != 1 {
				t.Errorf("Compare: %v after %d results", err, results)
			}
			if left := marked(t, mark(t)); len(left) > 0 {
				t.Errorf("children live on: %v", left)
			}
			empty(t, o.RunDir)
		})
	}
}

// TestKilledParent kills -9 a whole comparison at different moments: by the time
// that its children have gone by themselves, nothing may be left for Sweep.
func TestKilledParent(t *testing.T) {
	t.Parallel()
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			dir := runDir(t)
			parent := exec.Command("/proc/self/exe")
			parent.Env = append(os.Environ(), script+"=parent "+mark(t)+" "+dir)
			stdout, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			phases := bufio.NewScanner(stdout)
			for range i + 1 { // a different phase each time
				if !phases.Scan() {
					t.Fatalf("the parent ended by itself: %v", phases.Err())
				}
			}
			// Note: no wait here; what the parent does at this moment is up to chance.
			_ = parent.Process.Kill()
			_ = parent.Wait()
			deadline := time.Now().Add(10 * time.Second)
			for len(marked(t, mark(t))) > 0 {
				if time.Now().After(deadline) {
					t.Fatalf("children live on: %v", marked(t, mark(t)))
				}
				time.Sleep(time.Millisecond)
			}
			empty(t, dir)
			if _, err := bench.Sweep(dir); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFilesAreClosed counts this process's files, so it cannot run in parallel.
func TestFilesAreClosed(t *testing.T) {
	count := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(fds)
	}
	o := bench.Options{RunDir: runDir(t), Profile: short}
	spec := runner.Spec{Workload: runner.Echo, Sockets: []runner.Socket{runner.Unix, runner.SocketPair}, Concurrency: []int{8}, Rounds: 1, Requests: 10}
	if err := bench.Compare(t.Context(), spec, o); err != nil { // opens what stays open, such as the poller
		t.Fatal(err)
	}
	before := count()
	ctx, cancel := context.WithCancel(t.Context())
	crash, canceled := o, o
	crash.Env = []string{script + "=crash client"}
	canceled.Progress = func(runner.Progress) { cancel() }
	for _, err := range []error{bench.Compare(t.Context(), spec, o), bench.Compare(t.Context(), spec, crash), bench.Compare(ctx, spec, canceled)} {
		t.Logf("ended with %v", err)
	}
	if after := count(); after != before {
		t.Errorf("%d files are open, and %d were before", after, before)
	}
}
