package web

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// How people write numbers in a form: "10 000", "4K", "64 KiB", "1..1MiB ×4",
// "90 s". Programs use the API, which takes plain numbers.

// maxValues is how many values one list may make: more cells than that cannot be
// run anyway.
const maxValues = 64

// growth is the factor of a range that names none.
const growth = 4

// unitOf are the suffixes of a size in bytes, K and KB being 1,024 as memory is
// counted.
var unitOf = [...]struct {
	suffix string
	worth  int
}{
	{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"KB", 1 << 10}, {"MB", 1 << 20}, {"K", 1 << 10}, {"M", 1 << 20}, {"B", 1},
}

// readList reads "1, 64; 4K, 1..1MiB ×4": values apart by commas or semicolons, and
// ranges, whose end is always in. A value that a range makes again is left out;
// what was typed twice is kept, for Validate to name. What cannot be read gives a
// sentence about what, such as "message size".
func readList(text, what string, sizes bool) (ns []int, wrong string) {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		first, rest, ranged := strings.Cut(strings.ReplaceAll(part, "…", ".."), "..")
		if !ranged {
			n, err := readSize(part, sizes)
			if err != nil {
				return nil, fmt.Sprintf("The %s %q is not a whole number; write digits, several apart by commas, or a range such as 1..1024 ×4.", what, clip(part))
			}
			ns = append(ns, n)
			continue
		}
		values, err := readRange(first, rest, sizes)
		if err != nil {
			return nil, fmt.Sprintf("The range %q cannot be read: %v.", clip(strings.TrimSpace(part)), err)
		}
		for _, v := range values {
			if !slices.Contains(ns, v) {
				ns = append(ns, v)
			}
		}
	}
	switch {
	case len(ns) == 0:
		return nil, fmt.Sprintf("The %s is missing; write at least one number.", what)
	case len(ns) > maxValues:
		return nil, fmt.Sprintf("These are %d values of the %s; use at most %d.", len(ns), what, maxValues)
	}
	return ns, ""
}

// readRange reads what stands before and behind the dots of "1..1MiB ×4".
func readRange(first, rest string, sizes bool) ([]int, error) {
	last, by := rest, growth
	if at := strings.IndexAny(rest, "×xX*"); at >= 0 {
		_, factor, _ := strings.Cut(strings.NewReplacer("x", "×", "X", "×", "*", "×").Replace(rest[at:]), "×")
		n, err := readNumber(factor)
		if err != nil || n < 2 {
			return nil, errors.New("it must grow by a whole factor of 2 or more, as in 1..1024 ×4")
		}
		last, by = rest[:at], n
	}
	a, errA := readSize(first, sizes)
	b, errB := readSize(last, sizes)
	switch {
	case errA != nil || errB != nil:
		return nil, errors.New("both ends must be whole numbers, as in 1..1024 ×4")
	case a < 1:
		return nil, errors.New("it must start at 1 or more")
	case b < a:
		return nil, errors.New("it runs backwards, so write the smaller number first")
	}
	var ns []int
	for n := a; n < b; n *= by {
		ns = append(ns, n)
		if n > math.MaxInt/by {
			break
		}
	}
	return append(ns, b), nil
}

// readSize reads a number; of sizes one with a unit too: "4K", "64 KiB", "5 B".
func readSize(s string, sizes bool) (int, error) {
	if !sizes {
		return readNumber(s)
	}
	s = strings.ToUpper(strings.TrimSpace(s))
	for _, u := range unitOf {
		digits, ok := strings.CutSuffix(s, u.suffix)
		if !ok {
			continue
		}
		n, err := readNumber(digits)
		if err == nil && n > math.MaxInt/u.worth {
			err = strconv.ErrRange
		}
		return n * u.worth, err
	}
	return readNumber(s)
}

// readNumber reads "10000", or "10 000" with any space between the digits.
func readNumber(s string) (int, error) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '’' {
			return -1
		}
		return r
	}, s)
	n, err := strconv.ParseInt(s, 10, 0)
	return int(n), err
}

// readSeconds reads a stretch of time in whole seconds: "90 s", "10 min", "1 h 30
// min". A number alone is minutes; nothing is 0.
func readSeconds(s string) (int, error) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	if s == "" {
		return 0, nil
	}
	if n, err := strconv.Atoi(s); err == nil {
		if n > math.MaxInt/60 || n < math.MinInt/60 {
			return 0, strconv.ErrRange
		}
		return n * 60, nil
	}
	s = strings.NewReplacer("minutes", "m", "minute", "m", "mins", "m", "min", "m", "hours", "h", "hour", "h", "seconds", "s", "second", "s", "sec", "s").Replace(s)
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, err
	}
	if d%time.Second != 0 {
		return 0, strconv.ErrRange
	}
	return int(d / time.Second), nil
}

// secondsText writes seconds as readSeconds reads them; "" for 0.
func secondsText(s int) string {
	switch {
	case s == 0:
		return ""
	case s%3600 == 0:
		return strconv.Itoa(s/3600) + " h"
	case s%60 == 0:
		return strconv.Itoa(s/60) + " min"
	}
	return strconv.Itoa(s) + " s"
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
