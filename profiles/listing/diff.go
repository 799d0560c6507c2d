package listing

import (
	"fmt"

	"github.com/google/pprof/profile"
)

// Diff is the profile that pprof -diff_base=base other reports on: other's
// samples, and base's with their sign turned. normalize first scales other to
// base's totals, as pprof -normalize. Build and Top over it equal pprof's.
//
// Sample types that only one side has are dropped; neither side is changed. An
// error says which types cannot be compared.
func Diff(base, other *profile.Profile, normalize bool) (*profile.Profile, error) {
	b, o := copySamples(base), copySamples(other)
	b.SetLabel("pprof::base", []string{"true"})
	if normalize {
		if err := o.Normalize(b); err != nil {
			return nil, fmt.Errorf("normalize the profile to its base: %w", err)
		}
	}
	b.Scale(-1)
	both := []*profile.Profile{o, b}
	if err := profile.CompatibilizeSampleTypes(both); err != nil {
		return nil, fmt.Errorf("compare two profiles: %w", err)
	}
	if err := commonUnits(both); err != nil {
		return nil, fmt.Errorf("compare two profiles: %w", err)
	}
	d, err := profile.Merge(both)
	if err != nil {
		return nil, fmt.Errorf("compare two profiles: %w", err)
	}
	return d, nil
}
