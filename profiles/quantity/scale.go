package quantity

import (
	"math"

	"github.com/sockscope/sockscope/profiles"
)

// step is one unit of a ladder and what it is worth in the lowest one.
type step struct {
	worth float64
	name  string
}

// ladder is the units of one kind of quantity, smallest first.
type ladder []step

var (
	times     = ladder{{1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}
	sizes     = ladder{{1, "B"}, {1 << 10, "KiB"}, {1 << 20, "MiB"}, {1 << 30, "GiB"}, {1 << 40, "TiB"}}
	byteRates = ladder{{1, "B/s"}, {1e3, "kB/s"}, {1e6, "MB/s"}, {1e9, "GB/s"}, {1e12, "TB/s"}}
	portions  = ladder{{0.01, "%"}}
	bare      = ladder{{1, ""}}
)

func ladderOf(u profiles.Unit) ladder {
	switch u {
	case profiles.Nanoseconds:
		return times
	case profiles.BytesASecond:
		return byteRates
	case profiles.Portion:
		return portions
	}
	return bare
}

// find returns the unit in which a figure with three digits is written: the
// largest in which it is 1 or more after rounding.
func (l ladder) find(v float64) step {
	v = math.Abs(v)
	for i := len(l) - 1; i > 0; i-- {
		// 999.7 of the lower unit rounds to 1000 of it, which is 1 of this one; for
		// sizes 1023.7 does. So the text's rounding decides, not the value.
		lower := v / l[i-1].worth
		rounded := round(lower)
		if rounded >= l[i].worth/l[i-1].worth {
			return l[i]
		}
	}
	return l[0]
}

// round rounds to the digits that are shown.
func round(v float64) float64 {
	p := math.Pow(10, float64(decimalsFor(v, digits)))
	return math.Round(v*p) / p
}

func (l ladder) format(v float64) string {
	if !finite(v) {
		return Missing
	}
	s := l.find(v)
	if v /= s.worth; !finite(v) { // in percent of a figure near the largest
		return Missing
	}
	return join(decimal(v, trim(math.Abs(v), decimalsFor(math.Abs(v), digits))), s.name)
}

func join(figure, unit string) string {
	if unit == "" {
		return figure
	}
	return figure + " " + unit
}

// Scale is a unit and a number of decimals that several figures share.
type Scale struct {
	worth    float64
	name     string
	decimals int
}

// ScaleOf returns the scale on which all the figures can be read together. The
// unit is that of the smallest figure that is not zero as long as the largest
// then stays below 10 000, and that of the largest otherwise; the smallest
// figure gets three significant digits, the largest at most four. Figures that
// are not numbers do not count.
func ScaleOf(u profiles.Unit, figures ...float64) Scale { return ladderOf(u).scale(figures) }

// SizesOf is [ScaleOf] for numbers of bytes, in binary units.
func SizesOf(figures ...float64) Scale { return sizes.scale(figures) }

func (l ladder) scale(figures []float64) Scale {
	smallest, largest := math.Inf(1), 0.0
	for _, v := range figures {
		v = math.Abs(v)
		if v == 0 || !finite(v) {
			continue
		}
		smallest, largest = min(smallest, v), max(largest, v)
	}
	if largest == 0 {
		return Scale{worth: l[0].worth, name: l[0].name}
	}
	s := l.find(smallest)
	if largest/s.worth >= 9999.5 {
		s = l.find(largest)
	}
	return Scale{
		worth: s.worth, name: s.name,
		decimals: min(decimalsFor(smallest/s.worth, digits), decimalsFor(largest/s.worth, digits+1)),
	}
}

// Last is what one unit of the last decimal is worth: figures that differ by less
// may be written alike.
func (s Scale) Last() float64 { return s.worth * math.Pow(10, -float64(s.decimals)) }

// Worth is what one of the scale's unit is worth in the lowest one.
func (s Scale) Worth() float64 { return s.worth }

// Unit is the unit's name, "" for a bare number.
func (s Scale) Unit() string { return s.name }

// Figure writes v on the scale without its unit: "44.7".
func (s Scale) Figure(v float64) string {
	if v /= s.worth; !finite(v) {
		return Missing
	}
	return decimal(v, s.decimals)
}

// Format writes v on the scale with its unit: "44.7 µs".
func (s Scale) Format(v float64) string {
	if !finite(v) {
		return Missing
	}
	return join(s.Figure(v), s.name)
}

// Brief writes v in the scale's unit with three significant digits of its own,
// for running text: "84.2 µs" beside "177 µs".
func (s Scale) Brief(v float64) string {
	return join(s.BriefFigure(v), s.name)
}

// BriefFigure is [Scale.Brief] without the unit.
func (s Scale) BriefFigure(v float64) string { return Number(v / s.worth) }

// Signed writes a difference on the scale: "+32.9 µs".
func (s Scale) Signed(v float64) string {
	f := s.Format(v)
	if v > 0 && finite(v) && hasFigure(s.Figure(v)) {
		return "+" + f
	}
	return f
}

// Row writes the figures of one row in one unit with the same decimals:
// "81.2 µs", "171.0 µs". A bare whole number stays whole: "14", "28".
func Row(u profiles.Unit, figures ...float64) []string {
	s := ScaleOf(u, figures...)
	if s.name == "" {
		s.decimals = wholeDecimals(s, figures)
	}
	row := make([]string, len(figures))
	for i, v := range figures {
		row[i] = s.Format(v)
	}
	return row
}

// wholeDecimals lowers the decimals of a row of bare numbers as far as every
// figure still reads the same.
func wholeDecimals(s Scale, figures []float64) int {
	need := 0
	for _, v := range figures {
		if finite(v) {
			need = max(need, trim(math.Abs(v), s.decimals))
		}
	}
	return need
}
