package listing

import (
	"slices"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/prune"
)

// interesting is p without the frames that p itself asks to drop, as pprof
// shows it. Most profiles ask for none and are returned as they are; otherwise
// the answer is a copy. A pattern that does not compile drops nothing.
func interesting(p *profile.Profile) *profile.Profile {
	if p.DropFrames == "" {
		return p
	}
	q := shallow(p)
	copies := make(map[*profile.Location]*profile.Location, len(p.Location))
	q.Location = make([]*profile.Location, len(p.Location))
	for i, l := range p.Location {
		c := *l
		q.Location[i], copies[l] = &c, &c
	}
	q.Sample = make([]*profile.Sample, len(p.Sample))
	for i, s := range p.Sample {
		c := *s
		c.Location = make([]*profile.Location, len(s.Location))
		for j, l := range s.Location {
			c.Location[j] = copies[l]
		}
		q.Sample[i] = &c
	}
	if err := prune.Frames(q); err != nil {
		return p
	}
	return q
}

// copySamples is p with samples, values and labels of its own; the locations
// are shared, because nothing that Diff does changes them.
func copySamples(p *profile.Profile) *profile.Profile {
	q := shallow(p)
	q.PeriodType = copyType(p.PeriodType)
	q.SampleType = make([]*profile.ValueType, len(p.SampleType))
	for i, t := range p.SampleType {
		q.SampleType[i] = copyType(t)
	}
	q.Sample = make([]*profile.Sample, len(p.Sample))
	for i, s := range p.Sample {
		c := *s
		c.Value = slices.Clone(s.Value)
		c.Label = make(map[string][]string, len(s.Label)+1)
		for k, v := range s.Label {
			c.Label[k] = v
		}
		q.Sample[i] = &c
	}
	return q
}

// shallow is a profile of its own that shares everything below with p.
func shallow(p *profile.Profile) *profile.Profile {
	return &profile.Profile{
		SampleType: p.SampleType, DefaultSampleType: p.DefaultSampleType,
		Sample: p.Sample, Mapping: p.Mapping, Location: p.Location, Function: p.Function,
		Comments: p.Comments, DocURL: p.DocURL, DropFrames: p.DropFrames, KeepFrames: p.KeepFrames,
		TimeNanos: p.TimeNanos, DurationNanos: p.DurationNanos, PeriodType: p.PeriodType, Period: p.Period,
	}
}

func copyType(t *profile.ValueType) *profile.ValueType {
	if t == nil {
		return &profile.ValueType{}
	}
	return &profile.ValueType{Type: t.Type, Unit: t.Unit}
}
