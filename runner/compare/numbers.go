package compare

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// mostNumbers is how many numbers one flag may stand for; more are no plan that
// anybody wants.
const mostNumbers = 256

// numbers reads a flag with parse, one of package runner.
func numbers(flag string, parts []string, parse func(string, int) ([]int, error)) ([]int, error) {
	ns, err := parse(strings.Join(parts, ","), mostNumbers)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return ns, nil
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
