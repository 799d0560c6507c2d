package prune

import (
	"regexp/syntax"

	"github.com/google/pprof/profile"
)

// Bounds of what matching may take.
const (
	maxProgram = 10_000     // instructions of a compiled pattern, about: a{1000} is one of 1,000
	maxWork    = 20_000_000 // steps over all names: some 0.2 s; pprof's longest takes 100 a function
)

// Affordable reports whether the frames that p asks to drop are found in bounded time.
// It counts the steps that a matcher takes over all names: real patterns lose their way
// after a few bytes of most names, "a?a?a?…" is in thousands of states at each.
func Affordable(p *profile.Profile) bool {
	if len(p.DropFrames) > MaxPattern || len(p.KeepFrames) > MaxPattern {
		return false
	}
	left := maxWork
	for _, pattern := range []string{p.DropFrames, p.KeepFrames} {
		if p.DropFrames == "" || pattern == "" {
			continue
		}
		re, err := syntax.Parse(whole(pattern), syntax.Perl)
		if err != nil {
			return true // it drops nothing
		}
		if size(re) > maxProgram {
			return false
		}
		prog, err := syntax.Compile(re.Simplify())
		if err != nil {
			return true
		}
		if left = walk(p, prog, left); left < 0 {
			return false
		}
	}
	return true
}

// size is about how many instructions a pattern is compiled to.
func size(re *syntax.Regexp) int {
	n := 1
	if re.Op == syntax.OpLiteral {
		n = len(re.Rune)
	}
	for _, sub := range re.Sub {
		n += size(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return n
}

// walk takes from left the steps of matching each name once, as it is written and as it
// is reported: either is matched. Less than 0 is too many.
func walk(p *profile.Profile, prog *syntax.Prog, left int) int {
	w := walker{
		prog: prog, seen: make([]uint32, len(prog.Inst)), left: left,
		anchored: prog.StartCond()&syntax.EmptyBeginText != 0,
	}
	names := map[string]bool{}
	for _, f := range p.Function {
		for _, name := range [...]string{f.Name, Name(f)} {
			if w.left < 0 {
				return w.left
			}
			if name != "" && !names[name] {
				names[name] = true
				w.read(simplified(name))
			}
		}
	}
	return w.left
}

// walker goes through the states of a matcher without asking where it matches.
type walker struct {
	prog      *syntax.Prog
	anchored  bool
	now, next []uint32 // instructions that read a character
	todo      []uint32
	seen      []uint32 // by instruction: the character at which it was reached last
	at        uint32   // characters so far, over all names
	left      int
}

func (w *walker) read(name string) {
	w.now, w.at = w.now[:0], w.at+1
	w.reach(uint32(w.prog.Start), &w.now)
	for _, r := range name {
		if len(w.now) == 0 && w.anchored || w.left < 0 {
			return
		}
		w.next, w.at = w.next[:0], w.at+1
		for _, pc := range w.now {
			if in := &w.prog.Inst[pc]; in.MatchRune(r) {
				w.reach(in.Out, &w.next)
			}
		}
		if !w.anchored {
			w.reach(uint32(w.prog.Start), &w.next)
		}
		w.left -= 1 + len(w.now)
		w.now, w.next = w.next, w.now
	}
}

// reach adds to list what can read the next character from pc on. Conditions on a place
// in the text are taken for met: that can only be more.
func (w *walker) reach(pc uint32, list *[]uint32) {
	w.todo = append(w.todo[:0], pc)
	for len(w.todo) > 0 {
		pc, w.todo = w.todo[len(w.todo)-1], w.todo[:len(w.todo)-1]
		if w.seen[pc] == w.at {
			continue
		}
		w.seen[pc] = w.at
		w.left--
		switch in := &w.prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			w.todo = append(w.todo, in.Arg, in.Out)
		case syntax.InstCapture, syntax.InstEmptyWidth, syntax.InstNop:
			w.todo = append(w.todo, in.Out)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			*list = append(*list, pc)
		}
	}
}
