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
type sandwich struct{ callers, callees *tree.Tree }

// pivot turns a tree around a function; key names the tree.
func (e *evidence) pivot(t *tree.Tree, key, function string) (callers, callees *tree.Tree) {
	s, _ := cached(e.cache, "pivot "+apart(key, function), func() (sandwich, int64, error) {
		up, down := t.Pivot(function)
		return sandwich{up, down}, up.Size() + down.Size(), nil
	}) // never an error: what is not there gives empty trees
	return s.callers, s.callees
}
