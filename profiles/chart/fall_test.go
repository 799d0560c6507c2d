package chart_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/chart"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/waterfall"
)

func fallOf(base, other []int64) waterfall.Fall {
	p := waterfall.Pair{Base: waterfall.Cost{Factor: 1}, Other: waterfall.Cost{Factor: 1}}
	for i, v := range base {
		p.Base.Parts = append(p.Base.Parts, listing.Part{Line: int64(i + 1), Value: v})
	}
	for i, v := range other {
		p.Other.Parts = append(p.Other.Parts, listing.Part{Line: int64(i + 1), Value: v})
	}
	return waterfall.Of([]waterfall.Pair{p}, waterfall.Options{})
}

func TestFall(t *testing.T) {
	t.Parallel()
	d := chart.FallOf(fallOf([]int64{10_000, 20_000}, []int64{40_000, 10_000}), 1000, quantity.Nanoseconds)
	got := []string{}
	for _, tick := range d.Ticks {
		got = append(got, tick.Label)
	}
	if diff := cmp.Diff([]string{"0 ns", "20 µs", "40 µs", "60 µs"}, got); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	want := []chart.Stretch{{0.5, 1}, {1, 50.0 / 60}}
	if diff := cmp.Diff(want, d.Steps); diff != "" || d.Base != 0.5 || d.Zero != 0 || d.Cut {
		t.Errorf("base %v, zero %v, cut %v, steps (-want +got):\n%s", d.Base, d.Zero, d.Cut, diff)
	}
	if near := chart.FallOf(fallOf([]int64{100_000}, []int64{103_000}), 1000, quantity.Nanoseconds); !near.Cut || near.Steps[0].Width() < 0.4 {
		t.Errorf("a small difference: %+v", near)
	}
}

func TestFallStaysInside(t *testing.T) {
	t.Parallel()
	values := rapid.SliceOfN(rapid.Int64Range(-1e15, 1e15), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		f := fallOf(values.Draw(t, "base"), values.Draw(t, "other"))
		d := chart.FallOf(f, rapid.SampledFrom([]float64{1, 1000, 1e9, 0, math.NaN()}).Draw(t, "unit"), quantity.Nanoseconds)
		xs := []float64{d.Zero, d.Base, d.Other}
		for _, s := range d.Steps {
			xs = append(xs, s.From, s.To)
		}
		for _, tick := range d.Ticks {
			xs = append(xs, tick.At)
		}
		for _, x := range xs {
			if !(x >= 0 && x <= 1) {
				t.Fatalf("%v of %+v", x, d)
			}
		}
		if len(d.Ticks) > 9 {
			t.Fatalf("%d marks", len(d.Ticks))
		}
	})
}
