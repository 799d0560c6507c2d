package workload_test

import (
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner/workload"
)

// What the measured loops pay per request for being measured.

func BenchmarkLap(b *testing.B) {
	l := workload.NewLatencies()
	l.Start()
	for b.Loop() {
		l.Lap()
	}
}

func BenchmarkNext(b *testing.B) {
	w := workload.NewWork(workload.Budget{Requests: 1 << 62})
	for b.Loop() {
		if !w.Next() {
			b.Fatal("no work left")
		}
	}
}

func BenchmarkNextWithTimes(b *testing.B) {
	w := workload.NewWork(workload.Budget{Requests: 1, AtLeast: time.Hour, AtMost: 2 * time.Hour})
	for b.Loop() {
		if !w.Next() {
			b.Fatal("no work left")
		}
	}
}

// BenchmarkClock is the reading of the clock alone.
func BenchmarkClock(b *testing.B) {
	start := time.Now()
	for b.Loop() {
		_ = time.Since(start)
	}
}
