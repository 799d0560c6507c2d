package compare

import (
	"slices"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		parts []string
		parse func(string, int) ([]int, error)
		want  []int
		says  string // of the error
	}{
		{[]string{"64", "1K", " 64KiB", "1..1M*16"}, runner.ParseNumbers, []int{64, 1024, 65536, 1, 16, 256, 4096, 1 << 20}, ""},
		{[]string{"1..4*2", "4..16*2"}, runner.ParseCounts, []int{1, 2, 4, 8, 16}, ""},
		{[]string{"1..2147483647*2", "1..1000*2", "2000..3000"}, runner.ParseCounts, append(append(powers(31), 2147483647), 1000, 2000, 3000), ""},
		{[]string{"8K"}, runner.ParseCounts, nil, `"8K"`},
		{[]string{"8X"}, runner.ParseNumbers, nil, "64KiB"},
		{[]string{"8G"}, runner.ParseNumbers, nil, "too large"},
		{nil, runner.ParseNumbers, nil, "at least one"},
	} {
		got, err := numbers("--sizes", tt.parts, tt.parse)
		if !slices.Equal(got, tt.want) || (err != nil) != (tt.says != "") {
			t.Errorf("%q: %v, %v; want %v", tt.parts, got, err, tt.want)
		}
		if err != nil && (!strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(err.Error(), "--sizes: ")) {
			t.Errorf("%q: %q does not say %q", tt.parts, err, tt.says)
		}
	}
}

func powers(n int) []int {
	var ps []int
	for i := range n {
		ps = append(ps, 1<<i)
	}
	return ps
}

func TestParseThreshold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]float64{"5%": 0.05, "0.05": 0.05, " 5 % ": 0.05, "150%": 1.5, "0": 0} {
		if got, err := parseThreshold(s); err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "5", "NaN", "-1%", "1e999", "five", "Inf%"} {
		if got, err := parseThreshold(s); err == nil || !strings.Contains(err.Error(), "--fail-above") {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}
