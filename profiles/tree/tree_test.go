package tree_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// draw writes a tree as text, a node a line: name total/self, both sides of a
// union.
func draw(t *tree.Tree) string {
	var b strings.Builder
	for i := range t.Len() {
		fmt.Fprintf(&b, "%s%s", strings.Repeat("  ", t.Depth(i)), t.Name(i))
		for s := range t.Sides() {
			fmt.Fprintf(&b, " %d/%d", t.Total(tree.Side(s), i), t.Self(tree.Side(s), i))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func expect(t *testing.T, got *tree.Tree, want string) {
	t.Helper()
	want = strings.TrimLeft(strings.ReplaceAll(want, "\t", ""), "\n")
	if diff := cmp.Diff(want, draw(got)); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	p := treetest.Folded(`
		main;serve;read 3
		main;serve 1
		init 2
		main;serve;write 4
		main;serve;read 1
		main;serve;serve;read 5
		main;idle 0
	`)
	expect(t, tree.Build(p, 0), `
all samples 16/0
  init 2/2
  main 14/0
    serve 14/1
      read 4/4
      serve 5/0
        read 5/5
      write 4/4
`)
}

func TestUnionKeepsWhatOneSideLacks(t *testing.T) {
	t.Parallel()
	base := treetest.Folded("main;dial;connect 5\nmain;gone 1")
	other := treetest.Folded("main;dial;connect 2\nmain;new 3")
	expect(t, tree.Union(base, other, 0, 0), `
all samples 6/0 5/0
  main 6/0 5/0
    dial 5/0 2/0
      connect 5/5 2/2
    gone 1/1 0/0
    new 0/0 3/3
`)
}

func TestBuildNamesFrames(t *testing.T) {
	t.Parallel()
	m := &profile.Mapping{ID: 1, File: "/usr/sbin/nginx"}
	fn := func(id uint64, name, system string) *profile.Function {
		return &profile.Function{ID: id, Name: name, SystemName: system}
	}
	inlined := []profile.Line{{Function: fn(1, "innermost", "")}, {Function: fn(2, "between", "")}, {Function: fn(3, "outermost", "")}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		Sample: []*profile.Sample{
			{Value: []int64{1}, Location: []*profile.Location{{ID: 1, Line: inlined}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 2, Mapping: m, Address: 0x401c22}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 3, Address: 0x99}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 4, Mapping: m}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 5}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 6, Line: []profile.Line{{Function: fn(4, "", "_ZN3fooE")}}}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 7, Address: 7, Line: []profile.Line{{}, {Function: fn(5, "", "")}}}}},
			// The same id twice, and an id far from the others.
			{Value: []int64{1}, Location: []*profile.Location{{ID: 1, Line: []profile.Line{{Function: fn(6, "same id", "")}}}}},
			{Value: []int64{1}, Location: []*profile.Location{{ID: 1 << 60, Line: []profile.Line{{Function: fn(6, "same id", "")}}}}},
		},
	}
	for _, s := range p.Sample {
		p.Location = append(p.Location, s.Location...)
	}
	expect(t, tree.Build(p, 0), `
all samples 9/0
  0x401c22 in nginx 1/1
  0x7 1/0
    0x7 1/1
  0x99 1/1
  ? 1/1
  ? in nginx 1/1
  _ZN3fooE 1/1
  outermost 1/0
    between 1/0
      innermost 1/1
  same id 2/2
`)
}

func TestBuildWithoutSamples(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main 1")
	for _, sampleType := range []int{-1, 2, 99} {
		expect(t, tree.Build(p, sampleType), "all samples 0/0\n")
	}
	expect(t, tree.Build(&profile.Profile{}, 0), "all samples 0/0\n")
	expect(t, tree.Union(p, &profile.Profile{}, 0, 0), `
all samples 1/0 0/0
  main 1/1 0/0
`)
}

func TestBuildCutsDeepStacks(t *testing.T) {
	t.Parallel()
	f := &profile.Function{ID: 1, Name: "f"}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f}, {Function: f}, {Function: f}}}
	sample := func(locations int) *profile.Sample {
		s := &profile.Sample{Value: []int64{1}, Location: make([]*profile.Location, locations)}
		for i := range s.Location {
			s.Location[i] = l
		}
		return s
	}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}},
		Sample:     []*profile.Sample{sample(1_000_000), sample(333), sample(334)}, // 999 and 1,002 frames
	}
	got := tree.Build(p, 0)
	if got.Len() != tree.MaxDepth+1 || got.Truncated() != 2 {
		t.Errorf("Len = %d, Truncated = %d; want %d, 2", got.Len(), got.Truncated(), tree.MaxDepth+1)
	}
	if self := got.Self(tree.Base, tree.MaxDepth); self != 2 {
		t.Errorf("Self of the last frame kept = %d, want 2", self)
	}
	callers, callees := got.Pivot("f")
	if callers.Total(tree.Base, 0) != 3 || callees.Len() != got.Len() {
		t.Errorf("pivot: total %d, %d callees; want 3, %d", callers.Total(tree.Base, 0), callees.Len(), got.Len())
	}
}

