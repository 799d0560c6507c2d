package origin

import (
	"strings"
	"time"
	"unicode"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// Title names a profile that nobody named by what it tells: the program, what it
// counts, when it was taken. "mtg · cpu · 30 Mar 2026"; "" where it tells nothing.
func Title(p *profile.Profile, counts string) string {
	parts := []string{}
	put := func(s string) {
		const most = 60 // characters: a title stands in lists and choices
		s = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return -1
			}
			return r
		}, clip(s))
		if r := []rune(s); len(r) > most {
			s = string(r[:most]) + "…"
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	put(program(p))
	put(Counted(counts))
	if p.TimeNanos > 0 {
		put(quantity.Date(time.Unix(0, p.TimeNanos).UTC()))
	}
	return strings.Join(parts, " · ")
}

// Counted is a sample type, "inuse_space/bytes", in words: "inuse space".
func Counted(sampleType string) string {
	kind, _, _ := strings.Cut(sampleType, "/")
	return strings.ReplaceAll(kind, "_", " ")
}
