package listing_test

import (
	"encoding/json"
	"math"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		stacks []string
		match  string
		file   string // text of /src/main.go
		want   []listing.Routine
	}{
		{
			name:   "without text only lines with values",
			stacks: []string{"main.main:12;main.work:30 2", "main.main:12 1"},
			match:  "main",
			want: []listing.Routine{
				{
					Function: "main.main", File: "/src/main.go", Flat: 1, Cum: 3, True: 3,
					Lines: []listing.Line{{Line: 12, Flat: 1, Cum: 3, Count: 3}},
				},
				{
					Function: "main.work", File: "/src/main.go", Flat: 2, Cum: 2, True: 2,
					Lines: []listing.Line{{Line: 30, Flat: 2, Cum: 2, Count: 2}},
				},
			},
		},
		{
			name:   "recursion through two lines counts twice in cum and once in true",
			stacks: []string{"main.f:11;main.f:12;main.f:12 4"},
			want: []listing.Routine{{
				Function: "main.f", File: "/src/main.go", Flat: 4, Cum: 8, True: 4,
				Lines: []listing.Line{{Line: 11, Cum: 4, Count: 4}, {Line: 12, Flat: 4, Cum: 4, Count: 4}},
			}},
		},
		{
			name:   "an inlined callee has the flat, its caller only cum",
			stacks: []string{"main.f:11+main.g:20 5"},
			want: []listing.Routine{
				{Function: "main.f", File: "/src/main.go", Cum: 5, True: 5, Lines: []listing.Line{{Line: 11, Cum: 5, Count: 5}}},
				{Function: "main.g", File: "/src/main.go", Flat: 5, Cum: 5, True: 5, Lines: []listing.Line{{Line: 20, Flat: 5, Cum: 5, Count: 5}}},
			},
		},
		{
			name:   "text is cut at the file's end",
			stacks: []string{"main.f:11 1"},
			file:   numbered(12),
			want: []listing.Routine{{
				Function: "main.f", File: "/src/main.go", Flat: 1, Cum: 1, True: 1,
				Lines: []listing.Line{{Line: 10, Text: "line 10"}, {Line: 11, Flat: 1, Cum: 1, Count: 1, Text: "line 11"}, {Line: 12, Text: "line 12"}},
			}},
		},
		{
			name:   "a line behind the file's end is not shown, its value is in the header",
			stacks: []string{"main.f:11 1", "main.f:900 1"},
			file:   numbered(10),
			want: []listing.Routine{{
				Function: "main.f", File: "/src/main.go", Flat: 2, Cum: 2, True: 2, Lines: []listing.Line{{Line: 10, Text: "line 10"}},
			}},
		},
		{
			name:   "a file shorter than the function's start has no line",
			stacks: []string{"main.f:11 1"},
			file:   numbered(3),
			want:   []listing.Routine{{Function: "main.f", File: "/src/main.go", Flat: 1, Cum: 1, True: 1, Lines: []listing.Line{}}},
		},
		{
			name:   "one name in two files is two routines, by file",
			stacks: []string{"main.init@/src/b.go:11 1", "main.init@/src/a.go:11 2"},
			want: []listing.Routine{
				{Function: "main.init", File: "/src/a.go", Flat: 2, Cum: 2, True: 2, Lines: []listing.Line{{Line: 11, Flat: 2, Cum: 2, Count: 2}}},
				{Function: "main.init", File: "/src/b.go", Flat: 1, Cum: 1, True: 1, Lines: []listing.Line{{Line: 11, Flat: 1, Cum: 1, Count: 1}}},
			},
		},
		{
			name:   "a file's name is cleaned, and a sandbox's prefix cut",
			stacks: []string{"main.f@/proc/self/cwd/./a//b/../c.go:11 1"},
			want: []listing.Routine{{
				Function: "main.f", File: "a/c.go", Flat: 1, Cum: 1, True: 1, Lines: []listing.Line{{Line: 11, Flat: 1, Cum: 1, Count: 1}},
			}},
		},
		{
			name:   "a function without a file is not listed, nor is one that cancels out",
			stacks: []string{"kernel.f@:11 1", "cwd.f@/proc/self/cwd/:11 1", "main.f:11 3", "main.f:11 -3"},
			want:   []listing.Routine{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := texts{}
			if c.file != "" {
				files["/src/main.go"] = c.file
			}
			var match *regexp.Regexp
			if c.match != "" {
				match = regexp.MustCompile(c.match)
			}
			got := listing.Build(stacks(t, c.stacks...), 0, match, files)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestBuildOfNothing(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11 1")
	for _, sampleType := range []int{-1, 2} {
		if listing.Build(p, sampleType, nil, nil) != nil || listing.Top(p, sampleType) != nil || listing.Breakdown(p, sampleType, "main.f", nil) != nil {
			t.Errorf("sample type %d: not nil", sampleType)
		}
	}
	if got := listing.Build(&profile.Profile{SampleType: p.SampleType}, 0, nil, nil); got == nil || len(got) != 0 {
		t.Errorf("empty profile: %v", got)
	}
}

// A line number that nobody's file has must neither overflow nor make a
// listing as long as the number.
func TestBuildOfHostileLines(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11 1", "main.f:12 1", "main.f:13 1")
	p.Location[0].Line[0].Line = math.MaxInt64
	p.Location[1].Line[0].Line = math.MinInt64
	p.Location[2].Line[0].Function.StartLine = math.MinInt64
	got := listing.Build(p, 0, nil, texts{"/src/main.go": numbered(20)})
	if len(got) != 1 || len(got[0].Lines) != 20 || got[0].Cum != 3 {
		t.Errorf("got %v", got)
	}
}

// A thousand functions that all claim to be in one long file, from its first
// line to its last.
func TestBuildBoundsContext(t *testing.T) {
	t.Parallel()
	const functions, length = 1000, 10_000
	p := stacks(t, "main.f:11 1")
	l := p.Location[0]
	for i := range functions {
		f := &profile.Function{ID: uint64(i + 2), Name: "main.g", Filename: "/src/main.go", StartLine: 1}
		f.Name += string(rune('A' + i))
		f.SystemName = f.Name
		loc := &profile.Location{ID: uint64(i + 2), Line: []profile.Line{{Function: f, Line: length}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, loc)
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{loc, l}, Value: []int64{1, 1}})
	}
	rows, valued := 0, 0
	for _, r := range listing.Build(p, 0, nil, texts{"/src/main.go": numbered(length)}) {
		rows += len(r.Lines)
		for _, line := range r.Lines {
			if line.Cum != 0 {
				valued++
			}
		}
	}
	if rows > listing.MaxContext+functions+1 || rows < listing.MaxContext/2 {
		t.Errorf("%d rows", rows)
	}
	if valued != functions+1 {
		t.Errorf("%d rows with values, want all %d", valued, functions+1)
	}
}

func TestRoutineJSON(t *testing.T) {
	t.Parallel()
	r := listing.Routine{Function: "f", File: "f.go", Flat: 1, Cum: 2, True: 2, Lines: []listing.Line{{Line: 3, Flat: 1, Cum: 2, Count: 9, Text: "<x>"}}}
	for _, c := range []struct {
		name string
		r    listing.Routine
		want string
	}{
		{"true as cum", r, `{"function":"f","file":"f.go","flat":1,"cum":2,"lines":[{"line":3,"flat":1,"cum":2,"text":"\u003cx\u003e"}]}`},
		{"over-counted", listing.Routine{Function: "f", Cum: 2, True: 1}, `{"function":"f","file":"","flat":0,"cum":2,"true_cum":1,"lines":[]}`},
		{"true is 0", listing.Routine{Function: "f", Cum: 2}, `{"function":"f","file":"","flat":0,"cum":2,"true_cum":0,"lines":[]}`},
	} {
		got, err := json.Marshal(c.r)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s %v, want %s", c.name, got, err, c.want)
		}
		var back listing.Routine
		if err := json.Unmarshal(got, &back); err != nil || back.True != c.r.True || back.Cum != c.r.Cum {
			t.Errorf("%s: read back as %v %v", c.name, back, err)
		}
	}
}
