package runner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/runner"
)

func TestParseNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []int
	}{
		{"64", []int{64}},
		{"1, 64; 4K\n5", []int{1, 64, 4096, 5}},
		{"1K,1KB,2KiB,1 kib,5 B", []int{1024, 1024, 2048, 1024, 5}},
		{"1M,2MB,3MiB", []int{1 << 20, 2 << 20, 3 << 20}},
		{"1G,1GB,1GiB", []int{1 << 30, 1 << 30, 1 << 30}},
		{"10 000, 10_000, 10’000", []int{10000, 10000, 10000}},
		{"1..64", []int{1, 4, 16, 64}},
		{"1..100*10", []int{1, 10, 100}},
		{"1..100 ×7", []int{1, 7, 49, 100}},
		{"1..100 x7", []int{1, 7, 49, 100}},
		{"1…16", []int{1, 4, 16}},
		{"1..1MiB×1024", []int{1, 1024, 1 << 20}},
		{"16..16", []int{16}},
		{"1..16*4, 16..64*2", []int{1, 4, 16, 32, 64}}, // where ranges meet
		{"16, 16", []int{16, 16}},                      // for Validate to name
		{"1..2147483647*2000000000", []int{1, 2000000000, 2147483647}},
		{"-5", []int{-5}},
	} {
		got, err := runner.ParseNumbers(c.text, 64)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("ParseNumbers(%q): %v %s", c.text, err, diff)
		}
	}
}

func TestParseNumbersRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       "no number",
		" , ":                    "no number",
		"many":                   `"many" is no size`,
		"1T":                     `"1T" is no size`,
		"2G":                     "is too large",
		"1KK":                    "is no size",
		"1.5K":                   "is no size",
		"1..":                    "is no size",
		"..8":                    "is no size",
		"1..8*":                  "whole factor of 2 or more",
		"1..8*1":                 "whole factor of 2 or more",
		"1..8*-2":                "whole factor of 2 or more",
		"0..8*2":                 "start at 1 or more",
		"8..1*2":                 "runs backwards",
		"4096M":                  "is too large",
		"99999999999":            "is too large",
		"1..2147483647*2":        "more than 8 numbers",
		"1,2,3,4,5,6,7,8,9":      "more than 8 numbers",
		strings.Repeat("9", 500): "…",
	} {
		ns, err := runner.ParseNumbers(text, 8)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseNumbers(%q) = %v, %v; want an error with %q", text, ns, err, want)
		}
	}
}

// Exactly as many as are allowed is allowed, however they are written.
func TestParseNumbersAtTheBound(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1..8*2", "1,2,3,4", "1..4*2,8"} {
		if ns, err := runner.ParseNumbers(text, 4); err != nil || len(ns) != 4 {
			t.Errorf("ParseNumbers(%q, 4) = %v, %v", text, ns, err)
		}
		if _, err := runner.ParseNumbers(text, 3); err == nil {
			t.Errorf("ParseNumbers(%q, 3) takes 4 numbers", text)
		}
	}
}

func TestParseCounts(t *testing.T) {
	t.Parallel()
	got, err := runner.ParseCounts("1..64, 10 000", 64)
	if diff := cmp.Diff([]int{1, 4, 16, 64, 10000}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, text := range []string{"1K", "1..1K", "many"} {
		if ns, err := runner.ParseCounts(text, 64); err == nil {
			t.Errorf("ParseCounts(%q) = %v, want an error", text, ns)
		}
	}
}

func FuzzParseNumbers(f *testing.F) {
	f.Add("1..1MiB×4")
	f.Add("-9223372036854775808K")
	f.Add("1..2147483647*2,x..*")
	f.Fuzz(func(t *testing.T, s string) {
		if ns, err := runner.ParseNumbers(s, 16); err == nil && (len(ns) == 0 || len(ns) > 16) {
			t.Errorf("%q: %d numbers", s, len(ns))
		}
	})
}
