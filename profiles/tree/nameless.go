package tree

import (
	"maps"
	"slices"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// A frame without a function name goes by its address in a tree, and by its binary
// in a listing: "0x401c22 in nginx" is one of the frames of "[nginx]". A pivot may
// be around either.

// Nameless reports whether i is a frame without a function name, or stands for all of
// a binary. No pattern finds it, and it has no lines.
func (t *Tree) Nameless(i int) bool {
	_, ok := t.binary[t.name[i]]
	return ok
}

// around is what a tree is turned around: which names, and the one that they all go
// by in what comes of it.
type around struct {
	functions
	matched []bool // by rank in the tree that is turned
	rank    int32  // in functions
}

func (t *Tree) around(function string) around {
	if !t.knows(function) { // a link of before names it as the profile does
		function = Clip(listing.FunctionName(&profile.Function{Name: function, SystemName: function}))
	}
	a := around{functions: t.functions, matched: make([]bool, len(t.names))}
	for r, binary := range t.binary {
		a.matched[r] = binary == function
	}
	if r, ok := slices.BinarySearch(t.names, function); ok {
		a.matched[r], a.rank = true, int32(r)
	} else if slices.Contains(a.matched, true) {
		a.functions, a.rank = t.functions.with(function), int32(len(t.names))
	}
	return a
}

// knows reports whether function is the name of a frame, or of a binary of some.
func (t *Tree) knows(function string) bool {
	if _, ok := slices.BinarySearch(t.names, function); ok {
		return true
	}
	for _, binary := range t.binary {
		if binary == function {
			return true
		}
	}
	return false
}

func (a around) has(name int) bool { return a.matched[name] }

// with are the functions, and behind them a binary.
func (f functions) with(binary string) functions {
	g := functions{
		names: append(slices.Clip(f.names), binary), kernel: append(slices.Clip(f.kernel), false),
		hashes: append(slices.Clip(f.hashes), nameHash(binary)), binary: maps.Clone(f.binary),
	}
	g.binary[int32(len(f.names))] = binary
	return g
}
