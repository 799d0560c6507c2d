package flame_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/sockscope/sockscope/profiles/flame"
)

// plainly is what Match says, as simply as it can be said.
func plainly(re *regexp.Regexp, names []string) flame.Matches {
	m := flame.Matches{}
	for _, name := range names {
		m = append(m, re.MatchString(name))
	}
	return m
}

var someNames = []string{"", "main.main", "net.(*conn).Write", "sort.Sort", "hash.(*Hash).Sum", "io.Save", "runtime.mallocgc", "a\xffb", "x.ÄÖ", "K", "runtime.goexit0"}

// FuzzMatch: looking for texts first changes nothing of what an expression matches.
func FuzzMatch(f *testing.F) {
	for _, pattern := range []string{
		"Sort|Hash", "Sort|Save", "Sort|", "^main", "(?i)sort|hash", "S(or|av)[te]", "(main){2,}", "(main)*", "x+y", "a.b", "a\ufffdb", "\\bWrite$",
		"[Kk]", "(?i)k", "(net|io)\\.(\\(|S)", "a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r", "(?:)", "\\Q(*conn)\\E", "goexit0?", "(?s:.)main|malloc",
	} {
		f.Add(pattern, "some.Name")
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 200 {
			t.Skip()
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			t.Skip()
		}
		names := append(slices.Clone(someNames), name, name+"Sort", pattern, name+pattern)
		if got, want := flame.Match(re, names), plainly(re, names); !slices.Equal(got, want) {
			t.Errorf("%q on %q: %v, want %v", pattern, names, got, want)
		}
	})
}
