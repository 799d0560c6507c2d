// Package prune drops the frames that a profile asks to drop (its drop_frames and
// keep_frames), as pprof does, and says beforehand whether that takes too long: both
// are regular expressions of whoever made the profile.
package prune

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/pprof/profile"
)

// MaxPattern is the most bytes of a pattern that are taken. The longest that pprof
// writes itself, for C++ allocators, has about 600.
const MaxPattern = 4 << 10

// maxName is how much of a name is matched. Longer ones exist to take time.
const maxName = 4 << 10

// Frames drops from p what it asks to drop: frames that match drop_frames, unless they
// match keep_frames, with all that they call. p must have samples and locations of its
// own. Patterns that do not compile or that take too long drop nothing and are an error.
func Frames(p *profile.Profile) error {
	if !Affordable(p) {
		return errors.New("match drop_frames and keep_frames: that takes too long")
	}
	drop, keep, err := patterns(p)
	if drop == nil {
		return err
	}
	cut := cutAll(p.Location, dropped(p, drop, keep))
	for _, s := range p.Sample {
		s.Location = cut.stack(s.Location)
	}
	return nil
}

// patterns are nil where the profile has none, and both where one does not compile.
func patterns(p *profile.Profile) (drop, keep *regexp.Regexp, err error) {
	if p.DropFrames == "" {
		return nil, nil, nil
	}
	if drop, err = regexp.Compile(whole(p.DropFrames)); err != nil {
		return nil, nil, fmt.Errorf("compile drop_frames: %w", err)
	}
	if p.KeepFrames == "" {
		return drop, nil, nil
	}
	if keep, err = regexp.Compile(whole(p.KeepFrames)); err != nil {
		return nil, nil, fmt.Errorf("compile keep_frames: %w", err)
	}
	return drop, keep, nil
}

// whole is the pattern that matches names as a whole, as pprof writes it.
func whole(pattern string) string { return "^(" + pattern + ")$" }

// dropped are the functions that are dropped. Each name is matched once.
func dropped(p *profile.Profile, drop, keep *regexp.Regexp) map[*profile.Function]bool {
	functions, names := map[*profile.Function]bool{}, map[string]bool{}
	for _, f := range p.Function {
		if f.Name == "" {
			continue
		}
		goes, known := names[f.Name]
		if !known {
			name := simplified(f.Name)
			goes = drop.MatchString(name) && (keep == nil || !keep.MatchString(name))
			names[f.Name] = goes
		}
		if goes {
			functions[f] = true
		}
	}
	return functions
}

// simplified is what pprof matches of a name: without the dot of the PPC ELF v1 ABI,
// and without C++ arguments.
func simplified(name string) string {
	name = strings.TrimPrefix(name[:min(len(name), maxName)], ".")
	for at := 0; at < len(name); at++ {
		const namespace, call = "(anonymous namespace)", "operator()"
		switch rest := name[at:]; {
		case strings.HasPrefix(rest, namespace):
			at += len(namespace) - 1
		case strings.HasPrefix(rest, call):
			at += len(call) - 1
		case rest[0] == '(':
			return name[:at]
		}
	}
	return name
}

// cuts are the locations of which something is dropped, by id.
type cuts struct{ whole, part map[uint64]bool }

// cutAll cuts the dropped frames off the lines of the locations: the outermost that
// is dropped, and what is inlined into it.
func cutAll(locations []*profile.Location, dropped map[*profile.Function]bool) cuts {
	c := cuts{whole: map[uint64]bool{}, part: map[uint64]bool{}}
	for _, l := range locations {
		i := len(l.Line) - 1
		for i >= 0 && !dropped[l.Line[i].Function] {
			i--
		}
		switch {
		case i < 0:
		case i == len(l.Line)-1:
			c.whole[l.ID] = true
		default:
			c.part[l.ID] = true
			l.Line = l.Line[i+1:]
		}
	}
	return c
}

// stack is a stack, innermost first, without what is dropped of it. Frames that stand
// outside of all that stay are not dropped: nothing would be left.
func (c cuts) stack(stack []*profile.Location) []*profile.Location {
	stays := false
	for i := len(stack) - 1; i >= 0; i-- {
		switch id := stack[i].ID; {
		case !c.whole[id] && !c.part[id]:
			stays = true
		case !stays:
		case c.whole[id]:
			return stack[i+1:]
		default:
			return stack[i:]
		}
	}
	return stack
}
