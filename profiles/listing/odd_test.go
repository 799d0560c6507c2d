package listing_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// odd is a profile of everything that few producers write: names that pprof
// takes for C++, unclean paths, no file, no name, no line, no mapping, the same
// line in two binaries and from two claimed starts.
func odd(t *testing.T) *profile.Profile {
	t.Helper()
	p := stacks(t,
		"main.Map[go.shape.func(int) bool]:11;main.f:12;main.Map[go.shape.func(string) bool]:11 3",
		"a::b<c<d>>(e):11;x.<init>(y)[z]:12;main.(*L[go.shape.func(int)]).Push:13 2",
		"f(int)[a)b]:11;g[(:12;operator()<x>:13 4",
		"main.f@/proc/self/cwd/./x//y.go:11;main.f@/proc/self/cwd/a/../b.go:12;main.f@./b.go:13 5",
		"main.f:12;main.g@:14+main.h@.:15;main.f:12;main.f:19 6",
		"main.back:30;main.back:20;main.back:1 7", // 1 is above the claimed start
		" 9",
	)
	other := &profile.Mapping{ID: 2, Start: 0x700000, Limit: 0x800000, File: "/lib/other.so", HasFunctions: true}
	p.Mapping = append(p.Mapping, other)
	f := p.Sample[0].Location[1].Line[0].Function // main.f
	twin := *f
	twin.ID, twin.StartLine = uint64(len(p.Function)+1), 12
	nameless := &profile.Function{ID: uint64(len(p.Function) + 2), Filename: "/src/nameless.go"}
	p.Function = append(p.Function, &twin, nameless)
	add := func(l profile.Location) {
		l.ID = uint64(len(p.Location) + 1)
		p.Location = append(p.Location, &l)
		p.Sample = append(p.Sample, &profile.Sample{
			Location: []*profile.Location{&l, p.Sample[0].Location[1], p.Sample[0].Location[2]}, Value: []int64{1, 7},
		})
	}
	add(profile.Location{Mapping: other, Line: []profile.Line{{Function: f, Line: 12}}})
	add(profile.Location{Mapping: other, Line: []profile.Line{{Function: &twin, Line: 12}}})
	add(profile.Location{Line: []profile.Line{{Function: f, Line: 12}}})
	add(profile.Location{Mapping: other, Address: 0x700010})
	add(profile.Location{Address: 0x10})
	add(profile.Location{Mapping: other, Line: []profile.Line{{Function: nameless, Line: 3}}})
	add(profile.Location{Line: []profile.Line{{Function: nameless, Line: 4}}})
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOddProfileEqualsPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	dir := t.TempDir()
	file := write(t, dir, "odd", odd(t))
	p := read(t, file)
	want, err := tool.List(file, ".")
	if err != nil {
		t.Fatal(err)
	}
	checkList(t, p, 1, &disk{}, want)
	top, err := tool.Top(file)
	if err != nil {
		t.Fatal(err)
	}
	checkTop(t, p, 1, top)
}

// FuzzStacks holds Build and Top against the plainest way to compute them, over
// stacks of few functions, so that recursion and inlining are everywhere.
func FuzzStacks(f *testing.F) {
	f.Add([]byte{1, 0x10, 0x20, 0x11, 0xff, 2, 0x10, 0x91, 0x10, 0xff, 3})
	f.Add([]byte("recursion, recursion, and inlining\xff\x00more of it"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<10 {
			return
		}
		p := profileOf(data)
		for i := range p.SampleType {
			lines, functions := plainly(p, i)
			got := map[plainLine]plainCost{}
			for _, r := range listing.Build(p, i, nil, nil) {
				for _, l := range r.Lines {
					got[plainLine{r.Function, r.File, l.Line}] = plainCost{l.Flat, l.Cum}
				}
				if c := functions[plainLine{r.Function, r.File, 0}]; c.cum != r.True || c.flat != r.Flat {
					t.Errorf("%s in %s: flat %d true %d, want %v", r.Function, r.File, r.Flat, r.True, c)
				}
			}
			if d := gocmp.Diff(lines, got, gocmp.AllowUnexported(plainLine{}, plainCost{})); d != "" {
				t.Errorf("lines (-want +got):\n%s", d)
			}
			for _, f := range listing.Top(p, i) {
				if c := functions[plainLine{function: f.Function}]; c != (plainCost{f.Flat, f.Cum}) {
					t.Errorf("%s: %d %d, want %v", f.Function, f.Flat, f.Cum, c)
				}
			}
		}
	})
}

// profileOf turns bytes into stacks, innermost first: a byte is a frame (four
// functions, two files, sixteen lines), its top bit inlines it into the next;
// 255 ends the stack, and the byte behind it is the sample's value.
func profileOf(data []byte) *profile.Profile {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}}}
	m := &profile.Mapping{ID: 1, File: "/bin/fuzz"}
	p.Mapping = []*profile.Mapping{m}
	for i := range 4 {
		p.Function = append(p.Function, &profile.Function{ID: uint64(i + 1), Name: string("fgfh"[i]), Filename: string("aabb"[i]) + ".go"})
		p.Function[i].SystemName = p.Function[i].Name
	}
	s, l := &profile.Sample{}, &profile.Location{}
	for i := 0; i < len(data); i++ {
		if data[i] == 255 {
			v := int64(0)
			if i++; i < len(data) {
				v = int64(int8(data[i]))
			}
			s.Value = []int64{1, v}
			p.Sample = append(p.Sample, s)
			s, l = &profile.Sample{}, &profile.Location{}
			continue
		}
		l.Line = append(l.Line, profile.Line{Function: p.Function[data[i]&3], Line: int64(data[i] >> 2 & 15)})
		if data[i]&128 == 0 {
			l.ID, l.Mapping = uint64(len(p.Location)+1), m
			p.Location = append(p.Location, l)
			s.Location = append(s.Location, l)
			l = &profile.Location{}
		}
	}
	return p
}

type plainLine struct {
	function, file string
	line           int64 // 0 for the whole function; without a file in all files
}

type plainCost struct{ flat, cum int64 }

func plainly(p *profile.Profile, sampleType int) (lines, functions map[plainLine]plainCost) {
	lines, functions = map[plainLine]plainCost{}, map[plainLine]plainCost{}
	for _, s := range p.Sample {
		var frames []plainLine
		for _, l := range s.Location {
			for _, line := range l.Line {
				frames = append(frames, plainLine{line.Function.Name, line.Function.Filename, line.Line})
			}
		}
		count := func(costs map[plainLine]plainCost, key func(plainLine) plainLine) {
			var keys []plainLine
			for i, f := range frames {
				k := key(f)
				c := costs[k]
				if i == 0 {
					c.flat += s.Value[sampleType]
				}
				if !slices.Contains(keys, k) {
					keys = append(keys, k)
					c.cum += s.Value[sampleType]
				}
				costs[k] = c
			}
		}
		count(lines, func(f plainLine) plainLine { return f })
		count(functions, func(f plainLine) plainLine { return plainLine{f.function, f.file, 0} })
		count(functions, func(f plainLine) plainLine { return plainLine{f.function, "", 0} })
	}
	for k, c := range lines {
		if cmp.Or(c.flat, c.cum) == 0 {
			delete(lines, k)
		}
	}
	return lines, functions
}
