// Package shapes makes large profiles by program, the same on every machine: what
// the product is measured with, beside other viewers of profiles.
//
// Two shapes are told apart, because they are hard for different reasons. That of a
// service has few functions, deep stacks, a few heavy paths and a long tail: many of
// its boxes are wide enough to be drawn. A flat giant has hundreds of thousands of
// tiny frames: nearly none is wide enough, and all have to be counted.
//
// A profile comes with the text of the files that it names, so that viewers that
// show source have something to show.
package shapes

import (
	"bytes"
	"fmt"
	"math/rand/v2"

	"github.com/google/pprof/profile"
)

// Sizes of the two shapes. Nodes are those of the merged call tree of function
// names, without its root.
const (
	ServiceSamples   = 73_000
	ServiceFunctions = 2_400
	ServiceNodes     = 20_000
	ServiceDepth     = 30

	FlatSamples   = 20_000
	FlatFunctions = 23_000
	FlatNodes     = 425_000
)

const (
	period   = 10_000_000       // CPU time that one sample stands for, in ns
	duration = 60_000_000_000   // ns
	taken    = 1_700_000_000e9  // when the profile says that it was taken
	text     = uint64(0x400000) // where the code begins
)

// maker builds a profile.
type maker struct {
	p         *profile.Profile
	rng       *rand.Rand
	functions []*profile.Function
	inlined   []bool // by function: its frames stand in the location of their caller
	locations map[string]*profile.Location
	stacks    map[string]bool // those that are in the profile
}

func newMaker(seed uint64, functions int) *maker {
	m := &maker{
		p: &profile.Profile{
			SampleType:    []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
			PeriodType:    &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
			Period:        period,
			TimeNanos:     taken,
			DurationNanos: duration,
			Mapping: []*profile.Mapping{{
				ID: 1, Start: text, Limit: text + 0x4000000, File: "/usr/local/bin/shop", BuildID: "0123456789abcdef",
				HasFunctions: true, HasFilenames: true, HasLineNumbers: true, HasInlineFrames: true,
			}},
		},
		rng:       rand.New(rand.NewPCG(seed, 4)),
		locations: map[string]*profile.Location{},
		stacks:    map[string]bool{},
	}
	for i := range functions {
		f := function(i)
		m.functions = append(m.functions, f)
		m.inlined = append(m.inlined, i%11 == 7)
	}
	m.p.Function = m.functions
	return m
}

// stack turns a path of functions, root first, into locations, leaf first. sites
// says for each frame from which of the places in its caller it is called.
func (m *maker) stack(path []int32, sites []uint8) []*profile.Location {
	var out []*profile.Location
	for to := len(path); to > 0; {
		from := to - 1
		for from > 0 && m.inlined[path[from]] {
			from--
		}
		out = append(out, m.location(path[from:to], sites[from:to]))
		to = from
	}
	return out
}

// location is the place of a frame and of those that are inlined in it.
func (m *maker) location(frames []int32, sites []uint8) *profile.Location {
	key := make([]byte, 0, 5*len(frames))
	for i, f := range frames {
		key = append(key, byte(f), byte(f>>8), byte(f>>16), sites[i])
	}
	if l := m.locations[string(key)]; l != nil {
		return l
	}
	id := uint64(len(m.p.Location) + 1)
	l := &profile.Location{ID: id, Mapping: m.p.Mapping[0], Address: text + 16*id}
	for i := len(frames) - 1; i >= 0; i-- {
		f := m.functions[frames[i]]
		l.Line = append(l.Line, profile.Line{Function: f, Line: line(f, sites[i])})
	}
	m.p.Location = append(m.p.Location, l)
	m.locations[string(key)] = l
	return l
}

// line is one of a function's lines that calls something or computes.
func line(f *profile.Function, site uint8) int64 {
	return f.StartLine + 1 + (int64(site)*7+int64(f.ID)*3)%(functionLines-3)
}

// add appends a sample, unless one with the same stack is there.
func (m *maker) add(path []int32, sites []uint8, count int64) bool {
	stack := m.stack(path, sites)
	key := make([]byte, 0, 4*len(stack))
	for _, l := range stack {
		key = append(key, byte(l.ID), byte(l.ID>>8), byte(l.ID>>16), byte(l.ID>>24))
	}
	if m.stacks[string(key)] {
		return false
	}
	m.stacks[string(key)] = true
	m.p.Sample = append(m.p.Sample, &profile.Sample{Location: stack, Value: []int64{count, count * period}})
	return true
}

// Encode writes a profile as a .pprof file.
func Encode(p *profile.Profile) ([]byte, error) {
	if err := p.CheckValid(); err != nil {
		return nil, fmt.Errorf("check a made profile: %w", err)
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return nil, fmt.Errorf("encode a made profile: %w", err)
	}
	return b.Bytes(), nil
}
