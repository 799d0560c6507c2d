package listing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

func TestTop(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11;main.f:12;main.g:20 4", "main.f:11 1", "main.a:1 4")
	p.Location = append(p.Location, &profile.Location{ID: 99}, &profile.Location{ID: 98, Mapping: p.Mapping[0]})
	for _, l := range p.Location[len(p.Location)-2:] {
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{l}, Value: []int64{2, 2}})
	}
	want := []listing.Function{
		{Function: "main.a", Flat: 4, Cum: 4, Count: 4, FlatCount: 4},
		{Function: "main.g", Flat: 4, Cum: 4, Count: 4, FlatCount: 4},
		{Function: "<unknown>", Flat: 2, Cum: 2, Count: 2, FlatCount: 2},
		{Function: "[test]", Flat: 2, Cum: 2, Count: 2, FlatCount: 2},
		{Function: "main.f", Flat: 1, Cum: 5, Count: 5, FlatCount: 1},
	}
	if d := cmp.Diff(want, listing.Top(p, 0)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11 3")
	count := func() int64 { return listing.Top(p, 0)[0].Count }
	p.SampleType, p.Sample[0].Value = p.SampleType[1:], p.Sample[0].Value[1:]
	if got := count(); got != 3 {
		t.Errorf("value over period: %d, want 3", got)
	}
	p.PeriodType.Unit = "milliseconds"
	if got := count(); got != 0 {
		t.Errorf("a period of another unit: %d, want 0 for unknown", got)
	}
	p.PeriodType = nil
	if got := count(); got != 0 {
		t.Errorf("no period: %d, want 0 for unknown", got)
	}
}

func TestDropFrames(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.main:11;main.f:12;lib.drop:20;lib.deeper:21 4")
	before := p.String()
	p.DropFrames = `lib\.drop`
	want := []listing.Function{{Function: "main.f", Flat: 4, Cum: 4, Count: 4, FlatCount: 4}, {Function: "main.main", Cum: 4, Count: 4}}
	if d := cmp.Diff(want, listing.Top(p, 0)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := len(listing.Build(p, 0, nil, nil)); got != 2 {
		t.Errorf("%d routines, want 2", got)
	}
	p.DropFrames = "("
	if got := len(listing.Top(p, 0)); got != 4 {
		t.Errorf("a pattern that does not compile: %d functions, want all 4", got)
	}
	p.DropFrames = ""
	if p.String() != before {
		t.Error("the profile was changed")
	}
}

func TestFunctionName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, system, want string }{
		{"main.f", "main.f", "main.f"},
		{"", "main.f", "main.f"},
		{"readable", "_ZN4read", "readable"},
		{"main.Map[go.shape.func(int) bool]", "main.Map[go.shape.func(int) bool]", "main.Map[go.shape.func bool]"},
		{"main.(*List[go.shape.int]).Push", "main.(*List[go.shape.int]).Push", "main.(*List[go.shape.int]).Push"},
		{"a::b<c<d>>(e)", "a::b<c<d>>(e)", "a::b"},
		{"a[b)c(d)", "a[b)c(d)", "a[b)c(d)"},
		{"a[b(c", "a[b(c", "a[b(c"},
		{"(x)[y]", "(x)[y]", "[y]"},
		{"A.<init>[(x)]", "A.<init>[(x)]", "A.<init>[(x)]"},
		{"", "", ""},
	} {
		if got := listing.FunctionName(&profile.Function{Name: c.name, SystemName: c.system}); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.name, c.system, got, c.want)
		}
	}
}
