package origin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/origin"
)

func TestTitle(t *testing.T) {
	t.Parallel()
	taken := time.Date(2026, 3, 30, 23, 59, 0, 0, time.UTC).UnixNano()
	for want, c := range map[string]struct {
		file, counts string
		at           int64
	}{
		"mtg · cpu · 30 Mar 2026":         {"/srv/bin/mtg", "cpu/nanoseconds", taken},
		"mtg.exe · inuse space":           {`C:\bin\mtg.exe`, "inuse_space/bytes", 0},
		"goroutine":                       {"[vdso]", "goroutine/count", -5},
		"ab · cpu":                        {"/x/a\n\x1bb", "cpu/nanoseconds", 0},
		strings.Repeat("é", 60) + "… · x": {strings.Repeat("é", 90), "x", 0},
		"":                                {"", "", 0},
	} {
		p := &profile.Profile{TimeNanos: c.at, Mapping: []*profile.Mapping{{File: c.file}}}
		if got := origin.Title(p, c.counts); got != want {
			t.Errorf("Title = %q, want %q", got, want)
		}
	}
	if got := origin.Title(&profile.Profile{}, "cpu/nanoseconds"); got != "cpu" {
		t.Errorf("without a mapping: %q", got)
	}
}
