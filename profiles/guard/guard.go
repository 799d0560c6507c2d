// Package guard decodes profiles that nobody vouches for.
//
// A profile is 8 KB on the wire and gigabytes in memory if its maker wants it
// so. Decoding is therefore done in steps, each bounded before the next begins:
//
//  1. at most Limits.Wire bytes are read;
//  2. if they are gzip, at most Limits.Inflated bytes are inflated;
//  3. the fields of the protobuf are counted without building anything (scan);
//  4. google/pprof decodes what was counted, and checks that it hangs together;
//  5. what decoding multiplies is counted: the frames of all stacks, inlined ones
//     included, and the text of names, which few bytes can share;
//  6. the patterns of frames that the profile asks to drop are tried.
//
// What is refused is an [*Error] with one sentence for the person who sent it.
//
// Note: profile.Parse and profile.ParseData are not used. They inflate without
// a bound, and hand whatever is no protobuf to the parsers of six old formats.
package guard

import (
	"fmt"
	"io"
	"math"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/prune"
)

// Limits bounds what is accepted. A field that is zero takes the value that
// [Default] has.
type Limits struct {
	Wire     int64 // bytes as sent
	Inflated int64 // bytes after gzip
	Members  int   // gzip streams one after another in one file

	Samples, Locations, Functions, Mappings, Strings, SampleTypes int

	StringBytes int // bytes of one string
	Comments    int
	Unknown     int // fields that no profile has
	// Frames of all stacks together, inlined ones included. Memory of the call
	// tree follows it.
	Frames int
	Values int // values of all samples together: samples × sample types
	Lines  int // inlined frames of all locations together
	Labels int // labels of all samples together
	// Labelled is the number of samples with labels; each takes three maps, about
	// 1 KB.
	Labelled int
	// Names is the bytes of what all functions and their files are called, Text that
	// of what all locations name (functions, files, binaries), and of all labels. A
	// string counts as often as it is used: work follows that, not the bytes sent.
	Names, Text int
	Memory      int64 // bytes of all that is counted, once it is decoded; see [Memory]
	AnyPattern  bool  // patterns that take too long are taken: nobody matches them, see prune.Frames
}

// Default is what the server accepts: some ten times the largest profile that a
// service of 100 cores makes in a minute.
func Default() Limits {
	return Limits{
		Wire: 32 << 20, Inflated: 64 << 20, Members: 64,
		Samples: 1_000_000, Locations: 1_000_000, Functions: 500_000,
		Mappings: 10_000, Strings: 1_000_000, SampleTypes: 64,
		StringBytes: 1 << 20, Comments: 1_000, Unknown: 64,
		Frames: 4_000_000, Values: 8_000_000, Lines: 2_000_000,
		Labels: 1_000_000, Labelled: 250_000,
		Names: 64 << 20, Text: 256 << 20, // forty times the largest profile of the corpus, and more
		Memory: 256 << 20, // twenty times as much as it takes
	}
}

// Stored is for profiles that are stored: nothing is taken by it. Earlier versions bounded
// neither texts nor memory nor patterns, and what they took has to open still. It costs
// what it cost then, but for its patterns, which are ignored where they take too long.
func Stored() Limits {
	l := Default()
	l.Names, l.Text, l.Memory, l.AnyPattern = math.MaxInt, math.MaxInt, math.MaxInt64, true
	return l
}

// Decode reads r to its end and decodes it. The second result is what was read,
// byte for byte, for whoever stores the original; it is nil after an error.
// What r itself reports is returned wrapped, and is no *Error.
func Decode(r io.Reader, l Limits) (*profile.Profile, []byte, error) {
	l = l.filled()
	wire, err := io.ReadAll(io.LimitReader(r, l.Wire+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read the profile: %w", err)
	}
	p, err := DecodeBytes(wire, l)
	if err != nil {
		return nil, nil, err
	}
	return p, wire, nil
}

// DecodeBytes decodes one profile, gzipped or not. It keeps no reference to b.
func DecodeBytes(b []byte, l Limits) (*profile.Profile, error) {
	l = l.filled()
	if int64(len(b)) > l.Wire {
		return nil, refuse(TooLarge, "The file is larger than %s; record for a shorter time, or gzip it.", size(l.Wire))
	}
	data, err := inflate(b, l)
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, refuse(NotProfile, "The file is empty; send the profile that runtime/pprof or `go tool pprof -proto` wrote.")
	}
	if err := scan(data, l); err != nil {
		return nil, named(data, err)
	}
	p, err := profile.ParseUncompressed(data)
	if err == nil {
		err = p.CheckValid()
	}
	if err != nil {
		return nil, named(data, broken(err))
	}
	for _, check := range []func(*profile.Profile, Limits) *Error{checkFrames, checkText, checkPatterns} {
		if err := check(p, l); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// checkFrames counts the frames of all stacks. Few bytes make many of them: a
// location holds any number of inlined frames, and a sample names it any number
// of times.
func checkFrames(p *profile.Profile, l Limits) *Error {
	n := 0
	for _, s := range p.Sample {
		for _, loc := range s.Location {
			n += max(1, len(loc.Line))
		}
		if n > l.Frames {
			return tooMany(l.Frames, "frames in its stacks", shorten)
		}
	}
	return nil
}

// checkPatterns refuses regular expressions that take long, of frames that the profile
// asks to drop.
func checkPatterns(p *profile.Profile, l Limits) *Error {
	switch {
	case l.AnyPattern:
	case max(len(p.DropFrames), len(p.KeepFrames)) > prune.MaxPattern:
		return refuse(TooLarge, "The pattern of frames that the profile asks to drop or keep has more than %s; write the profile without it.", size(prune.MaxPattern))
	case !prune.Affordable(p):
		return refuse(TooLarge, "The pattern of frames that the profile asks to drop or keep takes too long to match; write the profile without it.")
	}
	return nil
}

// filled replaces zeros by the defaults.
func (l Limits) filled() Limits {
	d := Default()
	fill(&l.Wire, d.Wire)
	fill(&l.Inflated, d.Inflated)
	fill(&l.Memory, d.Memory)
	for _, f := range []struct {
		have *int
		want int
	}{
		{&l.Members, d.Members},
		{&l.Samples, d.Samples},
		{&l.Locations, d.Locations},
		{&l.Functions, d.Functions},
		{&l.Mappings, d.Mappings},
		{&l.Strings, d.Strings},
		{&l.SampleTypes, d.SampleTypes},
		{&l.StringBytes, d.StringBytes},
		{&l.Comments, d.Comments},
		{&l.Unknown, d.Unknown},
		{&l.Frames, d.Frames},
		{&l.Values, d.Values},
		{&l.Lines, d.Lines},
		{&l.Labels, d.Labels},
		{&l.Labelled, d.Labelled},
		{&l.Names, d.Names},
		{&l.Text, d.Text},
	} {
		fill(f.have, f.want)
	}
	return l
}

func fill[T int | int64](have *T, want T) {
	if *have == 0 {
		*have = want
	}
}
