package workload

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Range and resolution of the histograms: 1 ns to 60 s, each value good to one
// part in a thousand.
const (
	Shortest = time.Nanosecond
	Longest  = time.Minute
	digits   = 3
)

// Latencies collects the latencies of one worker. Its times are laps: a request
// ends where the next one begins, so no time between two requests is lost, and
// each costs one reading of the clock instead of two.
type Latencies struct {
	histogram *hdrhistogram.Histogram
	began     time.Time
	last      time.Duration // since began
	beyond    int64
}

// NewLatencies returns an empty collection.
func NewLatencies() *Latencies {
	return &Latencies{histogram: hdrhistogram.New(int64(Shortest), int64(Longest), digits)}
}

// Start begins the first lap.
func (l *Latencies) Start() { l.began = time.Now() }

// Lap ends a request and begins the next one.
func (l *Latencies) Lap() {
	now := time.Since(l.began)
	if l.histogram.RecordValue(int64(now-l.last)) != nil {
		l.tooLong()
	}
	l.last = now
}

func (l *Latencies) tooLong() {
	l.beyond++
	_ = l.histogram.RecordValue(int64(Longest)) // fits by construction
}

// merge adds up the workers' histograms in the first one.
func merge(all []*Latencies) (h *hdrhistogram.Histogram, beyond int64) {
	h = all[0].histogram
	for i, l := range all {
		beyond += l.beyond
		if i > 0 {
			h.Merge(l.histogram)
		}
	}
	return h, beyond
}
