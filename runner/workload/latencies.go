package workload

import (
	"sync"
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
	counts *counts
	began  time.Time
	last   time.Duration // since began
}

// counts is the histogram of one worker. Only where there are more than
// ownHistograms workers do some share one, under a lock that costs as much as the
// reading of the clock: a histogram takes 221 KB.
type counts struct {
	shared    bool
	mu        sync.Mutex // held to change the rest, if shared
	histogram *hdrhistogram.Histogram
	beyond    int64
}

const ownHistograms = 32

// NewLatencies returns an empty collection for each of n workers.
func NewLatencies(n int) []*Latencies {
	all := make([]*Latencies, n)
	for i := range all {
		if i < ownHistograms {
			all[i] = &Latencies{counts: &counts{
				shared: n > ownHistograms, histogram: hdrhistogram.New(int64(Shortest), int64(Longest), digits),
			}}
			continue
		}
		all[i] = &Latencies{counts: all[i%ownHistograms].counts}
	}
	return all
}

// Start begins the first lap.
func (l *Latencies) Start() { l.began = time.Now() }

// Lap ends a request and begins the next one.
func (l *Latencies) Lap() {
	now := time.Since(l.began)
	l.counts.record(now - l.last)
	l.last = now
}

func (c *counts) record(d time.Duration) {
	if c.shared {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	if d > Longest {
		c.beyond++
		d = Longest
	}
	_ = c.histogram.RecordValue(int64(d)) // fits
}

// merge adds up the histograms of all workers in the first one.
func merge(all []*Latencies) (h *hdrhistogram.Histogram, beyond int64) {
	h = all[0].counts.histogram
	for i, l := range all[:min(len(all), ownHistograms)] {
		beyond += l.counts.beyond
		if i > 0 {
			h.Merge(l.counts.histogram)
		}
	}
	return h, beyond
}
