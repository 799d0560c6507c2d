//go:build !linux

package workload

import (
	"runtime"
	"sync"
	"time"
)

// alarm wakes one goroutine at a time. It is the runtime's timer, which may be
// a millisecond late: starts that are late for that are counted as such.
type alarm struct {
	once sync.Once
	off  chan struct{}
}

// spinFrom is how long before a start the waiting worker begins to look at the
// clock without a pause: an alarm may be that late.
const spinFrom = 2 * time.Millisecond

func newAlarm() (*alarm, error) { return &alarm{off: make(chan struct{})}, nil }

// wait returns after d, or when wake was called.
func (a *alarm) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-a.off:
	}
}

// yield lets others run that are ready.
func (a *alarm) yield() { runtime.Gosched() }

// wake ends this wait and all later ones.
func (a *alarm) wake() { a.once.Do(func() { close(a.off) }) }

func (a *alarm) close() {}
