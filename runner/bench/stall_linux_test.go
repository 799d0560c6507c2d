package bench_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// TestStall stops the server for a tenth of a second in an open loop. All requests
// that were due meanwhile have waited: their response times say so, and the service
// times, of which one holds the stall, do not.
//
// It measures, so it does not run beside other tests of this package.
func TestStall(t *testing.T) {
	const rate, requests, stall = 1_000, 3_000, 100 * time.Millisecond
	stopped := make(chan error, 1)
	var result runner.Result
	err := bench.Compare(t.Context(), runner.Spec{Workload: runner.Echo, Rounds: 1, Requests: requests, Rate: rate}, bench.Options{
		RunDir: runDir(t), Env: []string{mark(t)}, Profile: -1,
		Skip:   func(_, cell int) bool { return cell != 0 },
		Result: func(r runner.Result) error { result = r; return nil },
		Progress: func(p runner.Progress) {
			if p.Phase == bench.Timing {
				pid := sideOf(t, mark(t), "server")
				go func() { stopped <- pause(pid, time.Second, stall) }()
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	m := result.Metrics
	t.Logf("a stall of %s at %d/s: response p50 %.0f µs, p99 %.1f ms; service p50 %.0f µs, p99 %.2f ms; %.1f %% late; %q",
		stall, rate, m[profiles.LatencyP50]/1e3, m[profiles.LatencyP99]/1e6, m[profiles.ServiceP50]/1e3, m[profiles.ServiceP99]/1e6, 100*m[profiles.LateShare], result.Warnings)
	// 100 of 3,000 requests were due in the stall, 3 %: the longest third of them
	// lies beyond p99 and has waited two thirds of the stall at the least.
	if m[profiles.LatencyP99] < float64(stall)/2 {
		t.Errorf("response p99 is %.1f ms and hides a stall of %s", m[profiles.LatencyP99]/1e6, stall)
	}
	if m[profiles.ServiceP99] > float64(stall)/4 {
		t.Errorf("service p99 is %.1f ms: more than one request in a hundred met the stall", m[profiles.ServiceP99]/1e6)
	}
	if result.Counters["requests"] != requests {
		t.Errorf("%d requests, want %d: none may be left out", result.Counters["requests"], requests)
	}
}

// pause stops a process after a while, for a while.
func pause(pid int, after, stall time.Duration) error {
	time.Sleep(after) // into the middle of the pass
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(stall)
	return unix.Kill(pid, unix.SIGCONT)
}

// sideOf finds the marked child that plays a side.
func sideOf(t *testing.T, mark, side string) int {
	t.Helper()
	for _, pid := range marked(t, mark) {
		if b, err := os.ReadFile("/proc/" + pid + "/cmdline"); err == nil && strings.Contains(string(b), side) {
			n, err := strconv.Atoi(pid)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no %s runs", side)
	return 0
}
