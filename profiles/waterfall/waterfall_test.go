package waterfall_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/waterfall"
)

const sample = 10_000_000 // ns

func part(label string, line, count int64) listing.Part {
	return listing.Part{Label: label, Line: line, Value: count * sample, Count: count}
}

// article is the difference of the article's two clients, per request.
func article() waterfall.Pair {
	const ops = 100_000.0
	return waterfall.Pair{
		Base: waterfall.Cost{Factor: 1 / ops, Parts: []listing.Part{
			part("net.Dial", 14, 118), part("Write", 18, 20), part("ReadFull", 22, 73), part("Close", 31, 68), part("net/http", 0, 3), part("runtime", 0, 56),
		}},
		Other: waterfall.Cost{Factor: 1 / ops, Parts: []listing.Part{
			part("Dial", 14, 446), part("Write", 18, 107), part("ReadFull", 22, 57), part("Close", 31, 147), part("Lap", 35, 2), part("runtime", 0, 60),
		}},
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	f := waterfall.Of([]waterfall.Pair{article()}, waterfall.Options{})
	type step struct {
		Label  string
		Line   int64
		Change float64
		Noise  bool
	}
	got := []step{}
	for _, s := range f.Steps {
		got = append(got, step{s.Label, s.Line, math.Round(s.Change()), s.Noise})
	}
	want := []step{
		{"Dial", 14, 32_800, false}, // named by the side that costs more
		{"Write", 18, 8_700, false},
		{"ReadFull", 22, -1_600, true},
		{"Close", 31, 7_900, false},
		{"Lap", 35, 200, true},
		{"net/http", 0, -300, true},
		{"runtime", 0, 400, true},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("steps (-want +got):\n%s", d)
	}
	if f.Base != 33_800 || math.Round(f.Other) != 81_900 || f.Noise || !(f.Error > 3000 && f.Error < 9000) {
		t.Errorf("from %v to %v, ±%v, noise %v", f.Base, f.Other, f.Error, f.Noise)
	}
	if e := f.Steps[0].Error; !(e > 4000 && e < 5000) { // √(118+446) samples of 100 ns, times 1.96
		t.Errorf("the error of dial is %v", e)
	}
	folded := waterfall.Of([]waterfall.Pair{article()}, waterfall.Options{Most: 3, Largest: true}).Steps
	if len(folded) != 3 || folded[0].Label != "Dial" || folded[1].Label != "Write" || folded[2].Smaller != 5 {
		t.Errorf("folded: %+v", folded)
	}
}

// Lines of one number in two versions of a file are two steps.
func TestVersionsOfALoop(t *testing.T) {
	t.Parallel()
	newer := part("Lap", 14, 50)
	newer.Side = 1
	p := waterfall.Pair{
		Base:  waterfall.Cost{Factor: 1, Parts: []listing.Part{part("net.Dial", 14, 100)}},
		Other: waterfall.Cost{Factor: 1, Parts: []listing.Part{newer, part("net.Dial", 14, 100)}},
	}
	f := waterfall.Of([]waterfall.Pair{p}, waterfall.Options{})
	if len(f.Steps) != 2 || f.Steps[0].Label != "net.Dial" || f.Steps[0].Change() != 0 || f.Steps[1].Label != "Lap" || f.Steps[1].Change() != 50*sample {
		t.Errorf("%+v", f.Steps)
	}
}

// What sampling cannot tell from nothing, and costs next to nothing, is one step.
func TestSmallNoiseIsOneStep(t *testing.T) {
	t.Parallel()
	f := waterfall.Of([]waterfall.Pair{article()}, waterfall.Options{Least: 0.02})
	last := f.Steps[len(f.Steps)-1]
	if len(f.Steps) != 6 || last.Smaller != 2 || last.Base.Count != 3 || last.Other.Count != 2 {
		t.Errorf("%+v", f.Steps)
	}
}

// Both sides of a request add up in one waterfall.
func TestBothSides(t *testing.T) {
	t.Parallel()
	server := waterfall.Pair{
		Base:  waterfall.Cost{Factor: 1.0 / 50_000, Parts: []listing.Part{part("Accept", 9, 71), part("runtime", 0, 30)}},
		Other: waterfall.Cost{Factor: 1.0 / 40_000, Parts: []listing.Part{part("Accept", 9, 99), part("runtime", 0, 24)}},
	}
	one, two := waterfall.Of([]waterfall.Pair{article()}, waterfall.Options{}), waterfall.Of([]waterfall.Pair{server}, waterfall.Options{})
	both := waterfall.Of([]waterfall.Pair{article(), server}, waterfall.Options{})
	if got, want := both.Change(), one.Change()+two.Change(); math.Abs(got-want) > 1 {
		t.Errorf("the difference of both is %v, of each alone %v", got, want)
	}
	if got, want := both.Error, math.Hypot(one.Error, two.Error); math.Abs(got-want) > 1 {
		t.Errorf("the error of both is %v, want %v", got, want)
	}
	if n := len(both.Steps); n != len(one.Steps)+len(two.Steps) || both.Steps[0].Pair != 0 || both.Steps[n-1].Pair != 1 {
		t.Errorf("steps: %+v", both.Steps)
	}
}

func TestUnknownSamples(t *testing.T) {
	t.Parallel()
	heap := waterfall.Pair{
		Base:  waterfall.Cost{Factor: 1, Parts: []listing.Part{{Label: "main.f", Value: 4096}}},
		Other: waterfall.Cost{Factor: 1, Parts: []listing.Part{{Label: "main.f", Value: 8192}, {Label: "main.g", Value: 1}}},
	}
	f := waterfall.Of([]waterfall.Pair{heap}, waterfall.Options{})
	for _, s := range f.Steps {
		if s.Noise || s.Error != 0 {
			t.Errorf("%s: nothing is known of its samples, but noise is %v and the error %v", s.Label, s.Noise, s.Error)
		}
	}
	if f.Noise || f.Error != 0 || f.Change() != 4097 {
		t.Errorf("%+v", f)
	}
	for name, pairs := range map[string][]waterfall.Pair{"no pairs": nil, "no parts": {{}}} {
		if f := waterfall.Of(pairs, waterfall.Options{Most: 1}); f.Steps == nil || len(f.Steps) != 0 || f.Change() != 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A side of which nothing is left is judged by its own operations: of ten that cost
// as much as a hundred thousand with 60 samples none was to be expected.
func TestEmptySide(t *testing.T) {
	t.Parallel()
	p := waterfall.Pair{
		Base:  waterfall.Cost{Factor: 1.0 / 10},
		Other: waterfall.Cost{Factor: 1.0 / 100_000, Parts: []listing.Part{part("net.Dial", 14, 60)}},
	}
	f := waterfall.Of([]waterfall.Pair{p}, waterfall.Options{})
	if !f.Noise || !f.Steps[0].Noise {
		t.Errorf("no sample in 10 operations is told from 60 in 100,000: %+v", f.Steps)
	}
	p.Base.Factor = p.Other.Factor
	if f := waterfall.Of([]waterfall.Pair{p, {Base: waterfall.Cost{Factor: 1}, Other: waterfall.Cost{Factor: 1}}}, waterfall.Options{}); f.Noise || f.Error == 0 {
		t.Errorf("a pair without samples takes the error of the other away: %+v", f)
	}
}

// Whatever the parts: no step is lost, in whole numbers the steps are the
// difference of the roots exactly, and in figures to 1 ns.
func TestStepsAddUp(t *testing.T) {
	t.Parallel()
	labels := rapid.SampledFrom([]string{"a", "b", "c", "d", "runtime", ""})
	parts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) listing.Part {
		return listing.Part{
			Label: labels.Draw(t, "label"), Line: rapid.Int64Range(0, 6).Draw(t, "line"),
			Value: rapid.Int64Range(-1e12, 1e15).Draw(t, "value"), Count: rapid.Int64Range(0, 1e6).Draw(t, "count"),
		}
	}), 0, 40)
	cost := rapid.Custom(func(t *rapid.T) waterfall.Cost {
		return waterfall.Cost{Parts: parts.Draw(t, "parts"), Factor: 1 / float64(rapid.Int64Range(1, 1e7).Draw(t, "ops"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		pairs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) waterfall.Pair {
			return waterfall.Pair{Base: cost.Draw(t, "base"), Other: cost.Draw(t, "other")}
		}), 1, 2).Draw(t, "pairs")
		f := waterfall.Of(pairs, waterfall.Options{Most: rapid.IntRange(0, 12).Draw(t, "most"), Least: rapid.Float64Range(0, 1).Draw(t, "least"), Largest: rapid.Bool().Draw(t, "largest")})
		want, got := new(big.Rat), new(big.Rat)
		for _, p := range pairs {
			want.Add(want, exact(p.Other)).Sub(want, exact(p.Base))
		}
		sum, at := 0.0, f.Base
		for _, s := range f.Steps {
			p := pairs[s.Pair]
			got.Add(got, ratio(s.Other.Value, p.Other.Factor)).Sub(got, ratio(s.Base.Value, p.Base.Factor))
			if s.From != at {
				t.Fatalf("%q starts at %v, the one before ended at %v", s.Label, s.From, at)
			}
			sum, at = sum+s.Change(), s.To
			if !(s.Error >= 0) || math.IsInf(s.Error, 0) {
				t.Fatalf("%q: error %v", s.Label, s.Error)
			}
		}
		if got.Cmp(want) != 0 {
			t.Fatalf("the steps add up to %s, the difference is %s", got, want)
		}
		if slack := 1 + 1e-13*(math.Abs(f.Base)+math.Abs(f.Other)); math.Abs(sum-f.Change()) > slack || math.Abs(at-f.Other) > slack {
			t.Fatalf("the steps add up to %v and end at %v; the difference is %v and ends at %v", sum, at, f.Change(), f.Other)
		}
	})
}

