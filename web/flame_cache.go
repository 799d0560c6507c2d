package web

import (
	"fmt"
	"regexp"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
)

// apart joins what names a tree with what somebody typed, so that no other two join
// to the same: a name has no line end in it.
func apart(key, typed string) string { return key + "\n" + typed }

// matches are the names of a tree that a search finds; key names the tree's names.
func (e *evidence) matches(key string, re *regexp.Regexp, t *tree.Tree) flame.Matches {
	m, _ := cached(e.cache, "matches "+apart(key, re.String()), func() (flame.Matches, int64, error) {
		m := flame.Match(re, t.Names())
		return m, int64(len(m)), nil
	}) // never an error
	return m
}

// marks say which frames of a union changed; key names the tree.
func (e *evidence) marks(key string, t *tree.Tree, s flame.Scale, d flame.Delta) *flame.Marks {
	key = fmt.Sprintf("marks %s %g %s", d, s.Other/s.Base, key) // a common factor changes nothing
	m, _ := cached(e.cache, key, func() (*flame.Marks, int64, error) {
		m := flame.Mark(t, s, d)
		return m, m.Size(), nil
	}) // never an error
	return m
}

// sandwich is a tree turned around one function.
type sandwich struct{ callers, callees half }

// half is a tree with the place of the function in it; what tells it from the others
// of the same profiles, "" for the whole tree.
type half struct {
	*tree.Tree
	at   int
	what string
}

// pivot turns a tree around a function; key names the tree.
func (e *evidence) pivot(t *tree.Tree, key, function string) sandwich {
	s, _ := cached(e.cache, "pivot "+apart(key, function), func() (sandwich, int64, error) {
		above, below := half{nil, 1, "callers " + function}, half{nil, 1, "callees " + function}
		if i := t.Sole(function); i > 0 { // what it calls is a part of the tree that is there
			above.Tree, below = t.Callers(function), half{t, i, ""}
			return sandwich{above, below}, above.Size(), nil
		}
		above.Tree, below.Tree = t.Pivot(function)
		return sandwich{above, below}, above.Size() + below.Size(), nil
	}) // never an error: what is not there gives empty trees
	return s
}
