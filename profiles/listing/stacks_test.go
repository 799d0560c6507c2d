package listing_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// stacks makes a profile of samples/count and cpu/nanoseconds at 10 ms from
// lines of "root:line;callee:line 3", where 3 is the number of samples. A frame
// is "name@file:line"; the file is the name's package plus ".go" when it is not
// given. "+" instead of ";" inlines the right frame into the left one's location.
// Locations are shared; functions start at line 10.
func stacks(t testing.TB, folded ...string) *profile.Profile {
	t.Helper()
	const period = 10_000_000
	m := &profile.Mapping{ID: 1, Start: 0x400000, Limit: 0x500000, File: "/bin/test", HasFunctions: true}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     period,
		Mapping:    []*profile.Mapping{m},
	}
	functions, locations := map[string]*profile.Function{}, map[string]*profile.Location{}
	line := func(frame string) profile.Line {
		i := strings.LastIndexByte(frame, ':')
		n, err := strconv.ParseInt(frame[i+1:], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		name, file, ok := strings.Cut(frame[:i], "@")
		if !ok {
			file = "/src/" + strings.Split(name, ".")[0] + ".go"
		}
		f := functions[name+file]
		if f == nil {
			f = &profile.Function{ID: uint64(len(functions) + 1), Name: name, SystemName: name, Filename: file, StartLine: 10}
			functions[name+file] = f
			p.Function = append(p.Function, f)
		}
		return profile.Line{Function: f, Line: n}
	}
	location := func(frames string) *profile.Location {
		if l := locations[frames]; l != nil {
			return l
		}
		l := &profile.Location{ID: uint64(len(locations) + 1), Mapping: m, Address: 0x400000 + uint64(len(locations))}
		parts := strings.Split(frames, "+")
		for i := range parts {
			l.Line = append(l.Line, line(parts[len(parts)-1-i]))
		}
		locations[frames] = l
		p.Location = append(p.Location, l)
		return l
	}
	for _, text := range folded {
		space := strings.LastIndexByte(text, ' ')
		stack := text[:max(space, 0)]
		n, err := strconv.ParseInt(text[space+1:], 10, 64)
		if space < 0 || err != nil {
			t.Fatal(fmt.Errorf("%q is not a stack and a number: %w", text, err))
		}
		s := &profile.Sample{Value: []int64{n, n * period}}
		if stack != "" {
			frames := strings.Split(stack, ";")
			for i := range frames {
				s.Location = append(s.Location, location(frames[len(frames)-1-i]))
			}
		}
		p.Sample = append(p.Sample, s)
	}
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return p
}

// texts are source files by path.
type texts map[string]string

func (f texts) Lines(path string) ([]string, bool) {
	text, ok := f[path]
	return strings.Split(text, "\n"), ok
}

// numbered is a file of n lines that say their number.
func numbered(n int) string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d", i+1)
	}
	return strings.Join(lines, "\n")
}
