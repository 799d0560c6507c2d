package assets

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Colour is a colour of the style sheet in both themes: "#0072b2", "#56b4e9".
type Colour struct{ Light, Dark string }

var (
	fillRule  = regexp.MustCompile(`([^{}]+)\{fill:\s*light-dark\(\s*(#[0-9a-fA-F]+)\s*,\s*(#[0-9a-fA-F]+)\s*\)`)
	tokenRule = regexp.MustCompile(`(--[a-z0-9-]+):\s*light-dark\(\s*(#[0-9a-fA-F]+)\s*,\s*(#[0-9a-fA-F]+)\s*\)`)
)

// colours are read from the style sheet once, so that pictures that stand alone have
// the colours of the pages.
var colours = sync.OnceValue(func() map[string]Colour {
	css, all := string(Bytes("app.css")), map[string]Colour{}
	for _, m := range tokenRule.FindAllStringSubmatch(css, -1) {
		all[m[1]] = Colour{m[2], m[3]}
	}
	for _, m := range fillRule.FindAllStringSubmatch(css, -1) {
		for selector := range strings.SplitSeq(m[1], ",") {
			all[strings.TrimSpace(selector)] = Colour{m[2], m[3]}
		}
	}
	return all
})

// ColourOf is the colour of a token, "--panel", or of what a selector fills,
// ".Fill-net"; the zero Colour for what the style sheet does not have.
func ColourOf(name string) Colour { return colours()[name] }

// ColourNames are all names that [ColourOf] knows, in order.
func ColourNames() []string { return slices.Sorted(maps.Keys(colours())) }
