package workload

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

func newTestAlarm(t testing.TB) *alarm {
	t.Helper()
	a, err := newAlarm()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.close)
	return a
}

func TestAlarm(t *testing.T) {
	t.Parallel()
	a := newTestAlarm(t)
	for _, d := range []time.Duration{1, time.Microsecond, time.Millisecond} {
		before := time.Now()
		if a.wait(d); time.Since(before) < d {
			t.Errorf("a wait of %s ended after %s", d, time.Since(before))
		}
		a.yield()
	}
	var waiting sync.WaitGroup
	waiting.Go(func() { a.wait(time.Hour) })
	runtime.Gosched()
	a.wake()
	waiting.Wait()
	a.wait(time.Hour) // ends at once
}

// BenchmarkYield is what one look around takes when nobody wants anything.
func BenchmarkYield(b *testing.B) {
	a := newTestAlarm(b)
	for b.Loop() {
		a.yield()
	}
}

// BenchmarkWait tells how late the timer is.
func BenchmarkWait(b *testing.B) {
	a := newTestAlarm(b)
	const d = 100 * time.Microsecond
	late := time.Duration(0)
	for b.Loop() {
		before := time.Now()
		a.wait(d)
		late += time.Since(before) - d
	}
	b.ReportMetric(float64(late)/float64(b.N)/1e3, "late-µs")
}
