package listing

import (
	"strings"

	"github.com/google/pprof/profile"
)

// commonUnits scales two profiles to the finer of their units, type by type, as
// pprof does before it merges them: cpu/microseconds and cpu/nanoseconds become
// cpu/nanoseconds. It reports false when there is no common unit.
func commonUnits(a, b *profile.Profile) bool {
	period, ok := finer(a.PeriodType, b.PeriodType)
	if !ok {
		return false
	}
	units := make([]string, len(a.SampleType))
	for i := range units {
		if units[i], ok = finer(a.SampleType[i], b.SampleType[i]); !ok {
			return false
		}
	}
	for _, p := range []*profile.Profile{a, b} {
		p.Period = int64(float64(p.Period) * ratio(p.PeriodType.Unit, period))
		p.PeriodType.Unit = period
		ratios := make([]float64, len(units))
		for i, t := range p.SampleType {
			ratios[i] = ratio(t.Unit, units[i])
			t.Unit = units[i]
		}
		if p.ScaleN(ratios) != nil {
			return false
		}
	}
	return true
}

// finer is the unit in which values of both types are whole.
func finer(a, b *profile.ValueType) (string, bool) {
	if a.Unit == b.Unit && sameType(a, b) {
		return a.Unit, true
	}
	ua, ub := unitOf(a.Unit), unitOf(b.Unit)
	if !sameType(a, b) || ua.kind == "" || ua.kind != ub.kind {
		return "", false
	}
	if ub.size < ua.size {
		return b.Unit, true
	}
	return a.Unit, true
}

func sameType(a, b *profile.ValueType) bool {
	return strings.TrimSuffix(a.Type, "s") == strings.TrimSuffix(b.Type, "s")
}

// ratio is how many of the unit to make one of the unit from.
func ratio(from, to string) float64 {
	if from == to {
		return 1
	}
	return unitOf(from).size / unitOf(to).size
}

// unit is a kind of measure and the size in that kind's smallest.
type unit struct {
	kind string
	size float64
}

// unitOf knows the units that pprof converts, in singular or plural; any other
// unit has no kind.
func unitOf(name string) unit {
	name = strings.ToLower(name)
	if len(name) > 2 {
		name = strings.TrimSuffix(name, "s")
	}
	switch name {
	case "b", "byte":
		return unit{"bytes", 1}
	case "kb", "kbyte", "kilobyte":
		return unit{"bytes", 1 << 10}
	case "mb", "mbyte", "megabyte":
		return unit{"bytes", 1 << 20}
	case "gb", "gbyte", "gigabyte":
		return unit{"bytes", 1 << 30}
	case "tb", "tbyte", "terabyte":
		return unit{"bytes", 1 << 40}
	case "pb", "pbyte", "petabyte":
		return unit{"bytes", 1 << 50}
	case "ns", "nanosecond":
		return unit{"time", 1}
	case "us", "microsecond":
		return unit{"time", 1e3}
	case "ms", "millisecond":
		return unit{"time", 1e6}
	case "s", "sec", "second":
		return unit{"time", 1e9}
	case "hr", "hour":
		return unit{"time", 3600e9}
	}
	return unit{}
}
