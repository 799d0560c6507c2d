package workload_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner/workload"
)

// What the measured loops pay per request for being measured.

func BenchmarkLap(b *testing.B) {
	for _, workers := range []int{1, 1024} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			l := workload.NewLatencies(workers)[0]
			l.Start()
			for b.Loop() {
				l.Lap()
			}
		})
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
