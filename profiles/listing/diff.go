package listing

import (
	"fmt"
	"strings"

	"github.com/google/pprof/profile"
)

// Diff is the profile that pprof -diff_base=base other reports on: other's
// samples, and base's with their sign turned. normalize first scales other to
// base's totals, as pprof -normalize. Build and Top over it equal pprof's.
//
// Sample types that only one side has are dropped, but not with normalize, which
// takes profiles of the same types. Neither side is changed. An error is one
// sentence on what cannot be compared.
func Diff(base, other *profile.Profile, normalize bool) (*profile.Profile, error) {
	b, o := copySamples(base), copySamples(other)
	b.SetLabel("pprof::base", []string{"true"})
	if normalize {
		if typesOf(b) != typesOf(o) || *b.PeriodType != *o.PeriodType {
			return nil, incomparable(base, other)
		}
		if err := o.Normalize(b); err != nil {
			return nil, fmt.Errorf("normalize the profile to its base: %w", err)
		}
	}
	b.Scale(-1)
	both := []*profile.Profile{o, b}
	if profile.CompatibilizeSampleTypes(both) != nil || !commonUnits(o, b) {
		return nil, incomparable(base, other)
	}
	d, err := profile.Merge(both)
	if err != nil {
		return nil, fmt.Errorf("compare two profiles: %w", err)
	}
	return d, nil
}

func incomparable(base, other *profile.Profile) error {
	return fmt.Errorf("the base has the sample types %s and the other profile %s: choose two profiles of one kind",
		typesOf(base), typesOf(other))
}

// typesOf writes sample types for people: "samples/count, cpu/nanoseconds".
func typesOf(p *profile.Profile) string {
	names := make([]string, len(p.SampleType))
	for i, t := range p.SampleType {
		names[i] = t.Type + "/" + t.Unit
	}
	return strings.Join(names, ", ")
}
