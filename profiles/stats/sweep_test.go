package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
)

// alongSizes is a comparison of unix, its A/A cell and tcp4 at each of the sizes.
func alongSizes(rounds int, sizes ...int) profiles.Comparison {
	one := plan(rounds, "tcp4").Cells
	c := plan(rounds)
	c.Cells = nil
	for _, size := range sizes {
		for _, cell := range one {
			cell.Size = size
			c.Cells = append(c.Cells, cell)
		}
	}
	c.Total = rounds * len(c.Cells)
	return c
}

// sweep measures latency with a little noise: tcp4 costs ratio times unix.
func sweep(seed uint64, sd float64, rounds int, sizes []int, ratio func(size int) float64) stats.Summary {
	rng := rand.New(rand.NewPCG(seed, 5))
	c := alongSizes(rounds, sizes...)
	return stats.Summarize(c, measured(c, rounds, func(cell, _ int) float64 {
		v := 80_000 * math.Exp(sd*rng.NormFloat64())
		if cell%3 == 2 {
			v *= ratio(c.Cells[cell].Size)
		}
		return v
	}))
}

var p50 = profiles.Metric{Name: profiles.LatencyP50, Unit: profiles.Nanoseconds}

func TestCrossovers(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 64, 4096, 65536, 1 << 20}
	turn := func(from, point, last int, r stats.Relation) stats.Turn {
		return stats.Turn{From: from, Point: point, Last: last, Relation: r}
	}
	for _, tt := range []struct {
		name   string
		rounds int
		ratio  []float64
		before stats.Relation
		want   []stats.Turn
		known  [2]int // first and last point
	}{
		{"alike from 64 KiB on", 10, []float64{1.8, 1.7, 1.5, 1.02, 1.01}, stats.More, []stats.Turn{turn(65536, 3, 2, stats.Alike)}, [2]int{0, 4}},
		{"change of places", 10, []float64{1.8, 1.7, 1.5, 0.7, 0.6}, stats.More, []stats.Turn{turn(65536, 3, 2, stats.Less)}, [2]int{0, 4}},
		{"alike, then the other", 10, []float64{1.8, 1.7, 1, 1, 0.6}, stats.More, []stats.Turn{turn(4096, 2, 1, stats.Alike), turn(1<<20, 4, 3, stats.Less)}, [2]int{0, 4}},
		{"apart from 64 KiB on", 10, []float64{1, 1.01, 1, 1.4, 1.7}, stats.Alike, []stats.Turn{turn(65536, 3, 2, stats.More)}, [2]int{0, 4}},
		{"not told between", 10, []float64{1.8, 1.7, math.NaN(), 1.01, 1}, stats.More, []stats.Turn{turn(65536, 3, 1, stats.Alike)}, [2]int{0, 4}},
		{"not told at the ends", 10, []float64{math.NaN(), 1.7, 1.5, 1.02, math.NaN()}, stats.More, []stats.Turn{turn(65536, 3, 2, stats.Alike)}, [2]int{1, 3}},
		{"always more", 10, []float64{1.8, 1.7, 1.5, 1.4, 1.3}, 0, nil, [2]int{}},
		{"one odd point", 10, []float64{1.8, 1.7, 1, 1.6, 1.5}, 0, nil, [2]int{}},
		{"back and forth", 10, []float64{1.8, 1, 1.5, 1, 1.5}, 0, nil, [2]int{}},
		{"no interval yet", 5, []float64{1.8, 1.7, 1.5, 1.02, 1.01}, 0, nil, [2]int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := sweep(3, 0.005, tt.rounds, sizes, func(size int) float64 { return tt.ratio[slices.Index(sizes, size)] })
			got := stats.Crossovers(s, p50)
			if tt.want == nil {
				if len(got) != 0 {
					t.Errorf("crossovers %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].Line.Socket != "tcp4" || got[0].Before != tt.before || got[0].Sweep.Axis != stats.BySize {
				t.Fatalf("crossovers %+v", got)
			}
			if diff := cmp.Diff(tt.want, got[0].Turns); diff != "" {
				t.Errorf("turns (-want +got):\n%s", diff)
			}
			if known := [2]int{got[0].FirstKnown, got[0].LastKnown}; known != tt.known {
				t.Errorf("known from %v, want %v", known, tt.known)
			}
			if until := got[0].Until(got[0].Turns[0]); len(got[0].Turns) == 1 && until != tt.known[1] || len(got[0].Turns) == 2 && until != got[0].Turns[1].Last {
				t.Errorf("the first turn holds until %d", until)
			}
		})
	}
}

// What is said of any data goes one way, at points of the axis, in their order;
// and of pure noise nothing is said but that it is alike.
func TestCrossoversHold(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 16, 256, 4096, 65536, 1 << 20}
	rapid.Check(t, func(t *rapid.T) {
		ratios := rapid.SliceOfN(rapid.SampledFrom([]float64{0.5, 0.9, 1, 1.05, 1.2, 2}), 6, 6).Draw(t, "ratios")
		s := sweep(rapid.Uint64().Draw(t, "seed"), 0.01, 10, sizes, func(size int) float64 { return ratios[slices.Index(sizes, size)] })
		for _, c := range stats.Crossovers(s, p50) {
			at, last := c.Before, -1
			for _, turn := range c.Turns {
				if turn.Relation == at || turn.Relation == stats.Unknown || turn.Last <= last-1 || turn.Point <= turn.Last ||
					c.Sweep.Values[turn.Point] != turn.From || turn.Last < c.FirstKnown || c.Until(turn) < turn.Point || c.Until(turn) > c.LastKnown {
					t.Fatalf("%v: %+v", ratios, c)
				}
				at, last = turn.Relation, turn.Point
			}
		}
	})
}

