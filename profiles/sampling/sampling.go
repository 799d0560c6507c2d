// Package sampling says how the values of a profile came to be counted: by samples,
// whose number gives each value an error, or one by one.
package sampling

import (
	"github.com/google/pprof/profile"
)

// Method is how many samples are behind the values of one sample type.
type Method struct {
	// Counts is the sample type that holds the number of samples; -1 for none.
	Counts int
	// Period is what one sample adds to a value where none holds their number; 0 for
	// unknown, as of a heap, whose samples have been scaled up.
	Period int64
	// Census is set where there are no samples: each thing was counted, so that a
	// value has no error.
	Census bool
}

// Of is the method of a sample type; of one that p does not have nothing is known.
func Of(p *profile.Profile, sampleType int) Method {
	m := Method{Counts: -1}
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return m
	}
	for i, t := range p.SampleType {
		if t.Unit == "count" && (t.Type == "samples" || t.Type == "sample") {
			m.Counts = i
			return m
		}
	}
	t, period := p.SampleType[sampleType], p.PeriodType
	switch {
	case t.Unit == "count" && (t.Type == "goroutine" || t.Type == "goroutines" || t.Type == "threadcreate"):
		m.Census = true
	case t.Unit == "count" && t.Type == "contentions":
		// Go scales them up by the rate at which it took them, and writes a period of 1.
	case period != nil && period.Type == t.Type && period.Unit == t.Unit:
		m.Period = max(p.Period, 0)
	}
	return m
}

// Known reports whether the number of samples is.
func (m Method) Known() bool { return m.Counts >= 0 || m.Period > 0 }

// Samples is how many samples are behind all values of a sample type; 0 for unknown.
func Samples(p *profile.Profile, sampleType int) int64 {
	m := Of(p, sampleType)
	if !m.Known() {
		return 0
	}
	at, period := m.Counts, int64(1)
	if at < 0 {
		at, period = sampleType, m.Period
	}
	sum := int64(0)
	for _, s := range p.Sample {
		if at < len(s.Value) {
			sum += max(s.Value[at], -s.Value[at]) // what was subtracted was sampled too
		}
	}
	return (sum + period/2) / period
}
