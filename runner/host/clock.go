package host

import (
	"slices"
	"time"
)

// clockCost is what one reading of the clock takes: the fastest of some batches,
// since whatever interrupts one only adds to it.
func clockCost() time.Duration {
	const batches, readings = 5, 2000
	least := time.Duration(1<<63 - 1)
	for range batches {
		start := time.Now()
		end := start
		for range readings {
			end = time.Now()
		}
		least = min(least, end.Sub(start))
	}
	return least / readings
}

// median of what was measured some times.
func median(of []time.Duration) time.Duration {
	if len(of) == 0 {
		return 0
	}
	slices.Sort(of)
	return of[len(of)/2]
}
