package web_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
)

// What an earlier version took opens, though no upload of it is taken now.
func TestStoredProfilesOpen(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	slow := slowPattern()
	slow.DropFrames = strings.Repeat("a*", 2000) + "z"
	for name, p := range map[string]*profile.Profile{"many labels": manyLabels(200_000), "slow pattern": slow} {
		data := encode(t, p)
		s.do("POST", "/api/v1/profiles", bytes.NewReader(data), bearer).want(t, 413)
		row, err := s.store.AddProfile(t.Context(), profiles.Profile{SampleTypes: []string{"samples/count", "cpu/nanoseconds"}}, data, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{"", "?tab=top"} {
			began := time.Now()
			s.page("/profiles/"+row.ID+q).want(t, 200)
			t.Logf("%s %q: %v", name, q, time.Since(began).Round(time.Millisecond))
		}
	}
}