// How often the right crossover is found and a wrong one is told, with 5 % noise.
func TestCrossoverPower(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 16, 256, 4096, 65536, 1 << 20}
	const sweeps = 200
	right, wrong, invented := 0, 0, 0
	for seed := range uint64(sweeps) {
		s := sweep(seed, 0.03, 20, sizes, func(size int) float64 {
			if size >= 65536 {
				return 1
			}
			return 1.6
		})
		for _, c := range stats.Crossovers(s, p50) {
			if len(c.Turns) == 1 && c.Turns[0].Relation == stats.Alike && c.Turns[0].From >= 65536 {
				right++
			} else {
				wrong++
			}
		}
		s = sweep(seed, 0.03, 20, sizes, func(int) float64 { return 1 })
		invented += len(stats.Crossovers(s, p50))
	}
	t.Logf("of %d sweeps %d right, %d wrong; %d invented where all points are alike", sweeps, right, wrong, invented)
	if right < sweeps*9/10 || wrong > sweeps/50 || invented > sweeps*8/100 {
		t.Error("too few right, or too many wrong")
	}
}

func TestSweeps(t *testing.T) {
	t.Parallel()
	c := alongSizes(10, 4096, 64)
	both := slices.Clone(c.Cells)
	for _, cell := range both {
		cell.Concurrency = 8
		c.Cells = append(c.Cells, cell)
	}
	c.Cells[2].NA = "No."
	var got []string
	for _, w := range stats.Sweeps(c.Cells) {
		line := fmt.Sprintf("%s %v like %d B × %d:", w.Axis, w.Values, w.Like.Size, w.Like.Concurrency)
		for _, l := range w.Lines {
			line += fmt.Sprintf(" %s%v", l.Name(), l.Cells)
		}
		got = append(got, line)
	}
	want := []string{
		"size [64 4096] like 0 B × 1: unix[3 0] unix A/A[4 1] tcp4[5 2]",
		"size [64 4096] like 0 B × 8: unix[9 6] unix A/A[10 7] tcp4[11 8]",
		"concurrency [1 8] like 4096 B × 0: unix[0 6] unix A/A[1 7] tcp4[2 8]",
		"concurrency [1 8] like 64 B × 0: unix[3 9] unix A/A[4 10] tcp4[5 11]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sweeps (-want +got):\n%s", diff)
	}
	if got := stats.Sweeps(plan(10, "tcp4").Cells); len(got) != 0 {
		t.Errorf("one point is a sweep: %+v", got)
	}
}

// Cells that are not measured count nowhere; variants and hosts are compared with
// the base of their own group.
func TestSummarizeNotMeasured(t *testing.T) {
	t.Parallel()
	c := plan(10, "tcp4", "tcp4", "socketpair")
	c.Cells[3].Variant = "nagle"
	c.Cells[4].NA = "A socketpair has no address to dial."
	for _, cell := range slices.Clone(c.Cells) {
		cell.Host = "arm-box"
		c.Cells = append(c.Cells, cell)
	}
	c.Total = 10 * profiles.Measured(c.Cells)
	runs := measured(c, 10, func(cell, _ int) float64 { return []float64{10, 10, 20, 40, 5, 30, 30, 30, 90, 5}[cell] })
	for i := range runs {
		if runs[i].Cell == 2 && runs[i].Round <= 3 {
			runs[i].Noisy = "Other processes used 40 % of the CPU time."
			runs[i].Warnings = []string{runs[i].Noisy}[:runs[i].Round%2]
		}
	}
	s := stats.Summarize(c, runs)
	if s.Rounds != 10 || s.Planned != 10 || s.Grade != stats.Usual || s.Indicative {
		t.Errorf("rounds %d of %d, %s", s.Rounds, s.Planned, s.Grade)
	}
	if na := s.Cells[4]; na.Rounds != 0 || len(na.Metrics) != 0 || len(na.Ratio) != 0 {
		t.Errorf("a cell that is not measured has %+v", na)
	}
	for i, want := range map[int]float64{3: 4, 8: 3, 7: 1} {
		if got := s.Cells[i].Ratio[profiles.LatencyP50].Estimate; math.Abs(got-want) > 1e-9 {
			t.Errorf("%s on %q: ratio %v, want %v", s.Cells[i].Cell.Name(), s.Cells[i].Cell.Host, got, want)
		}
	}
	if s.Cells[8].Base != 5 || s.Cells[8].Noise != 6 || s.Cells[3].Noise != 1 {
		t.Errorf("bases %d and noise %d, %d", s.Cells[8].Base, s.Cells[8].Noise, s.Cells[3].Noise)
	}
	if got := s.Cells[2]; got.Noisy != 3 || len(got.Warnings) != 1 || got.Warnings[0].Rounds != 3 {
		t.Errorf("%d noisy, warnings %+v", got.Noisy, got.Warnings)
	}
}

func TestGradeOf(t *testing.T) {
	t.Parallel()
	for rounds, want := range map[int]stats.Grade{
		0: stats.Indicative, 5: stats.Indicative, 6: stats.Quick, 9: stats.Quick,
		10: stats.Usual, 19: stats.Usual, 20: stats.Publishable, 100: stats.Publishable,
	} {
		if got := stats.GradeOf(rounds); got != want || got.Words() == "" {
			t.Errorf("%d rounds are %q, want %q", rounds, got, want)
		}
	}
}
