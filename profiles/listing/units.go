package listing

import (
	"fmt"
	"strings"

	"github.com/google/pprof/profile"
)

// commonUnits scales two profiles to the finer of their units, type by type, as
// pprof does before it merges them: cpu/microseconds and cpu/nanoseconds become
// cpu/nanoseconds.
func commonUnits(both []*profile.Profile) error {
	o, b := both[0], both[1]
	period, err := finer(o.PeriodType, b.PeriodType)
	if err != nil {
		return fmt.Errorf("period type: %w", err)
	}
	for _, p := range both {
		p.Period = int64(float64(p.Period) * ratio(p.PeriodType.Unit, period))
		p.PeriodType.Unit = period
	}
	units := make([]string, len(o.SampleType))
	for i := range units {
		if units[i], err = finer(o.SampleType[i], b.SampleType[i]); err != nil {
			return fmt.Errorf("sample types: %w", err)
		}
	}
	for _, p := range both {
		ratios := make([]float64, len(units))
		for i, t := range p.SampleType {
			ratios[i] = ratio(t.Unit, units[i])
			t.Unit = units[i]
		}
		if err := p.ScaleN(ratios); err != nil {
			return fmt.Errorf("scale to common units: %w", err)
		}
	}
	return nil
}

// finer is the unit in which values of both types are whole.
func finer(a, b *profile.ValueType) (string, error) {
	if a.Unit == b.Unit && sameType(a, b) {
		return a.Unit, nil
	}
	fa, fb := factor(a.Unit), factor(b.Unit)
	if !sameType(a, b) || fa.kind == "" || fa.kind != fb.kind {
		return "", fmt.Errorf("%s/%s and %s/%s cannot be compared", a.Type, a.Unit, b.Type, b.Unit)
	}
	if fb.size < fa.size {
		return b.Unit, nil
	}
	return a.Unit, nil
}

func sameType(a, b *profile.ValueType) bool {
	return strings.TrimSuffix(a.Type, "s") == strings.TrimSuffix(b.Type, "s")
}

// ratio is how many of the unit to make one of the unit from.
func ratio(from, to string) float64 {
	if from == to {
		return 1
	}
	return factor(from).size / factor(to).size
}

// unit is a kind of measure and the size in that kind's smallest.
type unit struct {
	kind string
	size float64
}

// factor knows the units that pprof converts, in singular or plural; any other
// unit has no kind.
func factor(name string) unit {
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
