// Package refine chooses which samples and frames of a profile are looked at, by
// the rules of pprof's options focus, ignore, hide, show_from and tagfocus, and
// lists the labels that samples can be chosen by.
package refine

import (
	"regexp"
	"slices"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/prune"
)

// Refinement is what of a profile is looked at. Patterns match the names of
// functions, of their files and of binaries; nil is no restriction. The zero value
// is the whole profile.
type Refinement struct {
	Focus    *regexp.Regexp // samples that hold a frame that matches
	Ignore   *regexp.Regexp // no samples that hold a frame that matches
	Hide     *regexp.Regexp // frames that match are taken out of their stacks
	ShowFrom *regexp.Regexp // stacks begin at their highest frame that matches
	// Key and Value choose the samples with this label; a number is written as
	// [Labels] writes it. An empty Key chooses all.
	Key, Value string
}

// Whole reports whether nothing is left out.
func (r Refinement) Whole() bool {
	return r.Focus == nil && r.Ignore == nil && r.Hide == nil && r.ShowFrom == nil && r.Key == ""
}

// Apply returns what r leaves of p. The result shares what it does not change with
// p, which stays as it is. It may have no sample.
func (r Refinement) Apply(p *profile.Profile) *profile.Profile {
	if r.Whole() {
		return p
	}
	q := copyStacks(p)
	_ = prune.Frames(q) // pprof does so first, and drops nothing where a pattern does not compile
	q.FilterSamplesByName(r.Focus, r.Ignore, r.Hide, nil)
	q.ShowFrom(r.ShowFrom)
	if r.Key != "" {
		q.Sample = slices.DeleteFunc(q.Sample, func(s *profile.Sample) bool { return !has(s, r.Key, r.Value) })
	}
	return q
}

// copyStacks is p with samples and locations of its own: what pprof's filters
// change. They never write to the lines of a location, they cut them.
func copyStacks(p *profile.Profile) *profile.Profile {
	q := &profile.Profile{
		SampleType: p.SampleType, DefaultSampleType: p.DefaultSampleType,
		Mapping: p.Mapping, Function: p.Function,
		Comments: p.Comments, DocURL: p.DocURL, DropFrames: p.DropFrames, KeepFrames: p.KeepFrames,
		TimeNanos: p.TimeNanos, DurationNanos: p.DurationNanos, PeriodType: p.PeriodType, Period: p.Period,
	}
	locations := make([]profile.Location, len(p.Location))
	own := make(map[*profile.Location]*profile.Location, len(p.Location))
	q.Location = make([]*profile.Location, len(p.Location))
	for i, l := range p.Location {
		locations[i] = *l
		q.Location[i] = &locations[i]
		own[l] = &locations[i]
	}
	samples, frames := make([]profile.Sample, len(p.Sample)), 0
	for _, s := range p.Sample {
		frames += len(s.Location)
	}
	stacks := make([]*profile.Location, 0, frames)
	q.Sample = make([]*profile.Sample, len(p.Sample))
	for i, s := range p.Sample {
		samples[i] = *s
		from := len(stacks)
		for _, l := range s.Location {
			stacks = append(stacks, own[l])
		}
		samples[i].Location = stacks[from:len(stacks):len(stacks)]
		q.Sample[i] = &samples[i]
	}
	return q
}
