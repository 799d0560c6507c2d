package listing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	base := stacks(t, "main.f:11 2", "main.f:11;main.gone:20 3", "main.same:30 4")
	other := stacks(t, "main.f:11 5", "main.new:40 1", "main.same:30 4")
	d, err := listing.Diff(base, other, false)
	if err != nil {
		t.Fatal(err)
	}
	want := []listing.Function{
		{Function: "main.f", Flat: 3, Cum: 0, Count: 10, FlatCount: 7},
		{Function: "main.gone", Flat: -3, Cum: -3, Count: 3, FlatCount: 3},
		{Function: "main.new", Flat: 1, Cum: 1, Count: 1, FlatCount: 1},
	}
	if d := cmp.Diff(want, listing.Top(d, 0)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := listing.Total(d, 0); got != 9 {
		t.Errorf("total %d, want 9, the base's", got)
	}
	self, err := listing.Diff(base, base, true)
	if err != nil || len(listing.Top(self, 0)) != 0 || len(listing.Build(self, 0, nil, nil)) != 0 {
		t.Errorf("a profile differs from itself: %v %v", listing.Top(self, 0), err)
	}
}

func TestDiffOfDifferentKinds(t *testing.T) {
	t.Parallel()
	cpu, heap := stacks(t, "main.f:11 2"), stacks(t, "main.f:11 2")
	heap.SampleType = []*profile.ValueType{{Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}}
	for _, normalize := range []bool{false, true} {
		_, err := listing.Diff(cpu, heap, normalize)
		if err == nil || !strings.Contains(err.Error(), "samples/count, cpu/nanoseconds") || !strings.Contains(err.Error(), "inuse_space/bytes") {
			t.Errorf("normalize %v: %v", normalize, err)
		}
	}
	bytes := stacks(t, "main.f:11 2")
	bytes.SampleType[1].Unit = "bytes"
	if _, err := listing.Diff(cpu, bytes, false); err == nil {
		t.Error("nanoseconds and bytes were compared")
	}
	untyped := stacks(t, "main.f:11 2")
	untyped.PeriodType = nil
	if _, err := listing.Diff(untyped, cpu, false); err == nil {
		t.Error("a period without a type was compared")
	}
}

// Profiles of unlike units and unlike lists of types, held against the tool.
func TestDiffOfUnitsEqualsPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	folded := []string{"main.f:11;main.g:20 7", "main.f:12 3", "main.f:11+main.h:30 5"}
	for _, c := range []struct {
		name   string
		change func(p *profile.Profile)
	}{
		{"microseconds", func(p *profile.Profile) {
			p.SampleType[1].Unit, p.PeriodType.Unit, p.Period = "microseconds", "us", p.Period/1000
			for _, s := range p.Sample {
				s.Value[1] /= 1500
			}
		}},
		{"another type less", func(p *profile.Profile) {
			p.SampleType = p.SampleType[1:]
			for _, s := range p.Sample {
				s.Value = s.Value[1:]
			}
		}},
		{"another order", func(p *profile.Profile) {
			p.SampleType[0], p.SampleType[1] = p.SampleType[1], p.SampleType[0]
			for _, s := range p.Sample {
				s.Value[0], s.Value[1] = s.Value[1]*3, s.Value[0]*2
			}
		}},
		{"another binary", func(p *profile.Profile) {
			p.Mapping[0].File, p.Mapping[0].Limit = "/bin/other", 0x900000
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base, other := stacks(t, folded...), stacks(t, folded[1:]...)
			c.change(other)
			dir := t.TempDir()
			a, b := write(t, dir, "a", base), write(t, dir, "b", other)
			for _, files := range [][2]string{{a, b}, {b, a}} {
				d, err := listing.Diff(read(t, files[0]), read(t, files[1]), false)
				if err != nil {
					t.Fatal(err)
				}
				want, err := tool.List(files[1], ".", "-diff_base="+files[0])
				if err != nil {
					t.Fatal(err)
				}
				checkList(t, d, defaultType(t, d), &disk{}, want)
				top, err := tool.Top(files[1], "-diff_base="+files[0])
				if err != nil {
					t.Fatal(err)
				}
				checkTop(t, d, defaultType(t, d), top)
			}
		})
	}
}

func write(t *testing.T, dir, name string, p *profile.Profile) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, name+".pprof"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := p.Write(f); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}
