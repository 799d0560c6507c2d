package listing_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// everywhere has one text for any file.
type everywhere struct{ lines []string }

func (f everywhere) Lines(string) ([]string, bool) { return f.lines, true }

func FuzzListing(f *testing.F) {
	for _, folded := range [][]string{
		{"main.f:11;main.f:12;net.Dial:20 3", "main.f:11+main.g:14;runtime.mallocgc:3 2", " 1"},
		{"main.f:11 -3", "main.f:12 3", "main.init@/a.go:1 2", "main.init@/b.go:1 2"},
	} {
		var buf bytes.Buffer
		if err := stacks(f, folded...).WriteUncompressed(&buf); err != nil {
			f.Fatal(err)
		}
		f.Add(buf.Bytes(), "main.f")
	}
	f.Fuzz(func(t *testing.T, data []byte, function string) {
		if len(data) > 1<<16 {
			return
		}
		p, err := profile.ParseUncompressed(data)
		if err != nil || p.CheckValid() != nil {
			return
		}
		before := p.String()
		for i := range p.SampleType {
			checkSums(t, p, i, function)
			checkRoutines(t, p, i)
			files := everywhere{[]string{"a()", "b.c(d)", "", "x"}}
			listing.Build(p, i, nil, files)
			listing.Beside([]listing.Side{{Profile: p, SampleType: i, Files: files}, {Profile: p, SampleType: i}}).Sheet(function)
			listing.Beside([]listing.Side{{Profile: p, SampleType: i}, {Profile: p, SampleType: i, Files: files}}).Most(nil, 3)
		}
		for _, normalize := range []bool{false, true} {
			if d, err := listing.Diff(p, p, normalize); err == nil && exact(p) && p.DropFrames == "" {
				for i := range d.SampleType {
					if got := listing.Top(d, i); len(got) != 0 {
						t.Errorf("it differs from itself: %v", got)
					}
				}
			}
		}
		if p.String() != before {
			t.Errorf("the profile was changed: %s", gocmp.Diff(before, p.String()))
		}
	})
}

// checkSums: the parts of a Breakdown, and the flat of all functions, sum to the
// values of all samples.
func checkSums(t *testing.T, p *profile.Profile, sampleType int, function string) {
	t.Helper()
	var all, stackless, parts, flat int64
	for _, s := range p.Sample {
		all += s.Value[sampleType]
		if len(s.Location) == 0 {
			stackless += s.Value[sampleType]
		}
	}
	for _, part := range listing.Breakdown(p, sampleType, function, nil) {
		parts += part.Value
	}
	if parts != all {
		t.Errorf("parts sum to %d, want %d", parts, all)
	}
	for _, f := range listing.Top(p, sampleType) {
		flat += f.Flat
	}
	if p.DropFrames == "" && flat != all-stackless {
		t.Errorf("flat sums to %d, want %d", flat, all-stackless)
	}
}

// checkRoutines: order, lines that sum to their header, and JSON.
func checkRoutines(t *testing.T, p *profile.Profile, sampleType int) {
	t.Helper()
	routines := listing.Build(p, sampleType, nil, nil)
	for i, r := range routines {
		var flat, cum int64
		for j, l := range r.Lines {
			flat, cum = flat+l.Flat, cum+l.Cum
			if j > 0 && l.Line <= r.Lines[j-1].Line {
				t.Errorf("line %d after line %d", l.Line, r.Lines[j-1].Line)
			}
		}
		if flat != r.Flat || cum != r.Cum || len(r.Lines) == 0 || r.File == "" {
			t.Errorf("lines sum to %d %d in %+v", flat, cum, r)
		}
		if i > 0 && cmp.Or(cmp.Compare(routines[i-1].Function, r.Function), cmp.Compare(routines[i-1].File, r.File)) >= 0 {
			t.Errorf("%s %s after %s %s", r.Function, r.File, routines[i-1].Function, routines[i-1].File)
		}
	}
	if _, err := json.Marshal(routines); err != nil {
		t.Error(err)
	}
}

// exact reports whether all values survive pprof's scaling in float64.
func exact(p *profile.Profile) bool {
	return !slices.ContainsFunc(p.Sample, func(s *profile.Sample) bool {
		return slices.ContainsFunc(s.Value, func(v int64) bool { return v > 1<<52 || v < -1<<52 })
	})
}
