package web

import (
	"math"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// units are the names that pprof knows, without the s of several, and what one is worth
// in nanoseconds or in bytes.
var units = []struct {
	names              []string
	nanoseconds, bytes float64
}{
	{[]string{"nanosecond", "ns"}, 1, 0},
	{[]string{"microsecond", "us", "µ", "µs", "usec"}, 1e3, 0},
	{[]string{"millisecond", "ms", "msec"}, 1e6, 0},
	{[]string{"second", "s", "sec"}, 1e9, 0},
	{[]string{"minute", "min"}, 60e9, 0},
	{[]string{"hour", "hr"}, 3600e9, 0},
	{[]string{"byte", "b"}, 0, 1},
	{[]string{"kilobyte", "kb", "kib"}, 0, 1 << 10},
	{[]string{"megabyte", "mb", "mib"}, 0, 1 << 20},
	{[]string{"gigabyte", "gb", "gib"}, 0, 1 << 30},
}

// unitOf is what one of a sample type's unit is worth in nanoseconds or in bytes; 0 for
// what is a number of other things.
func unitOf(unit string) (nanoseconds, bytes float64) {
	u := strings.ToLower(unit)
	if len(u) > 2 {
		u = strings.TrimSuffix(u, "s")
	}
	for _, known := range units {
		if slices.Contains(known.names, u) {
			return known.nanoseconds, known.bytes
		}
	}
	return 0, 0
}

// likeTypes are the sample types that can be compared with one, "cpu/nanoseconds": of
// its name, in all units that can be converted to its own.
func likeTypes(name string) []string {
	kind, unit, _ := strings.Cut(name, "/")
	list := []string{name}
	for _, known := range units {
		for _, u := range known.names {
			if _, ok := inUnitOf(u, unit); ok {
				list = append(list, kind+"/"+u, kind+"/"+u+"s")
			}
		}
	}
	return list
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
