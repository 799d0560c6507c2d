package listing

import (
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/prune"
)

// Open does to a profile what pprof does when it opens one, before any of its
// options apply: functions get the names that pprof reports, and the frames that the
// profile asks to drop go. After it every view and every filter finds a function
// under the same name. It changes p. Unlike pprof's, its work is bounded: see prune.
func Open(p *profile.Profile) {
	for _, fn := range p.Function {
		fn.Name = FunctionName(fn)
	}
	_ = prune.Frames(p)                 // a pattern that does not compile or takes too long drops nothing
	p.DropFrames, p.KeepFrames = "", "" // nobody has to match them again
}

// Binary is what a frame without a function name goes by: its binary, "[nginx]", or
// "<unknown>".
func Binary(l *profile.Location) string { return functionNode{object: objectOf(l)}.printable() }

// Nameless is how much of a profile was spent in frames without a function name,
// and how much it holds: magnitudes, so that nothing cancels out.
func Nameless(p *profile.Profile, sampleType int) (value, all int64) {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return 0, 0
	}
	for _, s := range p.Sample {
		v := magnitude(s.Value[sampleType])
		all += v
		if len(s.Location) == 0 {
			continue
		}
		leaf := s.Location[0].Line
		if len(leaf) == 0 || leaf[0].Function == nil || FunctionName(leaf[0].Function) == "" {
			value += v
		}
	}
	return value, all
}

// Has reports whether the profile has a function of this name, and whether one of
// them has a file, so that its lines can be listed.
func (x *Index) Has(function string) (named, lines bool) {
	return len(x.byFunction[function]) > 0, len(x.listedOf(function)) > 0
}
