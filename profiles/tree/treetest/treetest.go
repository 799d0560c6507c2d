// Package treetest makes profiles for the tests of call trees and of what is
// drawn from them.
package treetest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"
)

// Period is the CPU time that one sample of a profile made here stands for.
const Period = 10_000_000

// maker builds a profile with one location a function.
type maker struct {
	p         *profile.Profile
	locations map[string]*profile.Location
}

// cpu begins a profile with the sample types samples/count and
// cpu/nanoseconds.
func cpu() *maker {
	m := &profile.Mapping{ID: 1, Start: 0x400000, Limit: 0x500000, File: "/usr/bin/app"}
	return &maker{
		p: &profile.Profile{
			SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
			PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
			Period:     Period,
			Mapping:    []*profile.Mapping{m},
		},
		locations: map[string]*profile.Location{},
	}
}

func (m *maker) location(name string) *profile.Location {
	if l := m.locations[name]; l != nil {
		return l
	}
	id := uint64(len(m.p.Function) + 1)
	f := &profile.Function{ID: id, Name: name, SystemName: name, Filename: "app.go", StartLine: int64(id)}
	l := &profile.Location{ID: id, Mapping: m.p.Mapping[0], Address: 0x400000 + id, Line: []profile.Line{{Function: f, Line: int64(id)}}}
	m.p.Function, m.p.Location = append(m.p.Function, f), append(m.p.Location, l)
	m.locations[name] = l
	return l
}

// add appends a sample with the path root first.
func (m *maker) add(path []string, count int64) {
	s := &profile.Sample{Value: []int64{count, count * Period}}
	for i := len(path) - 1; i >= 0; i-- {
		s.Location = append(s.Location, m.location(path[i]))
	}
	m.p.Sample = append(m.p.Sample, s)
}

// Folded reads folded stacks, a line each: "main;serve;read 3". It panics on a
// line that it cannot read.
func Folded(text string) *profile.Profile {
	m := cpu()
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		cut := strings.LastIndexByte(line, ' ')
		count, err := strconv.ParseInt(line[cut+1:], 10, 64)
		if err != nil {
			panic(fmt.Sprintf("treetest: line %q: %v", line, err))
		}
		m.add(strings.FieldsFunc(line[:max(cut, 0)], func(r rune) bool { return r == ';' }), count)
	}
	return m.p
}

// Large makes a profile in the shape of a big service's: 20,000 stacks, about
// 23,000 functions and 430,000 nodes, nearly all of them tiny.
func Large(seed uint64) *profile.Profile {
	rng := rand.New(rand.NewPCG(seed, 1))
	m := cpu()
	names := make([]string, 23_000)
	for i := range names {
		names[i] = fmt.Sprintf("example.com/service/internal/part%d/layer%d.(*Handler).method%d", i%97, i%13, i)
	}
	path := make([]string, 0, 64)
	for range 20_000 {
		path = append(path[:0], "runtime.goexit", names[rng.IntN(3)], names[rng.IntN(40)])
		for range 4 + rng.IntN(38) {
			path = append(path, names[rng.IntN(len(names))])
		}
		m.add(path, 1+int64(rng.ExpFloat64()*2))
	}
	return m.p
}

// Random makes a small profile with recursion, shared prefixes, inlined frames,
// nameless locations and empty stacks. When negative is set some values are
// below zero, as in a difference.
func Random(rng *rand.Rand, negative bool) *profile.Profile {
	m := cpu()
	bare := &profile.Location{ID: 1 << 40, Address: 0x1234, Mapping: m.p.Mapping[0]}
	m.p.Location = append(m.p.Location, bare)
	for range rng.IntN(40) {
		path := make([]string, rng.IntN(9))
		for i := range path {
			path[i] = string(rune('a' + rng.IntN(5)))
		}
		m.add(path, int64(rng.IntN(20)))
		s := m.p.Sample[len(m.p.Sample)-1]
		if rng.IntN(8) == 0 {
			s.Location = append([]*profile.Location{bare}, s.Location...)
		}
		if negative && rng.IntN(3) == 0 {
			s.Value[0], s.Value[1] = -s.Value[0], -s.Value[1]
		}
	}
	for _, l := range m.p.Location {
		if rng.IntN(6) == 0 {
			l.Line = append(l.Line, profile.Line{Function: m.location("inlining").Line[0].Function, Line: 7})
		}
	}
	return m.p
}
