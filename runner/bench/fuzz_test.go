package bench

import (
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
)

// FuzzHistogram reads what a client sends as its histogram.
func FuzzHistogram(f *testing.F) {
	h := passOf(100).latency
	good, err := h.EncodeV2()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, int64(100), false)
	f.Add([]byte("HISTFAAAAA"), int64(1), true)
	f.Fuzz(func(t *testing.T, b []byte, requests int64, stream bool) {
		p := pass{client: child.Pass{Requests: requests, Elapsed: time.Second, Histogram: b}}
		if p.decode(stream) != nil {
			return
		}
		if want := requests; p.latency.TotalCount() != want && !stream || requests == 0 {
			t.Errorf("%d latencies of %d requests were taken", p.latency.TotalCount(), requests)
		}
		if m := runOf(runner.Unix, runner.Echo).metrics(p); m[profiles.LatencyMean] < 0 {
			t.Errorf("metrics %v", m)
		}
	})
}