// exact is the whole of a cost as a fraction.
func exact(c waterfall.Cost) *big.Rat {
	sum := new(big.Rat)
	for _, p := range c.Parts {
		sum.Add(sum, ratio(p.Value, c.Factor))
	}
	return sum
}

func ratio(value int64, factor float64) *big.Rat {
	return new(big.Rat).Mul(new(big.Rat).SetInt64(value), new(big.Rat).SetFloat64(factor))
}

// What is shown adds up, and is never a whole unit from what it stands for.
func TestRoundedAddsUp(t *testing.T) {
	t.Parallel()
	counts := rapid.SliceOfN(rapid.Int64Range(0, 2000), 1, 12)
	rapid.Check(t, func(t *rapid.T) {
		p := waterfall.Pair{Base: waterfall.Cost{Factor: 1.0 / 33_333}, Other: waterfall.Cost{Factor: 1.0 / 77_777}}
		for i, n := range counts.Draw(t, "base") {
			p.Base.Parts = append(p.Base.Parts, part("", int64(i+1), n))
		}
		for i, n := range counts.Draw(t, "other") {
			p.Other.Parts = append(p.Other.Parts, part("", int64(i+1), n))
		}
		f := waterfall.Of([]waterfall.Pair{p}, waterfall.Options{})
		unit := rapid.SampledFrom([]float64{1, 10, 100, 5000}).Draw(t, "unit")
		r := f.Round(unit)
		at := r.Base
		for i, c := range r.Changes {
			at += c
			if off := math.Abs(c - f.Steps[i].Change()/unit); off > 1+1e-6 {
				t.Fatalf("step %d of %v is shown as %v of %v", i, f.Steps[i].Change(), c, unit)
			}
		}
		if at != r.Other {
			t.Fatalf("%v and %v do not add up to %v", r.Base, r.Changes, r.Other)
		}
	})
}
