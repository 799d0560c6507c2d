package verdict_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

func along(rounds int, sizes []int, ratios ...float64) (profiles.Comparison, []float64) {
	one := plan(rounds, "unix", "tcp4").Cells
	c := plan(rounds, "unix", "tcp4")
	c.Cells = nil
	var latency []float64
	for i, size := range sizes {
		for _, cell := range one {
			cell.Size = size
			c.Cells = append(c.Cells, cell)
		}
		latency = append(latency, 84_000, 84_100, 84_000*ratios[i])
	}
	c.Total = rounds * len(c.Cells)
	return c, latency
}

func TestCrossover(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 64, 4096, 65536, 1 << 20}
	ranged := "tcp4 takes 1.02× to 1.8× as long as unix; no difference is shown in 1 of 5 configurations."
	for _, tt := range []struct {
		name   string
		ratios []float64
		want   []string
	}{
		{"alike from 64 KiB", []float64{1.8, 1.7, 1.5, 1.02, 1.01}, []string{
			"From 64 KiB messages on, tcp4 and unix are alike (within 10 %); below that tcp4 is slower.", ranged,
		}},
		{"change of places", []float64{1.8, 1.7, 1.5, 1.3, 0.5}, []string{
			"With 1 MiB messages, tcp4 is faster than unix; below that tcp4 is slower.",
			"tcp4 takes 0.5× to 1.8× as long as unix, over 5 configurations.",
		}},
		{"in two steps", []float64{1, 1, 1.3, 1.5, 1.7}, []string{
			"From 4 KiB messages on, tcp4 is slower than unix; below that they are alike.",
			"The ratio is 1.00, 95 % CI 1.00 – 1.00: 1 is within it.",
			"tcp4 takes 1.3× to 1.7× as long as unix; no difference is shown in 2 of 5 configurations.",
		}},
		{"through alike", []float64{1.8, 1.7, 1, 1, 0.6}, []string{
			"From 4 KiB messages on, tcp4 and unix are alike (within 10 %), with 1 MiB messages tcp4 is faster than unix; below that tcp4 is slower.",
			"tcp4 takes 0.60× to 1.8× as long as unix; no difference is shown in 2 of 5 configurations.",
		}},
		{"not told above", []float64{1.8, 1.7, 1.02, 1.01, math.NaN()}, []string{
			"From 4 KiB to 64 KiB messages, tcp4 and unix are alike (within 10 %); below that tcp4 is slower; above 64 KiB it is not told.",
			"tcp4 takes 1.02× to 1.8× as long as unix; no difference is shown in 1 of 4 configurations.",
		}},
		{"not told at the ends", []float64{math.NaN(), 1.7, 1.5, 1.02, math.NaN()}, []string{
			"With 64 KiB messages, tcp4 and unix are alike (within 10 %); below that tcp4 is slower; below 64 B it is not told; above 64 KiB it is not told.",
			"tcp4 takes 1.02× to 1.7× as long as unix, over 3 configurations.",
		}},
		{"one odd point", []float64{1.8, 1.7, 1, 1.5, 1.4}, []string{"tcp4 takes 1.4× to 1.8× as long as unix; no difference is shown in 1 of 5 configurations."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, latency := along(10, sizes, tt.ratios...)
			v := of(c, runs(c, 10, latency...), nil)
			if !strings.HasPrefix(v.Text, "With 1 B messages, ") {
				t.Errorf("text %q", v.Text)
			}
			got := v.Facts
			got = slices.DeleteFunc(got, func(s string) bool { return strings.Contains(s, "CPU") })
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "0.50×", "0.5×")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTurnLabel(t *testing.T) {
	t.Parallel()
	w := stats.Sweep{Axis: stats.BySize, Values: []int{1, 64, 4096, 65536, 1 << 20}}
	first, second := stats.Turn{From: 64, Point: 1, Relation: stats.Alike}, stats.Turn{From: 65536, Point: 3, Last: 2, Relation: stats.Less}
	for _, tt := range []struct {
		last  int
		turn  stats.Turn
		turns []stats.Turn
		want  string
	}{
		{4, first, []stats.Turn{first}, "tcp4 alike from 64 B on"},
		{3, first, []stats.Turn{first}, "tcp4 alike from 64 B to 64 KiB"},
		{1, first, []stats.Turn{first}, "tcp4 alike at 64 B"},
		{4, first, []stats.Turn{first, second}, "tcp4 alike from 64 B to 4 KiB"},
		{4, second, []stats.Turn{first, second}, "tcp4 faster from 64 KiB on"},
		{3, second, []stats.Turn{first, second}, "tcp4 faster at 64 KiB"},
	} {
		c := stats.Crossover{Sweep: w, Line: stats.Line{Socket: "tcp4"}, Before: stats.More, Turns: tt.turns, LastKnown: tt.last}
		if got := verdict.TurnLabel(c, tt.turn); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestRangeOfClear(t *testing.T) {
	t.Parallel()
	c, latency := along(10, []int{1, 64, 4096, 65536}, 1.8, 1, 0.999, 1.5)
	want := "tcp4 takes 1.5× to 1.8× as long as unix; no difference is shown in 2 of 4 configurations."
	if facts := of(c, runs(c, 10, latency...), nil).Facts; !slices.Contains(facts, want) {
		t.Errorf("no %q in %q", want, facts)
	}
	c, latency = along(10, []int{1, 64, 4096, 65536}, 1.8, 1, 0.999, 1)
	want = "tcp4 takes 1.8× as long as unix; no difference is shown in 3 of 4 configurations."
	if facts := of(c, runs(c, 10, latency...), nil).Facts; !slices.Contains(facts, want) {
		t.Errorf("no %q in %q", want, facts)
	}
}

func TestCrossoversTogether(t *testing.T) {
	t.Parallel()
	var c profiles.Comparison
	var latency []float64
	for i, size := range []int{1, 64, 4096, 65536} {
		one := plan(10, "unix", "tcp4", "tcp6", "unix-abstract")
		for k, cell := range one.Cells {
			cell.Size = size
			c.Cells = append(c.Cells, cell)
			ratio := []float64{1, 1.001, 2, 2, 1}[k]
			if i == 3 {
				ratio = []float64{1, 1.001, 1.01, 1.01, 1}[k]
			}
			latency = append(latency, 84_000*ratio)
		}
		c.Base, c.State = one.Base, one.State
	}
	c.Total = 10 * len(c.Cells)
	facts := of(c, runs(c, 10, latency...), nil).Facts
	for _, want := range []string{
		"With 64 KiB messages, tcp4 and tcp6 are like unix (within 10 %); below that they are slower.",
		"unix-abstract shows no difference from unix in any of 4 configurations.",
		"tcp6 takes 2.0× as long as unix; no difference is shown in 1 of 4 configurations.",
	} {
		if !slices.Contains(facts, want) {
			t.Errorf("no %q in %q", want, facts)
		}
	}
}
