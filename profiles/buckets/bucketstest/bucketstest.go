// Package bucketstest makes kernel-deep profiles for tests.
package bucketstest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/ksym"
)

// Period is the CPU time that one sample of a profile made here stands for: 997 of
// them are a second.
const Period = 1_000_000_000 / 997

// maker builds a profile with one location a function.
type maker struct {
	p         *profile.Profile
	locations map[string]*profile.Location
}

// Folded reads stacks, a line each: where the CPU was (user, kernel, softirq, or - for a
// sample that does not say), Go's frames, then behind a bar the kernel's, root first,
// and how many samples:
//
//	kernel runtime.goexit;net.(*conn).Write | ksys_write;tcp_sendmsg 3
//
// The kernel's frame "?" has no name. It panics on a line that it cannot read.
func Folded(text string) *profile.Profile {
	m := &maker{locations: map[string]*profile.Location{}, p: &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: Period, DurationNanos: 2_000_000_000,
		Mapping: []*profile.Mapping{
			{ID: 1, Start: 0x400000, Limit: 0x800000, File: "/usr/bin/sockscope", HasFunctions: true},
			{ID: 2, Start: 0xffffffff80000000, Limit: 0xffffffffc0000000, File: ksym.Binary, HasFunctions: true},
		},
	}}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			m.add(line)
		}
	}
	return m.p
}

func (m *maker) add(line string) {
	mode, rest, _ := strings.Cut(line, " ")
	cut := strings.LastIndexByte(rest, ' ')
	count, err := strconv.ParseInt(rest[cut+1:], 10, 64)
	if err != nil {
		panic(fmt.Sprintf("bucketstest: line %q: %v", line, err))
	}
	own, kernel, _ := strings.Cut(rest[:max(cut, 0)], "|")
	s := &profile.Sample{Value: []int64{count, count * Period}}
	for i, stack := range []string{own, kernel} {
		for _, name := range strings.FieldsFunc(stack, func(r rune) bool { return r == ';' || r == ' ' }) {
			s.Location = append([]*profile.Location{m.location(name, i == 1)}, s.Location...)
		}
	}
	if mode != "-" {
		s.Label = map[string][]string{"mode": {mode}}
	}
	m.p.Sample = append(m.p.Sample, s)
}

func (m *maker) location(name string, kernel bool) *profile.Location {
	key := fmt.Sprint(name, kernel)
	if l := m.locations[key]; l != nil {
		return l
	}
	id := uint64(len(m.p.Location) + 1)
	f := &profile.Function{ID: id, Name: name, SystemName: name, Filename: "net.go", StartLine: 1}
	l := &profile.Location{ID: id, Mapping: m.p.Mapping[0], Address: 0x400000 + id, Line: []profile.Line{{Function: f, Line: int64(id)}}}
	if kernel {
		f.Filename, f.StartLine = "[kernel]", 0
		l.Mapping, l.Address, l.Line[0].Line = m.p.Mapping[1], 0xffffffff80000000+id, 0
	}
	if name == "?" {
		f.Name, f.SystemName = "[kernel]", "[kernel]"
	}
	m.p.Function, m.p.Location = append(m.p.Function, f), append(m.p.Location, l)
	m.locations[key] = l
	return l
}
