package listing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

func TestCalls(t *testing.T) {
	t.Parallel()
	p := stacks(t,
		"main.main:1;main.f:11;net.Dial:20;main.f:12;sys.read:9 4", // the outermost f calls Dial
		"main.main:1;main.f:11+main.g:12 3",                        // an inlined call
		"main.main:1;main.f:13 2",
		"main.main:1;main.h:13 9", // another function
		" 2",
	)
	want := []listing.Part{{Label: "net.Dial", Value: 4, Count: 4}, {Label: "main.g", Value: 3, Count: 3}, {Label: listing.Itself, Value: 2, Count: 2}}
	got := listing.Calls(p, 0, func(f string) bool { return f == "main.f" })
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := listing.Calls(p, 0, func(string) bool { return false }); len(got) != 0 {
		t.Errorf("a function that is not there: %+v", got)
	}
	if got := listing.Calls(p, 7, func(string) bool { return true }); got != nil {
		t.Errorf("a sample type that is not there: %+v", got)
	}
}

func TestSelves(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11;main.g:20 4", "main.f:12 3", " 2")
	want := []listing.Part{{Label: "main.g", Value: 4, Count: 4}, {Label: "main.f", Value: 3, Count: 3}, {Label: listing.Stackless, Value: 2, Count: 2}}
	if d := cmp.Diff(want, listing.Selves(p, 0)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// On real profiles of any producer, and on what was recorded here, the parts sum to
// the whole: of the profile, and of a function what pprof -top says it costs.
func TestPartsSum(t *testing.T) {
	t.Parallel()
	each := func(t *testing.T, p *profile.Profile) {
		for sampleType := range p.SampleType {
			var all, parts int64
			for _, s := range p.Sample {
				all += s.Value[sampleType]
			}
			for _, part := range listing.Selves(p, sampleType) {
				parts += part.Value
			}
			if parts != all {
				t.Errorf("type %d: selves sum to %d, want %d", sampleType, parts, all)
			}
			top := listing.Top(p, sampleType)
			for _, f := range top[:min(len(top), 20)] {
				parts = 0
				for _, part := range listing.Calls(p, sampleType, func(name string) bool { return name == f.Function }) {
					parts += part.Value
				}
				if parts != f.Cum && f.Function[0] != '[' && f.Function != "<unknown>" {
					t.Errorf("type %d: calls of %s sum to %d, its cum is %d", sampleType, f.Function, parts, f.Cum)
				}
			}
		}
	}
	t.Run("recorded", func(t *testing.T) {
		t.Parallel()
		each(t, read(t, busy().profile(t, "a")))
	})
	for _, r := range manifest(t) {
		t.Run(r.File, func(t *testing.T) {
			t.Parallel()
			each(t, read(t, corpusDir+"/"+r.File))
		})
	}
}
