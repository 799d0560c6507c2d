package workload_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sockscope/sockscope/runner/workload"
)

func TestWorkIsHandedOutOnce(t *testing.T) {
	t.Parallel()
	for _, b := range []workload.Budget{
		{Requests: 0}, {Requests: 1}, {Requests: 9_999}, {Requests: 10_000, AtMost: time.Hour}, {Requests: 64, AtMost: time.Hour},
	} {
		w := workload.NewWork(b)
		var taken atomic.Int64
		var workers sync.WaitGroup
		for range 8 {
			workers.Go(func() {
				for w.Next() {
					taken.Add(1)
				}
			})
		}
		workers.Wait()
		if taken.Load() != b.Requests || w.Next() {
			t.Errorf("%+v: %d requests were taken", b, taken.Load())
		}
	}
}

// TestWorkByTheClock takes 1 ms for each request. The clock is looked at every
// 64 requests, so a bound may be passed by that many.
func TestWorkByTheClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		budget      workload.Budget
		least, most int
	}{
		{"time is over first", workload.Budget{Requests: 2000, AtLeast: time.Second}, 2000, 2000},
		{"requests are over first", workload.Budget{Requests: 10, AtLeast: time.Second}, 1000, 1064},
		{"cut short", workload.Budget{Requests: 9000, AtLeast: time.Second, AtMost: 3 * time.Second}, 3000, 3064},
		{"between", workload.Budget{Requests: 2000, AtLeast: time.Second, AtMost: 3 * time.Second}, 2000, 2000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := workload.NewWork(c.budget)
				n := 0
				for ; w.Next(); n++ {
					time.Sleep(time.Millisecond)
				}
				if n < c.least || n > c.most {
					t.Errorf("%d requests were taken, want %d to %d", n, c.least, c.most)
				}
			})
		})
	}
}

func TestStopLeavesNothing(t *testing.T) {
	t.Parallel()
	w := workload.NewWork(workload.Budget{Requests: 1 << 40, AtLeast: time.Hour})
	if !w.Next() {
		t.Fatal("there was nothing to take")
	}
	w.Stop()
	for range 200 {
		if w.Next() {
			t.Fatal("there was something to take after Stop")
		}
	}
}
