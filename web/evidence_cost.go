package web

import (
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/source"
)

// What evidence takes in memory, roughly: what the cache charges for it.

// copyBytes is what the copy of a profile's samples, stacks and locations takes,
// roughly. A refinement holds all of it, however little it leaves.
func copyBytes(p *profile.Profile) int64 {
	const sampleBytes, locationBytes, wordBytes = 120, 120, 8
	n := int64(len(p.Sample))*sampleBytes + int64(len(p.Location))*locationBytes
	for _, s := range p.Sample {
		n += int64(len(s.Location)) * wordBytes
	}
	return n
}

// textBytes is what a bundle takes once all its files were split into lines.
func textBytes(b source.Bundle) int64 {
	const stringBytes = 16 // of a line: it shares its text
	n := b.Size()
	for _, name := range b.Paths() {
		text, _ := b.Text(name)
		n += int64(strings.Count(text, "\n")+1) * stringBytes
	}
	return n
}
