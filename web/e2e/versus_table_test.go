package e2e

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// samples are measured values of one thing.
type samples []float64

// at is a quantile: 0.5 for the median, 1 for the largest.
func (s samples) at(q float64) float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(len(sorted)-1, max(0, int(math.Ceil(q*float64(len(sorted))))-1))]
}

// spread is the median with the smallest and the largest.
func (s samples) spread(format func(float64) string) string {
	if s.at(0) == s.at(1) {
		return format(s.at(0.5))
	}
	return fmt.Sprintf("%s (%s to %s)", format(s.at(0.5)), format(s.at(0)), format(s.at(1)))
}

func milliseconds(v float64) string { return fmt.Sprintf("%.0f ms", v) }

func kilobytes(v float64) string { return fmt.Sprintf("%.1f kB", v/1000) }

// columns writes rows one below the other.
func columns(rows [][]string) string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintln(w, strings.Join(r, "\t"))
	}
	_ = w.Flush()
	return b.String()
}