func TestBuildSaturates(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("a 1\nb 1\nc 1")
	for i, v := range []int64{math.MaxInt64, math.MaxInt64, 5} {
		p.Sample[i].Value = []int64{1, v}
	}
	got := tree.Build(p, 1)
	if got.Total(tree.Base, 0) != math.MaxInt64 || !got.Saturated() {
		t.Errorf("Total = %d, Saturated = %t; want the largest int64, true", got.Total(tree.Base, 0), got.Saturated())
	}
	if tree.Build(p, 0).Saturated() {
		t.Error("a sum of 3 is said to be cut")
	}
	p.Sample[0].Value[1], p.Sample[1].Value[1] = math.MinInt64, math.MinInt64
	got = tree.Build(p, 1)
	if got.Total(tree.Base, 0) >= 0 || got.Weight(tree.Base, 0) != math.MaxInt64 || !got.Saturated() {
		t.Errorf("Total = %d, Weight = %d", got.Total(tree.Base, 0), got.Weight(tree.Base, 0))
	}
}

func TestWeightOfADifference(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;a 5\nmain;b 3\nmain 1")
	p.Sample[1].Value = []int64{-3, -30}
	got := tree.Build(p, 0)
	main := 1
	if total, weight := got.Total(tree.Base, main), got.Weight(tree.Base, main); total != 3 || weight != 9 {
		t.Errorf("Total, Weight = %d, %d; want 3, 9", total, weight)
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	uneven := treetest.Folded("main;a 5\nmain;b 3")
	uneven.Sample[0].Value[1]++ // 50,000,001 ns of 5 samples
	periodOnly := treetest.Folded("main;a 5\nmain;b 3")
	periodOnly.SampleType = periodOnly.SampleType[1:]
	for _, s := range periodOnly.Sample {
		s.Value = s.Value[1:]
	}
	heap := treetest.Folded("main;a 5\nmain;b 3")
	heap.SampleType = []*profile.ValueType{{Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}}
	for name, c := range map[string]struct {
		p          *profile.Profile
		sampleType int
		want       int64
	}{
		"samples, all worth the same": {treetest.Folded("main;a 5\nmain;b 3"), 1, 8},
		"samples, of themselves":      {treetest.Folded("main;a 5\nmain;b 3"), 0, 8},
		"samples, worth different":    {uneven, 1, 8},
		"period":                      {periodOnly, 0, 8},
		"unknown":                     {heap, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tree.Build(c.p, c.sampleType)
			if n := got.Count(tree.Base, 1); n != c.want {
				t.Errorf("Count of main = %d, want %d", n, c.want)
			}
			if n := got.SelfCount(tree.Base, 1); n != 0 {
				t.Errorf("SelfCount of main = %d, want 0", n)
			}
			if n := got.SelfCount(tree.Base, 2); n != min(c.want, 5) {
				t.Errorf("SelfCount of a = %d, want %d", n, min(c.want, 5))
			}
			if n := got.Count(tree.Other, 1); n != 0 {
				t.Errorf("Count on a side that is not there = %d", n)
			}
		})
	}
}

// Hashes are in links that people keep.
func TestHashNeverChanges(t *testing.T) {
	t.Parallel()
	got := tree.Build(treetest.Folded("main.main;net.Dial 1"), 0)
	for i, want := range []uint64{0x9e3779b97f4a7c15, hashOfMain, hashOfDial} {
		if got.Hash(i) != want {
			t.Errorf("Hash(%q) = %#x, want %#x", got.Name(i), got.Hash(i), want)
		}
		if found, ok := got.Find(want); !ok || found != i {
			t.Errorf("Find(%#x) = %d, %t; want %d", want, found, ok, i)
		}
	}
	if _, ok := got.Find(42); ok {
		t.Error("Find(42) found something")
	}
}

const (
	hashOfMain = 0xe5fe72be3e098601
	hashOfDial = 0x3693fd43307b7c6c
)

func TestLongNamesAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 1<<19)
	got := tree.Build(treetest.Folded(long+"1 1\n"+long+"2 1"), 0)
	if got.Len() != 3 {
		t.Fatalf("Len = %d, want 3: names that differ after the cut stay apart", got.Len())
	}
	if n := len(got.Name(1)); n > 1100 {
		t.Errorf("a name of %d bytes is kept", n)
	}
	if strings.ToValidUTF8(got.Name(1), "") != got.Name(1) {
		t.Error("a rune was cut in two")
	}
}
