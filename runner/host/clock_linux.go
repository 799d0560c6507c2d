package host

import (
	"time"

	"golang.org/x/sys/unix"
)

// shortestSleep is the median time that nanosleep(2) takes for 1 ns: the kernel's
// timer slack, 50 µs by default, and the wake-up.
func shortestSleep() time.Duration {
	const sleeps = 21
	slept := make([]time.Duration, 0, sleeps)
	for range sleeps {
		start := time.Now()
		if unix.Nanosleep(&unix.Timespec{Nsec: 1}, nil) == nil {
			slept = append(slept, time.Since(start))
		}
	}
	return median(slept)
}
