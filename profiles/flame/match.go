package flame

import (
	"regexp"
	"regexp/syntax"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Matches says of each name of a tree, by its index, whether a search matches it.
type Matches []bool

// Match asks each name once, on all processors: names are many times fewer than
// nodes, and the expression is what takes the time. Names without any of the texts that
// a match must contain are not asked: to look for a text is some twenty times quicker.
func Match(re *regexp.Regexp, names []string) Matches {
	matched := make(Matches, len(names))
	texts, all := required(re)
	workers := min(runtime.GOMAXPROCS(0), len(names)/1024+1)
	var wg sync.WaitGroup
	for w := range workers {
		from, to := len(names)*w/workers, len(names)*(w+1)/workers
		wg.Go(func() {
			for i := from; i < to; i++ {
				matched[i] = (texts == nil || hasAny(names[i], texts)) && (all || re.MatchString(names[i]))
			}
		})
	}
	wg.Wait()
	return matched
}

func hasAny(name string, texts []string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(name, text) })
}

// required are texts of which each match contains at least one; nil where there are
// none that help. all is true where that is all that a match takes.
func required(re *regexp.Regexp) (texts []string, all bool) {
	const most = 16 // texts, beyond which the expression is as quick
	parsed, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return nil, false // of another syntax
	}
	if texts = textsOf(parsed); len(texts) == 0 || len(texts) > most {
		return nil, false
	}
	return texts, parsed.Op == syntax.OpLiteral
}

func textsOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		// What is not UTF-8 in a name matches U+FFFD, and does not contain it.
		if re.Flags&syntax.FoldCase == 0 && !slices.Contains(re.Rune, utf8.RuneError) {
			return []string{string(re.Rune)}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return textsOf(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return textsOf(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if texts := textsOf(sub); shortest(texts) > shortest(best) {
				best = texts
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			texts := textsOf(sub)
			if texts == nil {
				return nil
			}
			all = append(all, texts...)
		}
		return all
	}
	return nil
}

// shortest is the length of the shortest of some texts; 0 for none.
func shortest(texts []string) int {
	n := 0
	for i, text := range texts {
		if i == 0 || len(text) < n {
			n = len(text)
		}
	}
	return n
}
