package compare

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// mostNumbers is how many numbers one flag may stand for; more are no plan that
// anybody wants.
const mostNumbers = 256

// numbers reads a list of whole numbers and ranges: "64", "1K", "64KiB",
// "1..1MiB*4" for 1, 4, 16 … and 1 MiB itself. Units are those of sizes, powers of
// 1024; only flags of sizes have them.
func numbers(flag string, parts []string, units bool) ([]int, error) {
	var ns []int
	for _, part := range parts {
		part = strings.TrimSpace(part)
		first, rest, ranged := strings.Cut(part, "..")
		if !ranged {
			n, err := number(part, units)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", flag, err)
			}
			ns = append(ns, n)
			continue
		}
		more, err := span(part, first, rest, units)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		for _, n := range more {
			if !slices.Contains(ns, n) { // where two ranges meet
				ns = append(ns, n)
			}
		}
		if len(ns) > mostNumbers {
			return nil, fmt.Errorf("%s: %q makes more than %d numbers: take a larger factor", flag, part, mostNumbers)
		}
	}
	return ns, nil
}

// span is a range: from first by a factor up to the last, which is always there.
func span(part, first, rest string, units bool) ([]int, error) {
	last, by, ok := strings.Cut(strings.NewReplacer("×", "*").Replace(rest), "*")
	if !ok {
		return nil, fmt.Errorf("the range %q has no factor: write %s*4 for each fourfold", part, part)
	}
	low, err := number(first, units)
	if err != nil {
		return nil, err
	}
	high, err := number(last, units)
	if err != nil {
		return nil, err
	}
	factor, err := number(by, false)
	if err != nil {
		return nil, err
	}
	if low < 1 || high < low || factor < 2 {
		return nil, fmt.Errorf("the range %q makes no sense: write it as 1..1024*4, upwards from 1 or more by a factor of 2 or more", part)
	}
	var ns []int
	for n := low; n < high; n *= factor {
		ns = append(ns, n)
		if n > math.MaxInt32/factor {
			break
		}
	}
	return append(ns, high), nil
}

func number(s string, units bool) (int, error) {
	digits := strings.TrimRight(strings.TrimSpace(s), "bBiIkKmM ")
	shift := 0
	switch unit := strings.TrimSpace(strings.TrimSpace(s)[len(digits):]); {
	case unit == "":
	case !units:
		return 0, fmt.Errorf("%q is no whole number", s)
	case strings.EqualFold(unit, "b"):
	case strings.EqualFold(unit, "k"), strings.EqualFold(unit, "kib"):
		shift = 10
	case strings.EqualFold(unit, "m"), strings.EqualFold(unit, "mib"):
		shift = 20
	default:
		return 0, fmt.Errorf("%q is no size: write 64, 1K, 64KiB or 1MiB", s)
	}
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil && units:
		return 0, fmt.Errorf("%q is no size: write 64, 1K, 64KiB or 1MiB", s)
	case err != nil:
		return 0, fmt.Errorf("%q is no whole number", s)
	case n > math.MaxInt32>>shift || n < math.MinInt32>>shift:
		return 0, fmt.Errorf("%q is too large", s)
	}
	return n << shift, nil
}

// parseThreshold reads "5%" or "0.05".
func parseThreshold(s string) (float64, error) {
	figure, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(figure), 64)
	if percent {
		v /= 100
	}
	switch {
	case err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0:
		return 0, fmt.Errorf("--fail-above %q is no share: write 5%% or 0.05", s)
	case v >= 1 && !percent:
		return 0, fmt.Errorf("--fail-above %q could be %[1]s %% or %s times: write %[1]s%% or 0.05", s, strings.TrimSpace(figure))
	}
	return v, nil
}
