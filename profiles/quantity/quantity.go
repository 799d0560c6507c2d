// Package quantity writes numbers for people: "84.2 µs", "11 857", "−52.3 %",
// "2.1×", "about 1 min 20 s".
//
// The rules, which hold for every page, command and text export:
//
//   - Three significant digits for what was measured; counts are never rounded.
//   - A figure and its unit are set apart by a space, thousands by a narrow
//     no-break space (U+202F), and a negative figure has the minus sign U+2212.
//   - A figure that rounds up to the next unit is written in the next unit:
//     999.7 µs is "1 ms", never "1000 µs".
//   - The figures of one row share a unit, so that they can be compared by eye:
//     see [Row].
//   - What is not a number is written "n/a"; neither NaN nor Inf is ever shown.
//
// The texts are for reading only. What a program reads comes from the JSON, CSV
// and benchmark exports.
package quantity

import (
	"math"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
)

const (
	// Missing stands for a figure that does not exist.
	Missing = "n/a"

	minus     = "−"      // U+2212
	thousands = "\u202f" // narrow no-break space
)

// digits is how many significant digits a measured figure shows.
const digits = 3

// exact is from where on figures are written with an exponent.
const exact = 1e15

// Of writes a figure in a unit of the metrics: "84.2 µs", "11 857",
// "1.25 GB/s", "14", "0.3 %".
func Of(u profiles.Unit, v float64) string {
	switch u {
	case profiles.Nanoseconds:
		return Nanoseconds(v)
	case profiles.PerSecond:
		return Rate(v)
	case profiles.BytesASecond:
		return BytesPerSecond(v)
	case profiles.Portion:
		return portions.format(v)
	}
	return Number(v)
}

// Signed is [Of] for a difference: "+32.8 µs", "−1.7 µs", and "0 ns" when there
// is none. Shares differ by points of a hundred, "+0.3 points": "+0.3 %" would be
// taken for a ratio.
func Signed(u profiles.Unit, v float64) string {
	s := Of(u, v)
	if u == profiles.Portion && finite(v) {
		s = strings.TrimSuffix(s, "%") + "points"
	}
	if v > 0 && hasFigure(s) {
		return "+" + s
	}
	return s
}

// Nanoseconds writes a time: "84.2 µs", "177 µs", "1 ms", "1.5 s".
func Nanoseconds(ns float64) string { return times.format(ns) }

// BytesPerSecond writes a throughput in decimal units, as network rates are
// written: "940 MB/s".
func BytesPerSecond(v float64) string { return byteRates.format(v) }

// Bytes writes a size in binary units: "5 B", "64 KiB", "1.5 MiB".
func Bytes(n int64) string { return sizes.format(float64(n)) }

// Rate writes what happens per second, whole from 100 on: "11 857", "84.2".
func Rate(perSecond float64) string { return Number(perSecond) }

// Number writes a figure without a unit; whole from 100 on: "2.1", "14",
// "11 857".
func Number(v float64) string {
	if !finite(v) {
		return Missing
	}
	return decimal(v, trim(math.Abs(v), decimalsFor(math.Abs(v), digits)))
}

// Fixed writes a figure without a unit with so many decimals, for figures that
// stand beside their error.
func Fixed(v float64, decimals int) string {
	if !finite(v) {
		return Missing
	}
	return decimal(v, decimals)
}

// Count writes a number of things: "11 857".
func Count(n int64) string { return group(strconv.FormatInt(n, 10)) }

// Plural writes a number of things with their noun: "1 round", "30 runs".
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// hasFigure reports whether a text shows a figure other than zero.
func hasFigure(s string) bool { return strings.ContainsAny(s, "123456789") }

// decimalsFor is how many decimals show v with n significant digits; 0 for what
// needs none.
func decimalsFor(v float64, n int) int {
	if v == 0 {
		return 0
	}
	// Rounding may add a digit: 9.996 with three digits is 10.0. The exponent is
	// read from the rounded figure, so that it does not get four.
	s := strconv.FormatFloat(v, 'e', n-1, 64)
	_, exponent, _ := strings.Cut(s, "e")
	e, _ := strconv.Atoi(exponent)
	return min(max(n-1-e, 0), 12)
}

// trim lowers the number of decimals by the zeros at their end.
func trim(v float64, decimals int) int {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	for decimals > 0 && s[len(s)-1] == '0' {
		s = s[:len(s)-1]
		decimals--
	}
	return decimals
}

// decimal writes v with a fixed number of decimals, groups and a real minus
// sign. A figure that rounds to zero has no sign; one that a float64 cannot hold
// to the last digit is written with an exponent.
func decimal(v float64, decimals int) string {
	if math.Abs(v) >= exact {
		return strings.Replace(strconv.FormatFloat(v, 'e', digits-1, 64), "-", minus, 1)
	}
	s := group(strconv.FormatFloat(v, 'f', decimals, 64))
	if !hasFigure(s) {
		s = strings.TrimPrefix(s, minus)
	}
	return s
}

// group sets the thousands of a plain decimal text apart and turns its hyphen
// into a minus sign. Four digits are grouped too, so that columns line up.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = minus, s[1:]
	}
	whole, fraction, dotted := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(thousands)
		}
		b.WriteRune(r)
	}
	if dotted {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}
