package prune_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/prune"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

// words are names and patterns that meet.
var words = []string{
	"a", "b", "malloc", ".malloc", "std::vector<int>::reserve(unsigned)", "(anonymous namespace)::f(int)", "F::operator()(int)", "f((anonymous namespace)::T)",
	"operator", "", "tcmalloc::Alloc", "ΩΩ", "\xff(x", ".", "..", "(", "main.(*T).m",
}

var patterns = []string{
	"", "a", "a|b", "malloc|free", ".*", "(", "a)|(b", `tcmalloc::.*`, `std::vector<.*>::(?:reserve|assign)`, `\(anonymous namespace\)::f`, `F::operator\(\)`, "Ω+", "main\\.", "(?m)^a$", "",
}

// made is a profile of a few stacks, with inlined frames and frames without a function.
func made(t *rapid.T) *profile.Profile {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}}
	p.PeriodType = &profile.ValueType{}
	p.DropFrames, p.KeepFrames = rapid.SampledFrom(patterns).Draw(t, "drop"), rapid.SampledFrom(patterns).Draw(t, "keep")
	for i, w := range words {
		p.Function = append(p.Function, &profile.Function{ID: uint64(i + 1), Name: w})
	}
	for i := range 8 {
		l := &profile.Location{ID: uint64(i + 1)}
		for range rapid.IntRange(0, 3).Draw(t, "lines") {
			l.Line = append(l.Line, profile.Line{Function: rapid.SampledFrom(append(p.Function, nil)).Draw(t, "function")})
		}
		p.Location = append(p.Location, l)
	}
	for range 4 {
		s := &profile.Sample{Value: []int64{1}}
		for range rapid.IntRange(0, 5).Draw(t, "depth") {
			s.Location = append(s.Location, rapid.SampledFrom(p.Location).Draw(t, "location"))
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

// What is dropped is what pprof drops.
func TestFramesAsPprof(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := made(t)
		want := p.Copy()
		wrong := want.RemoveUninteresting()
		if err := prune.Frames(p); (err != nil) != (wrong != nil) {
			t.Fatalf("%v, pprof says %v", err, wrong)
		}
		if got, want := p.String(), want.String(); got != want {
			t.Fatalf("drop %q, keep %q:\n%s\nwant\n%s", p.DropFrames, p.KeepFrames, got, want)
		}
		if !prune.Affordable(p) {
			t.Fatalf("drop %q, keep %q takes too long", p.DropFrames, p.KeepFrames)
		}
	})
}

// named is a profile with so many functions of that name and a number.
func named(n int, name string) *profile.Profile {
	p := treetest.Folded("main 1")
	for i := range n {
		p.Function = append(p.Function, &profile.Function{ID: uint64(i + 10), Name: fmt.Sprint(name, i)})
	}
	return p
}

// Patterns of real profiles pass with the names of a large program; those that keep a
// matcher in all their states do not.
func TestAffordable(t *testing.T) {
	t.Parallel()
	allocators := "calloc|cfree|malloc|free|(__)?posix_memalign|tcmalloc::.*|tc_calloc|tc_newarray_nothrow|__gnu_cxx::new_allocator::.*|std::vector<.*>::(?:reserve|assign)"
	for _, c := range []struct {
		what, drop string
		p          *profile.Profile
		want       bool
	}{
		{"none", "", named(10, strings.Repeat("a", 1<<20)), true},
		{"allocators", allocators, named(50_000, "std::vector<std::pair<int, absl::Cord>>::emplace_back::"), true},
		{"slow", strings.Repeat("a?", 2000) + "b", named(20, strings.Repeat("a", 1<<16)), false},
		{"slow, one name", strings.Repeat("a?", 2000) + "b", named(1, strings.Repeat("a", 1<<16)), true},
		{"long", strings.Repeat("a", prune.MaxPattern+1), named(1, "a"), false},
		{"large", strings.Repeat("a{1000}", 20), named(1, "a"), false},
		{"broken", "((", named(1, "a"), true},
	} {
		c.p.DropFrames = c.drop
		if got := prune.Affordable(c.p); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
		c.p.DropFrames, c.p.KeepFrames = "main", c.drop
		if got := prune.Affordable(c.p); got != c.want {
			t.Errorf("%s, to keep: %v, want %v", c.what, got, c.want)
		}
	}
}

// A pattern that takes too long is not matched, whoever asks.
func TestFramesRefusesWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	p := named(20, strings.Repeat("a", 1<<16))
	p.DropFrames = "main|" + strings.Repeat("a?", 2000) + "b"
	if err := prune.Frames(p); err == nil || len(p.Sample[0].Location) != 1 {
		t.Errorf("%d frames are left, %v", len(p.Sample[0].Location), err)
	}
}

// What a function is called once it is opened is what takes time.
func TestAffordableOfNamesToCome(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 4000)
	for what, f := range map[string]profile.Function{
		"no name": {SystemName: long}, "a name to be cut": {Name: "(b)" + long + "::", SystemName: "(b)" + long + "::"}, "a name of its own": {Name: long, SystemName: "b"},
	} {
		p := treetest.Folded("main 1")
		for i := range 40 {
			made := f
			made.ID, made.SystemName = uint64(i+10), fmt.Sprint(f.SystemName, i)
			if f.Name != "" {
				made.Name = fmt.Sprint(f.Name, i)
			}
			p.Function = append(p.Function, &made)
		}
		p.DropFrames = strings.Repeat("a*", 2000) + "z"
		if prune.Affordable(p) {
			t.Errorf("%s: affordable", what)
		}
	}
}

// A long name is matched by its beginning.
func TestLongNames(t *testing.T) {
	t.Parallel()
	p := treetest.Folded("main;" + strings.Repeat("a", 1<<20) + ";b 1")
	p.DropFrames = "a{1000}.*"
	if err := prune.Frames(p); err != nil || len(p.Sample[0].Location) != 1 {
		t.Errorf("%d frames are left, %v", len(p.Sample[0].Location), err)
	}
	if !regexp.MustCompile("^(" + p.DropFrames + ")$").MatchString(p.Function[1].Name) {
		t.Error("the test is of another name")
	}
}
