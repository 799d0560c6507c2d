package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
)

// pairs draws m tests of n rounds: standard noise around the effects.
func pairs(rng *rand.Rand, n int, effects ...float64) (ps []float64, ds [][]float64) {
	for _, e := range effects {
		d := make([]float64, n)
		b, o := make([]float64, n), make([]float64, n)
		for r := range d {
			d[r] = e + rng.NormFloat64()
			b[r], o[r] = 1, math.Exp(d[r])
		}
		ps, ds = append(ps, stats.Compare(b, o).P), append(ds, d)
	}
	return ps, ds
}

// Where Holm has room the result is Holm's; where it could never reject anything
// it is not.
func TestAdjustChoosesByDesign(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 1))
	for _, tt := range []struct {
		rounds, tests int
		holm          bool
	}{{6, 1, true}, {6, 2, false}, {10, 5, true}, {10, 6, false}, {20, 256, true}, {12, 50, false}} {
		ps, ds := pairs(rng, tt.rounds, slices.Repeat([]float64{9}, tt.tests)...)
		got, holm := stats.Adjust(ps, ds), stats.Holm(ps)
		if slices.Equal(got, holm) != tt.holm {
			t.Errorf("%d rounds, %d tests: %v, Holm %v", tt.rounds, tt.tests, got[:1], holm[:1])
		}
		if worst := slices.Max(got); worst >= 0.05 {
			t.Errorf("%d rounds, %d tests: nine standard deviations have p = %v", tt.rounds, tt.tests, worst)
		}
	}
}

// Two tests of three rounds, by hand: the patterns are + + +, + + −, + − + and
// + − −. The sums of the first test are 15, 5, 5, −5: only its own reaches 15. Those
// of the second are 1, 3, −1, 1: all of them reach 1.
func TestAdjustByHand(t *testing.T) {
	t.Parallel()
	got := stats.Adjust([]float64{1, .25}, [][]float64{{1, 1, -1}, {5, 5, 5}})
	if want := []float64{1, .25}; !slices.Equal(got, want) {
		t.Errorf("adjusted %v, want %v", got, want)
	}
	// Beside it the second of two equals stands or falls with the first.
	got = stats.Adjust([]float64{.25, .25}, [][]float64{{5, 5, 5}, {4, 4, 4}})
	if want := []float64{.25, .25}; !slices.Equal(got, want) {
		t.Errorf("adjusted %v, want %v", got, want)
	}
}

func TestAdjustIsAProbability(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(0, 8).Draw(t, "rounds"), rapid.IntRange(0, 5).Draw(t, "tests")
		ps, ds := make([]float64, m), make([][]float64, m)
		for i := range ds {
			ps[i] = rapid.Float64Range(0, 1).Draw(t, "p")
			for range n {
				ds[i] = append(ds[i], rapid.SampledFrom([]float64{0, 0, 1, -1, 1e300, -5e-324, 0.3}).Draw(t, "d"))
			}
		}
		got := stats.Adjust(ps, ds)
		if len(got) != m {
			t.Fatalf("%d values for %d tests", len(got), m)
		}
		for _, p := range got {
			if !(p >= 0 && p <= 1) {
				t.Fatalf("p = %v", p)
			}
		}
	})
}

// sweepPlan is a comparison of ten sockets with the base at five sizes: 50 cells
// that are compared.
func sweepPlan(rounds int) profiles.Comparison {
	var others []string
	for i := range 10 {
		others = append(others, fmt.Sprint("other", i))
	}
	c := plan(rounds, others...)
	one := slices.Clone(c.Cells)
	for _, size := range []int{64, 1024, 65536, 1 << 20} {
		for _, cell := range one {
			cell.Size = size
			c.Cells = append(c.Cells, cell)
		}
	}
	c.Total = rounds * len(c.Cells)
	return c
}

// Fifty cells: of pure noise at most 8 % of comparisons may call any of them,
// whatever the noise is like; a true ratio must be found all the same.
func TestManyCellsAreHonest(t *testing.T) {
	t.Parallel()
	comparisons := 200
	if testing.Short() {
		comparisons = 50
	}
	normal := func(rng *rand.Rand, _ int) float64 { return 0.05 * rng.NormFloat64() }
	skewed := func(rng *rand.Rand, _ int) float64 { return 0.05 * rng.ExpFloat64() }
	// The base and its A/A cell are quiet and the others are not: the A/A cell tells
	// too little.
	louder := func(rng *rand.Rand, column int) float64 {
		if column < 2 {
			return 0.05 * rng.NormFloat64()
		}
		return 0.25 * rng.NormFloat64()
	}
	for _, tt := range []struct {
		name   string
		rounds int
		noise  func(*rand.Rand, int) float64
		ratio  float64 // of every second socket
	}{
		{"noise", 6, normal, 1},
		{"noise", 10, normal, 1},
		{"noise", 20, normal, 1},
		{"skewed noise", 6, skewed, 1},
		{"skewed noise", 10, skewed, 1},
		{"others are louder", 6, louder, 1},
		{"others are louder", 10, louder, 1},
		{"others are louder", 20, louder, 1},
		{"1.5 times", 6, normal, 1.5},
		{"1.5 times", 10, normal, 1.5},
		{"1.3 times", 10, normal, 1.3},
		{"1.3 times", 20, normal, 1.3},
		{"twice, louder", 10, louder, 2},
	} {
		t.Run(fmt.Sprintf("%s, %d rounds", tt.name, tt.rounds), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(11, uint64(tt.rounds)))
			c := sweepPlan(tt.rounds)
			wrong, found, cells := 0, 0, 0
			for range comparisons {
				drift := map[int]float64{}
				s := stats.Summarize(c, measured(c, tt.rounds, func(cell, round int) float64 {
					if _, ok := drift[round]; !ok {
						drift[round] = 0.2 * rng.NormFloat64()
					}
					v := 80_000 * math.Exp(drift[round]+tt.noise(rng, cell%12))
					if cell%12 >= 2 && cell%2 == 0 {
						v *= tt.ratio
					}
					return v
				}))
				called := false
				for i, cell := range s.Cells {
					if cell.Base < 0 || cell.Cell.AA {
						continue
					}
					clear := cell.Clear[profiles.LatencyP50]
					if tt.ratio != 1 && i%2 == 0 {
						cells++
						if clear {
							found++
						}
					} else if clear {
						called = true
					}
				}
				if called {
					wrong++
				}
			}
			share := float64(wrong) / float64(comparisons)
			t.Logf("%d of %d true differences found; a false one in %.1f %% of %d comparisons", found, cells, 100*share, comparisons)
			if share > 0.08 {
				t.Errorf("a false difference in %.3f of comparisons", share)
			}
			if cells > 0 && float64(found)/float64(cells) < 0.8 {
				t.Errorf("%d of %d true differences found", found, cells)
			}
		})
	}
}

func BenchmarkAdjust(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 3))
	for _, rounds := range []int{6, 10, 14} {
		b.Run(fmt.Sprintf("rounds=%d", rounds), func(b *testing.B) {
			ps, ds := pairs(rng, rounds, make([]float64, 100)...)
			b.ReportAllocs()
			for b.Loop() {
				stats.Adjust(ps, ds)
			}
		})
	}
}
