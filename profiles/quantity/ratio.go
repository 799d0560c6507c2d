package quantity

import (
	"math"
	"strconv"
)

// Ratio writes a ratio with two decimals, with three significant digits from 10
// on and below 0.1: "2.10", "0.98", "12.4", "0.0125".
func Ratio(r float64) string {
	if !finite(r) {
		return Missing
	}
	d := decimalsFor(math.Abs(r), digits)
	if a := math.Abs(r); a >= 0.1 && a < 10 {
		d = 2
	}
	return decimal(r, d)
}

// Times writes a ratio as a factor: "2.1×", "12×".
func Times(r float64) string {
	if !finite(r) {
		return Missing
	}
	a := math.Abs(r)
	switch {
	case a >= 9.95:
		return decimal(r, 0) + "×"
	case a >= 1.095 || a <= 0.905:
		return decimal(r, max(decimalsFor(a, 2), 1)) + "×"
	}
	return decimal(r, 2) + "×" // 1.02×: one decimal would hide the difference
}

// Range writes an interval of ratios: "2.05 – 2.14".
func Range(low, high float64) string {
	if !finite(low) || !finite(high) {
		return Missing
	}
	return Ratio(low) + " – " + Ratio(high)
}

// Change writes a ratio as a difference in percent: 0.477 is "−52.3 %", 2.106
// is "+110.6 %". No change at all is "0 %".
func Change(ratio float64) string {
	if !finite(ratio) {
		return Missing
	}
	percent := (ratio - 1) * 100
	d := 1
	if math.Abs(percent) >= 999.95 {
		d = 0
	}
	return signedPercent(percent, d)
}

// RoughChange is [Change] without decimals, for what is only indicative:
// "+109 %".
func RoughChange(ratio float64) string {
	if !finite(ratio) {
		return Missing
	}
	return signedPercent((ratio-1)*100, 0)
}

func signedPercent(percent float64, decimals int) string {
	s := decimal(percent, decimals)
	if !hasFigure(s) {
		return "0 %"
	}
	if percent > 0 {
		s = "+" + s
	}
	return s + " %"
}

// Percent writes a share of one: 0.7 is "70 %", 0.0123 is "1.2 %".
func Percent(share float64) string {
	if !finite(share) {
		return Missing
	}
	percent := share * 100
	a := math.Abs(percent)
	if a >= 9.95 || a == 0 {
		return decimal(percent, 0) + " %"
	}
	return decimal(percent, trim(a, max(decimalsFor(a, 2), 1))) + " %"
}

// PlusMinus writes how far the farther end of an interval is from its middle:
// "±1 %", "±0.4 %", at most "±>999 %". It is "" when the middle is zero.
func PlusMinus(middle, low, high float64) string {
	if middle == 0 || !finite(middle) || !finite(low) || !finite(high) {
		return ""
	}
	half := max(high-middle, middle-low) / math.Abs(middle)
	percent := math.Abs(half) * 100
	switch {
	case !(percent < 1000): // also when it overflows
		return "±>999 %"
	case percent == 0:
		return "±0 %"
	case percent < 0.05:
		return "±<0.1 %"
	case percent < 0.95:
		return "±" + decimal(percent, 1) + " %"
	}
	return "±" + decimal(percent, 0) + " %"
}

// P writes a p-value: "p < 0.001", "p = 0.031".
func P(p float64) string {
	switch {
	case !finite(p) || p < 0:
		return "p " + Missing
	case p < 0.001:
		return "p < 0.001"
	case p >= 0.9995:
		return "p = 1"
	}
	return "p = " + strconv.FormatFloat(p, 'f', max(decimalsFor(p, 2), 2), 64)
}
