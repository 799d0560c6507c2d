package refine

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// tag is one value of a label on a sample.
type tag struct {
	text    string // as links name it; of a number with its unit
	number  int64
	unit    string // "" for none
	numeric bool
}

// shown is the value as go tool pprof -tags writes it: numbers of bytes and of time in
// a unit that is easy to read, other numbers bare. A number without a unit has the
// one that pprof takes its key for: the label "bytes" counts bytes.
func (t tag) shown(key string) string {
	if !t.numeric {
		return t.text
	}
	unit := t.unit
	switch {
	case unit != "":
	case key == "alignment" || key == "request":
		unit = "bytes"
	default:
		unit = key
	}
	v, name := scaled(float64(t.number), unit)
	text := strings.TrimSuffix(fmt.Sprintf("%.2f", v), ".00")
	if text == "0" || text == "-0" {
		return "0"
	}
	return text + name
}

// rung is a unit that pprof writes values in, and what it is called in profiles.
type rung struct {
	name  string
	worth float64
	names []string
}

// measures are the units that pprof converts into each other, and the one for what is
// less than the smallest.
var measures = [...]struct {
	rungs []rung
	least rung
}{
	{[]rung{
		{"B", 1, []string{"b", "byte"}},
		{"kB", 1 << 10, []string{"kb", "kbyte", "kilobyte"}},
		{"MB", 1 << 20, []string{"mb", "mbyte", "megabyte"}},
		{"GB", 1 << 30, []string{"gb", "gbyte", "gigabyte"}},
		{"TB", 1 << 40, []string{"tb", "tbyte", "terabyte"}},
		{"PB", 1 << 50, []string{"pb", "pbyte", "petabyte"}},
	}, rung{name: "B", worth: 1}},
	{[]rung{
		{"ns", 1, []string{"ns", "nanosecond"}},
		{"us", 1e3, []string{"μs", "us", "microsecond"}},
		{"ms", 1e6, []string{"ms", "millisecond"}},
		{"s", 1e9, []string{"s", "sec", "second"}},
		{"hrs", 3600e9, []string{"hour", "hr"}},
	}, rung{name: "s", worth: 1e9}},
}

// scaled writes a value in the largest unit in which it is 1 or more.
func scaled(v float64, unit string) (float64, string) {
	if v < 0 {
		v, name := scaled(-v, unit)
		return -v, name
	}
	unit = strings.ToLower(unit)
	if utf8.RuneCountInString(unit) > 2 {
		unit = strings.TrimSuffix(unit, "s")
	}
	for _, m := range measures {
		for _, from := range m.rungs {
			if !slices.Contains(from.names, unit) {
				continue
			}
			v, to := v*from.worth, m.least
			for _, r := range m.rungs {
				if v >= r.worth {
					to = r
				}
			}
			return v / to.worth, to.name
		}
	}
	return v, ""
}
