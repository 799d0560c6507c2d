package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// mostlyNameless is from which part of a profile in frames without a function name
// on it is said.
const mostlyNameless = 0.5

// nameless is the part of a whole profile that was spent in frames without a function
// name.
func (e *evidence) nameless(ctx context.Context, o side) (float64, error) {
	const bytes = 8
	whole, err := e.profile(ctx, o.row)
	if err != nil {
		return 0, err
	}
	return cached(e.cache, fmt.Sprintf("nameless %s %d", o.row.SHA256, o.sampleType), func() (float64, int64, error) {
		value, all := listing.Nameless(whole, o.sampleType)
		return over(float64(value), float64(all)), bytes, nil
	})
}

// namelessNotices say of a profile that it is mostly of addresses, and how it gets names.
func (s *Server) namelessNotices(ctx context.Context, o side) []templates.Notice {
	part, err := s.evidence.nameless(ctx, o)
	if err != nil || part < mostlyNameless { // it is not worth an error
		return []templates.Notice{}
	}
	text := quantity.Percent(part) + " of this profile was spent in frames without a function name: it was not symbolized. The flame graph shows their addresses, the table their binaries, and there are no lines. " +
		"With the binary that ran, go tool pprof -proto BINARY PROFILE writes a profile with names."
	return []templates.Notice{{Tone: templates.Soft, Text: text}}
}

// differentNames is a sentence for two profiles of which one at least is mostly of
// addresses; none for others.
func (s *Server) differentNames(ctx context.Context, a, b side) []string {
	parts, most := []string{}, 0.0
	for _, o := range []side{a, b} {
		part, err := s.evidence.nameless(ctx, o)
		if err != nil {
			return nil
		}
		most = max(most, part)
		parts = append(parts, quantity.Percent(part)+" of "+o.row.ID)
	}
	if most < mostlyNameless || a.row.SHA256 == b.row.SHA256 {
		return nil
	}
	return []string{"Names: " + strings.Join(parts, " and ") + " was spent in frames without a function name. They are told apart by address, and another build has other addresses: that such a frame is new or gone says nothing about the program."}
}
