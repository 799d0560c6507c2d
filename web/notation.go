package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/sockscope/sockscope/runner"
)

// How people write numbers in a form: "10 000", "1..1MiB ×4", "90 s". Programs use
// the API, which takes plain numbers.

// maxValues is how many values one list may make: more cells than that cannot be
// run anyway.
const maxValues = 64

// readList reads several numbers, see [runner.ParseNumbers]. What cannot be read
// gives a sentence about what, such as "message size".
func readList(text, what string, sizes bool) (ns []int, wrong string) {
	if strings.Trim(text, ",; \t\r\n") == "" {
		return nil, fmt.Sprintf("The %s is missing; write at least one number.", what)
	}
	parse := runner.ParseCounts
	if sizes {
		parse = runner.ParseNumbers
	}
	ns, err := parse(text, maxValues)
	if err != nil {
		return nil, fmt.Sprintf("The %s cannot be read: %v.", what, err)
	}
	return ns, ""
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
