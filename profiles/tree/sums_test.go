package tree_test

import (
	"math"
	"testing"

	"github.com/google/pprof/profile"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/tree"
)

// Differences per operation add up: over the union of two trees, and over the rows of
// their top tables, the self differences are that of the root, to 1 ns.
func TestSelfDifferencesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, other := drawn(t, "base"), drawn(t, "other")
		ops := [2]float64{float64(rapid.Int64Range(1, 1e6).Draw(t, "base ops")), float64(rapid.Int64Range(1, 1e6).Draw(t, "other ops"))}
		root := total(other)/ops[1] - total(base)/ops[0]
		u := tree.Union(base, other, 0, 0)
		sum := 0.0
		for i := range u.Len() {
			sum += float64(u.Self(tree.Other, i))/ops[1] - float64(u.Self(tree.Base, i))/ops[0]
		}
		if math.Abs(sum-root) > 1 {
			t.Fatalf("the boxes' self differences sum to %v ns, the root's is %v", sum, root)
		}
		if got := float64(u.Total(tree.Other, 0))/ops[1] - float64(u.Total(tree.Base, 0))/ops[0]; math.Abs(got-root) > 1 {
			t.Fatalf("the root box differs by %v ns, the profiles by %v", got, root)
		}
		sum = 0
		for _, f := range listing.Top(other, 0) {
			sum += float64(f.Flat) / ops[1]
		}
		for _, f := range listing.Top(base, 0) {
			sum -= float64(f.Flat) / ops[0]
		}
		if math.Abs(sum-root) > 1 {
			t.Fatalf("the flat differences sum to %v ns, the root's is %v", sum, root)
		}
	})
}

func total(p *profile.Profile) float64 {
	sum := int64(0)
	for _, s := range p.Sample {
		sum += s.Value[0]
	}
	return float64(sum)
}

// drawn is a profile of stacks over a few functions, with recursion and inlining.
func drawn(t *rapid.T, label string) *profile.Profile {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}, PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7}
	for i, name := range []string{"main", "a", "b", "c", "d"} {
		f := &profile.Function{ID: uint64(i + 1), Name: name, SystemName: name, Filename: name + ".go"}
		p.Function = append(p.Function, f)
		l := &profile.Location{ID: uint64(i + 1), Line: []profile.Line{{Function: f, Line: int64(i + 1)}}}
		if i > 2 { // inlined into main
			l.Line = append(l.Line, profile.Line{Function: p.Function[0], Line: 9})
		}
		p.Location = append(p.Location, l)
	}
	stacks := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, len(p.Location)-1), 1, 8), 0, 30).Draw(t, label)
	for _, stack := range stacks {
		s := &profile.Sample{Value: []int64{rapid.Int64Range(1, 1e12).Draw(t, "ns")}}
		for _, i := range stack {
			s.Location = append(s.Location, p.Location[i])
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}
