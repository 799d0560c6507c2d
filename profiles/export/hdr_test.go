package export_test

import (
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
)

// histograms are those of n rounds of two cells, each with its own latencies.
func histograms(t *testing.T, n int) []export.Histogram {
	t.Helper()
	start := time.Date(2026, 11, 22, 7, 31, 0, 250e6, time.UTC)
	var hs []export.Histogram
	for round := 1; round <= n; round++ {
		for i, cell := range []profiles.Cell{
			{Socket: "unix", Workload: "echo", Size: 5, Concurrency: 1, Placement: "split"},
			{Socket: "tcp4", Workload: "echo", Size: 5, Concurrency: 1, Placement: "split", Variant: "nagle", Host: "arm box,1"},
		} {
			h := hdrhistogram.New(1, 60e9, 3)
			for v := range int64(1000) {
				_ = h.RecordValue(20_000*int64(1+i) + v*int64(round))
			}
			data, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
			if err != nil {
				t.Fatal(err)
			}
			hs = append(hs, export.Histogram{
				Cell: cell, Round: round, Data: data,
				Started: start.Add(time.Duration(2*round+i) * time.Second), Elapsed: 1500 * time.Millisecond,
			})
		}
	}
	return hs
}

// The library's own reader finds every round of every cell with its latencies.
func TestHDRLog(t *testing.T) {
	t.Parallel()
	hs := histograms(t, 3)
	var b strings.Builder
	if err := export.HDRLog(&b, hs); err != nil {
		t.Fatal(err)
	}
	if want := "#[Histogram log format version 1.3]\n"; !strings.HasPrefix(b.String(), want) {
		t.Errorf("the log starts with %q", b.String()[:40])
	}
	reader := hdrhistogram.NewHistogramLogReader(strings.NewReader(b.String()))
	for i, h := range hs {
		got, err := reader.NextIntervalHistogram()
		if err != nil || got == nil {
			t.Fatalf("interval %d: %v, %v", i, got, err)
		}
		want, err := hdrhistogram.Decode(h.Data)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equals(want) || got.ValueAtQuantile(99) != want.ValueAtQuantile(99) {
			t.Errorf("interval %d: p99 %d, want %d", i, got.ValueAtQuantile(99), want.ValueAtQuantile(99))
		}
		if tag := []string{"unix.echo.5.1.split", "tcp4-nagle.echo.5.1.split@arm_box_1"}[i%2]; got.Tag() != tag {
			t.Errorf("interval %d: tag %q, want %q", i, got.Tag(), tag)
		}
		if got.StartTimeMs() != h.Started.UnixMilli() || got.EndTimeMs() != h.Started.Add(h.Elapsed).UnixMilli() {
			t.Errorf("interval %d: %d … %d", i, got.StartTimeMs(), got.EndTimeMs())
		}
	}
	if more, err := reader.NextIntervalHistogram(); more != nil || err != nil {
		t.Errorf("after the last interval: %v, %v", more, err)
	}
}

func TestHDRLogOfBrokenData(t *testing.T) {
	t.Parallel()
	hs := histograms(t, 1)
	hs[1].Data = []byte("HISTbroken")
	err := export.HDRLog(&strings.Builder{}, hs)
	if err == nil || !strings.Contains(err.Error(), "round 1 of tcp4 nagle") {
		t.Errorf("error %v", err)
	}
	var b strings.Builder
	if err := export.HDRLog(&b, nil); err != nil || !strings.HasPrefix(b.String(), "#[Histogram") {
		t.Errorf("no runs: %q, %v", b.String(), err)
	}
	if err := export.HDRLog(&full{}, hs[:1]); err == nil {
		t.Error("a full disk is no error")
	}
}
