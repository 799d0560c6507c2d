package web

import (
	"math"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// unitOf is what one of a sample type's unit is worth in nanoseconds or in bytes,
// by the names that pprof knows; 0 for what is a number of other things.
func unitOf(unit string) (nanoseconds, bytes float64) {
	u := strings.ToLower(unit)
	if len(u) > 2 {
		u = strings.TrimSuffix(u, "s")
	}
	switch u {
	case "nanosecond", "ns":
		return 1, 0
	case "microsecond", "us", "µ", "µs", "usec":
		return 1e3, 0
	case "millisecond", "ms", "msec":
		return 1e6, 0
	case "second", "s", "sec":
		return 1e9, 0
	case "minute", "min":
		return 60e9, 0
	case "hour", "hr":
		return 3600e9, 0
	case "byte", "b":
		return 0, 1
	case "kilobyte", "kb", "kib":
		return 0, 1 << 10
	case "megabyte", "mb", "mib":
		return 0, 1 << 20
	case "gigabyte", "gb", "gib":
		return 0, 1 << 30
	}
	return 0, 0
}

// inUnitOf is what one of a unit is worth in another, and whether the one can be
// converted to the other.
func inUnitOf(unit, other string) (float64, bool) {
	if unit == other {
		return 1, true
	}
	ns, bytes := unitOf(unit)
	otherNs, otherBytes := unitOf(other)
	switch {
	case ns > 0 && otherNs > 0:
		return ns / otherNs, true
	case bytes > 0 && otherBytes > 0:
		return bytes / otherBytes, true
	}
	return 0, false
}

// inUnit writes a value of a sample type: a time and a size in a unit that is easy
// to read, a number of things as a number, and what has another unit with it.
func inUnit(v float64, unit string) string {
	ns, b := unitOf(unit)
	switch {
	case ns > 0:
		return quantity.Nanoseconds(v * ns)
	case b > 0 && math.Abs(v*b) >= 1:
		return quantity.Bytes(int64(math.Round(math.Max(math.Min(v*b, 1<<62), -(1 << 62)))))
	case b > 0:
		return quantity.Number(v*b) + " B"
	case unit == "" || unit == "count" || unit == "objects":
		return quantity.Number(v)
	}
	return quantity.Number(v) + " " + clip(unit)
}
