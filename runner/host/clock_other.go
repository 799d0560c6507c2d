//go:build !linux

package host

import "time"

func shortestSleep() time.Duration { return median(nil) }
