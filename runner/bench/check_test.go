package bench_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/kernel"
)

// expected tells whether a run of the workload over the socket has a metric.
func expected(name string, k runner.Socket, w runner.Workload, requests, rate int) bool {
	latency := w != runner.Stream
	switch name {
	case profiles.BytesPerSecond:
		return w == runner.Stream
	case profiles.LatencyMean, profiles.LatencyP50:
		return latency
	case profiles.LatencyP90:
		return latency && requests >= 100
	case profiles.LatencyP99:
		return latency && requests >= 1000
	case profiles.LatencyP999:
		return latency && requests >= 100_000
	case profiles.ServiceMean, profiles.ServiceP50, profiles.LateShare:
		return rate > 0
	case profiles.ServiceP90:
		return rate > 0 && requests >= 100
	case profiles.ServiceP99:
		return rate > 0 && requests >= 1000
	case profiles.ServiceP999:
		return rate > 0 && requests >= 100_000
	case profiles.LostShare:
		return k.Lossy()
	case profiles.ClientUser, profiles.ClientSys, profiles.ClientCPU:
		return rate == 0
	case profiles.ClientReads, profiles.ClientWrites, profiles.ServerReads, profiles.ServerWrites:
		_, err := os.Stat("/proc/self/io")
		return k.Stream() && err == nil
	case profiles.DialsPerRequest:
		return w.HTTP()
	}
	return true
}

// mayBeZero are the metrics of which a short pass may have none: a client whose
// few messages have always arrived already is never switched away, and one that only
// writes reads nothing.
func mayBeZero(name string) bool {
	return strings.Contains(name, "alloc") || strings.Contains(name, "_cpu_") || strings.HasSuffix(name, "_share") ||
		strings.HasSuffix(name, "_ctx_switches_per_op") || strings.HasSuffix(name, "_calls_per_op") || name == profiles.DialsPerRequest
}

// checkResult holds a result to what the contract promises of every run.
func checkResult(t *testing.T, r runner.Result, requests int64) {
	t.Helper()
	checkRun(t, r, runner.Unix, runner.DialEcho, requests, 0)
}

func checkRun(t *testing.T, r runner.Result, k runner.Socket, w runner.Workload, requests int64, rate int) {
	t.Helper()
	latencies := requests - r.Counters["messages_lost"]
	for _, m := range profiles.Metrics {
		v, ok := r.Metrics[m.Name]
		if want := expected(m.Name, k, w, int(latencies), rate); ok != want {
			t.Errorf("%s = %g, present: %t, want %t", m.Name, v, ok, want)
		}
		if ok && (v < 0 || v == 0 && !mayBeZero(m.Name)) {
			t.Errorf("%s = %g", m.Name, v)
		}
	}
	h, err := hdrhistogram.Decode(r.Histogram)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case w == runner.Stream && (h.TotalCount() != 0 || r.Counters["messages_sent"] < requests):
		t.Errorf("%d latencies and %d messages of a stream, want none and at least %d", h.TotalCount(), r.Counters["messages_sent"], requests)
	case w != runner.Stream && (h.TotalCount() != latencies || r.Counters["requests"] != latencies):
		t.Errorf("%d latencies, %d requests, want %d", h.TotalCount(), r.Counters["requests"], latencies)
	}
	if w != runner.Stream {
		checkCurve(t, r, requests)
	}
	if r.ProfilingEffect <= 0 || r.Elapsed <= 0 || r.StartedAt.IsZero() || r.Warnings == nil {
		t.Errorf("run %+v", r.Run)
	}
	checkProfiles(t, r, requests)
	if _, err := json.Marshal(r); err != nil {
		t.Errorf("a result cannot travel: %v", err)
	}
}

func checkCurve(t *testing.T, r runner.Result, requests int64) {
	t.Helper()
	if n := len(r.Curve); n != len(profiles.Quantiles) || requests >= 200 && r.Curve[0] <= 0 || r.Curve[n-1] != 0 {
		t.Errorf("curve %v", r.Curve)
	}
}

func checkProfiles(t *testing.T, r runner.Result, requests int64) {
	t.Helper()
	got := map[string]int{}
	for _, p := range r.Profiles {
		got[fmt.Sprint(p.Side, " ", p.Kind)]++
		sum := sha256.Sum256(p.Data)
		if p.Ops < min(requests, 50) || p.Duration < short || p.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("profile %s %s of %d requests in %s", p.Side, p.Kind, p.Ops, p.Duration)
		}
		parsed, err := profile.Parse(bytes.NewReader(p.Data))
		if err != nil || parsed.SampleType[1].Type != "cpu" {
			t.Errorf("profile of the %s: %v", p.Side, err)
		}
	}
	if want := kinds(); !maps.Equal(got, want) {
		t.Errorf("profiles %v, want %v", got, want)
	}
}

// kinds are the profiles that a run has here: one of each side and kind.
func kinds() map[string]int {
	m := map[string]int{"client go": 1, "server go": 1}
	if kernel.Probe().Usable() {
		m["client kernel"], m["server kernel"] = 1, 1
	}
	return m
}
