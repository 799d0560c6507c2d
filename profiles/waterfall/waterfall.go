// Package waterfall explains the difference of two profiles step by step, until it
// adds up: dial +32.8, write +8.7, read −1.7, close +7.8, runtime +0.4 = +48.0 µs.
//
//  1. Package listing splits each profile into parts that sum to it exactly: the
//     lines of a loop, the functions by self, what one function calls.
//  2. [Of] matches the parts of both and makes a step of each. Values stay whole
//     numbers; only [Step.Change] divides, so the steps add up to the difference
//     of the roots within the rounding of a float64.
//  3. What a step's samples do not carry is marked as noise.
package waterfall

import (
	"cmp"
	"math"
	"slices"

	"github.com/sockscope/sockscope/profiles/listing"
)

// Cost is one profile in parts.
type Cost struct {
	Parts []listing.Part
	// Factor is what one unit of value is worth in the figures of the waterfall: one
	// over the operations, for figures per operation.
	Factor float64
}

// Pair is what is compared: of one side, or of several that are added up.
type Pair struct{ Base, Other Cost }

// Amount is a value of one profile, in the sample type's own unit.
type Amount struct {
	Value int64
	Count int64 // samples behind it; 0 for unknown
}

func (a *Amount) add(p listing.Part) {
	a.Value += p.Value
	a.Count += p.Count
}

// Step is one part of a difference.
type Step struct {
	Pair  int // which of the pairs it is of
	Label string
	Line  int64 // 0 for what is no line
	Side  int   // in whose version of the file Line counts, as of a [listing.Part]
	// Smaller is how many parts were too small for a step of their own and are
	// together here; 0 for a step of one part.
	Smaller     int
	Base, Other Amount
	// From and To are the figures before and after this step: the base's total plus
	// all steps so far.
	From, To float64
	// Error is half of the change's 95 % interval by sampling; 0 for unknown.
	Error float64
	// Noise says that sampling alone may make such a change.
	Noise bool

	factors [2]float64
}

// BaseFigure is what the part costs in the base.
func (s Step) BaseFigure() float64 { return float64(s.Base.Value) * s.factors[0] }

// OtherFigure is what it costs in the other.
func (s Step) OtherFigure() float64 { return float64(s.Other.Value) * s.factors[1] }

// Change is other minus base.
func (s Step) Change() float64 { return s.OtherFigure() - s.BaseFigure() }

// Fall is a whole waterfall: Base plus the changes of all steps is Other.
type Fall struct {
	Steps       []Step // never nil
	Base, Other float64
	Error       float64 // of the difference; 0 for unknown
	Noise       bool
}

// Change is the difference that the steps add up to.
func (f Fall) Change() float64 { return f.Other - f.Base }

// Options say how the steps are made.
type Options struct {
	// Most is how many steps each pair has at most; the smallest changes are then
	// one step together. 0 for no limit.
	Most int
	// Least is the share of the whole below which steps that are noise are one step
	// together too, where there are several. 0 for none.
	Least float64
	// Largest sorts by falling change. Otherwise lines stand in the order of the
	// file, then what is no line, the dearest first and [listing.Outside] last.
	Largest bool
}

// Of makes the waterfall of all pairs, one pair's steps after the other's.
func Of(pairs []Pair, o Options) Fall {
	f := Fall{Steps: []Step{}}
	var totals []Step
	for i, p := range pairs {
		steps := matched(p)
		w := worthOf(p, steps)
		total := w.judge(sum(steps, p))
		totals = append(totals, total)
		f.Base, f.Other = f.Base+total.BaseFigure(), f.Other+total.OtherFigure()
		for k := range steps {
			steps[k] = w.judge(steps[k])
		}
		least := o.Least * size(total)
		for _, s := range ordered(fold(steps, o.Most, least, p), o.Largest) {
			s.Pair = i
			f.Steps = append(f.Steps, w.judge(s))
		}
	}
	at := f.Base
	for i := range f.Steps {
		s := &f.Steps[i]
		s.From, s.To = at, at+s.Change()
		at = s.To
	}
	f.Error, f.Noise = together(totals)
	return f
}

// key is what parts of two profiles are matched by: a line by its number in a version
// of the file, what is no line by its label.
type key struct {
	label string
	line  int64
	side  int
}

// matched makes a step of each part that either has.
func matched(p Pair) []Step {
	at := map[key]int{}
	var steps []Step
	for side, c := range [2]Cost{p.Base, p.Other} {
		for _, part := range c.Parts {
			k := key{line: part.Line, side: part.Side}
			if part.Line == 0 {
				k.label = part.Label
			}
			i, ok := at[k]
			if !ok {
				i = len(steps)
				at[k] = i
				steps = append(steps, Step{Label: part.Label, Line: part.Line, Side: part.Side, factors: [2]float64{p.Base.Factor, p.Other.Factor}})
			}
			s := &steps[i]
			if side == 0 {
				s.Base.add(part)
				continue
			}
			if s.Other.add(part); math.Abs(s.OtherFigure()) > math.Abs(s.BaseFigure()) {
				s.Label = part.Label // the call that costs more names a line of several
			}
		}
	}
	return steps
}

// sum is all steps in one.
func sum(steps []Step, p Pair) Step {
	t := Step{factors: [2]float64{p.Base.Factor, p.Other.Factor}}
	for _, s := range steps {
		t.Base.Value, t.Base.Count = t.Base.Value+s.Base.Value, t.Base.Count+s.Base.Count
		t.Other.Value, t.Other.Count = t.Other.Value+s.Other.Value, t.Other.Count+s.Other.Count
	}
	return t
}

// fold makes one step of the smallest changes beyond most steps, and of those
// within noise whose part costs less than least.
func fold(steps []Step, most int, least float64, p Pair) []Step {
	var kept, rest []Step
	for _, s := range steps {
		if s.Noise && size(s) < least {
			rest = append(rest, s)
		} else {
			kept = append(kept, s)
		}
	}
	if len(rest) == 1 {
		kept, rest = steps, nil
	}
	if most > 0 && len(kept) > most {
		slices.SortStableFunc(kept, func(a, b Step) int { return cmp.Compare(math.Abs(b.Change()), math.Abs(a.Change())) })
		rest = append(rest, kept[most-1:]...)
		kept = kept[:most-1]
	}
	if len(rest) == 0 {
		return kept
	}
	smaller := sum(rest, p)
	smaller.Smaller = len(rest)
	return append(kept[:len(kept):len(kept)], smaller)
}

func ordered(steps []Step, largest bool) []Step {
	rank := func(s Step) int {
		switch {
		case s.Smaller > 0:
			return 3
		case largest || s.Line > 0:
			return 0
		case s.Label == listing.Outside:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		if d := cmp.Compare(rank(a), rank(b)); d != 0 {
			return d
		}
		if largest {
			return cmp.Or(cmp.Compare(math.Abs(b.Change()), math.Abs(a.Change())), cmp.Compare(a.Label, b.Label))
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Side, b.Side), cmp.Compare(size(b), size(a)), cmp.Compare(a.Label, b.Label))
	})
	return steps
}

func size(s Step) float64 { return max(math.Abs(s.BaseFigure()), math.Abs(s.OtherFigure())) }
