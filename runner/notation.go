package runner

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// How people write numbers, in a form or behind a flag: "10 000", "4K", "64 KiB",
// "1..1MiB ×4". Programs that call the API send plain numbers.

// growth is the factor of a range that names none.
const growth = 4

// ParseNumbers reads sizes in bytes: "1, 64; 4K, 1..1MiB ×4". Values stand apart by
// commas, semicolons or lines; B, K, M and G, with or without B or iB behind them, are
// powers of 1024; a range grows by its factor (4 if it names none, behind ×, x or
// *) and always has its end. A value that a range makes again is left out; what was
// typed twice is kept, for Validate to name. More than most values are refused. The
// error is a sentence's end: it names what cannot be read and how to write it.
func ParseNumbers(text string, most int) ([]int, error) {
	return parseList(text, most, parseSize)
}

// ParseCounts is ParseNumbers of things that have no unit, such as clients.
func ParseCounts(text string, most int) ([]int, error) {
	return parseList(text, most, parseCount)
}

func parseList(text string, most int, parse func(string) (int, error)) ([]int, error) {
	var ns []int
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		values, err := parsePart(part, most, parse)
		if err != nil {
			return nil, err
		}
		for _, v := range values {
			if len(values) > 1 && slices.Contains(ns, v) { // where two ranges meet
				continue
			}
			if len(ns) == most {
				return nil, tooMany(part, most)
			}
			ns = append(ns, v)
		}
	}
	if len(ns) == 0 {
		return nil, errors.New("there is no number; write at least one")
	}
	return ns, nil
}

// parsePart reads one number or one range.
func parsePart(part string, most int, parse func(string) (int, error)) ([]int, error) {
	first, rest, ranged := strings.Cut(strings.ReplaceAll(part, "…", ".."), "..")
	if !ranged {
		n, err := parse(part)
		return []int{n}, err
	}
	last, by := rest, growth
	if at := strings.IndexAny(rest, "×xX*"); at >= 0 {
		factor, err := parseCount(strings.TrimLeft(rest[at:], "×xX*"))
		if err != nil || factor < 2 {
			return nil, fmt.Errorf("the range %q must grow by a whole factor of 2 or more, as in 1..1024*4", clip(part))
		}
		last, by = rest[:at], factor
	}
	low, err := parse(first)
	if err != nil {
		return nil, err
	}
	high, err := parse(last)
	if err != nil {
		return nil, err
	}
	switch {
	case low < 1:
		return nil, fmt.Errorf("the range %q must start at 1 or more", clip(part))
	case high < low:
		return nil, fmt.Errorf("the range %q runs backwards; write the smaller number first", clip(part))
	}
	var ns []int
	for n := low; n < high; n *= by {
		if len(ns) >= most {
			return nil, tooMany(part, most)
		}
		ns = append(ns, n)
		if n > math.MaxInt32/by {
			break
		}
	}
	return append(ns, high), nil
}

func tooMany(part string, most int) error {
	return fmt.Errorf("%q makes more than %d numbers; take fewer, or a larger factor", clip(part), most)
}

// sizeUnits are the suffixes of sizes, the longer ones first.
var sizeUnits = [...]struct {
	suffix string
	shift  int
}{
	{"KIB", 10}, {"MIB", 20}, {"GIB", 30}, {"KB", 10}, {"MB", 20}, {"GB", 30}, {"K", 10}, {"M", 20}, {"G", 30}, {"B", 0},
}

func parseSize(s string) (int, error) {
	digits, shift := strings.ToUpper(strings.TrimSpace(s)), 0
	for _, u := range sizeUnits {
		if d, ok := strings.CutSuffix(digits, u.suffix); ok {
			digits, shift = d, u.shift
			break
		}
	}
	n, err := wholeNumber(digits)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no size; write 64, 1K, 64KiB or 1MiB", clip(s))
	case n > math.MaxInt32>>shift || n < math.MinInt32>>shift:
		return 0, fmt.Errorf("%q is too large", clip(s))
	}
	return int(n) << shift, nil
}

func parseCount(s string) (int, error) {
	n, err := wholeNumber(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no whole number", clip(s))
	case n > math.MaxInt32 || n < math.MinInt32:
		return 0, fmt.Errorf("%q is too large", clip(s))
	}
	return int(n), nil
}

// wholeNumber reads "10000", or "10 000" with any space between the digits.
func wholeNumber(s string) (int64, error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '’' {
			return -1
		}
		return r
	}, s)
	return strconv.ParseInt(s, 10, 64)
}

// clip keeps a sentence short whatever was typed.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
