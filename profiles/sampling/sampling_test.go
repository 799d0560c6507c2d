package sampling_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/sampling"
)

func TestOf(t *testing.T) {
	t.Parallel()
	types := func(namesAndUnits ...string) (list []*profile.ValueType) {
		for i := 0; i < len(namesAndUnits); i += 2 {
			list = append(list, &profile.ValueType{Type: namesAndUnits[i], Unit: namesAndUnits[i+1]})
		}
		return list
	}
	for name, c := range map[string]struct {
		types, period []*profile.ValueType
		every         int64
		sampleType    int
		want          sampling.Method
		samples       int64
	}{
		"Go's cpu":         {types("samples", "count", "cpu", "nanoseconds"), types("cpu", "nanoseconds"), 10, 1, sampling.Method{Counts: 0}, 9},
		"its samples":      {types("samples", "count", "cpu", "nanoseconds"), types("cpu", "nanoseconds"), 10, 0, sampling.Method{Counts: 0}, 9},
		"one sample":       {types("sample", "count", "wall", "nanoseconds"), types("wall", "nanoseconds"), 10, 1, sampling.Method{Counts: 0}, 9},
		"time by period":   {types("cpu", "nanoseconds"), types("cpu", "nanoseconds"), 3, 0, sampling.Method{Counts: -1, Period: 3}, 3},
		"period of others": {types("wall", "nanoseconds"), types("cpu", "nanoseconds"), 3, 0, sampling.Method{Counts: -1}, 0},
		"no period":        {types("cpu", "nanoseconds"), nil, 0, 0, sampling.Method{Counts: -1}, 0},
		"a bad period":     {types("cpu", "nanoseconds"), types("cpu", "nanoseconds"), -5, 0, sampling.Method{Counts: -1}, 0},
		"goroutines":       {types("goroutine", "count"), types("goroutine", "count"), 1, 0, sampling.Method{Counts: -1, Census: true}, 0},
		"threads":          {types("threadcreate", "count"), types("threadcreate", "count"), 1, 0, sampling.Method{Counts: -1, Census: true}, 0},
		"mutex":            {types("contentions", "count", "delay", "nanoseconds"), types("contentions", "count"), 1, 0, sampling.Method{Counts: -1}, 0},
		"its delay":        {types("contentions", "count", "delay", "nanoseconds"), types("contentions", "count"), 1, 1, sampling.Method{Counts: -1}, 0},
		"heap":             {types("inuse_objects", "count", "inuse_space", "bytes"), types("space", "bytes"), 512 << 10, 1, sampling.Method{Counts: -1}, 0},
		"no such type":     {types("cpu", "nanoseconds"), types("cpu", "nanoseconds"), 3, 7, sampling.Method{Counts: -1}, 0},
	} {
		p := &profile.Profile{SampleType: c.types, Period: c.every}
		if len(c.period) > 0 {
			p.PeriodType = c.period[0]
		}
		for _, v := range []int64{4, -5} {
			s := &profile.Sample{}
			for range c.types {
				s.Value = append(s.Value, v)
			}
			p.Sample = append(p.Sample, s)
		}
		if diff := cmp.Diff(c.want, sampling.Of(p, c.sampleType)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := sampling.Samples(p, c.sampleType); got != c.samples {
			t.Errorf("%s: %d samples, want %d", name, got, c.samples)
		}
	}
}
