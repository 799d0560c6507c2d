package listing

import "github.com/google/pprof/profile"

// Counter counts the samples behind stacks, as this package does, for those who walk
// a profile themselves.
type Counter struct{ weight weight }

// CounterOf counts by samples/count values where there are any, else by the value of a
// sample type of the profile over its period.
func CounterOf(p *profile.Profile, sampleType int) Counter {
	return Counter{weightOf(p, sampleType)}
}

// Of is what a sample adds to a sum for [Counter.Count].
func (c Counter) Of(s *profile.Sample) int64 { return c.weight.of(s) }

// Count turns a sum into a number of samples; 0 where that is not known.
func (c Counter) Count(sum int64) int64 { return c.weight.count(sum) }
