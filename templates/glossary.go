package templates

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Word is an entry of the glossary.
type Word struct {
	Name  string   // as the page writes it: "A/A"
	Slug  string   // its anchor on the glossary page: "aa"
	Forms []string // other spellings that are explained by it
	Short string   // the explanation beside the word: one or two sentences
	More  string   // what the glossary page adds; "" for nothing
	// Common is true where the name is too ordinary a word to be explained wherever
	// it stands: only [term] does, and its Forms are.
	Common bool
}

// Words is a chapter of the glossary.
type Words struct {
	Title string
	Slug  string
	Words []Word
}

// GlossaryPage is "/glossary".
type GlossaryPage struct{ Chrome Chrome }

// glossary is every word that the pages explain, by chapter.
var glossary = []Words{
	{"How it is measured", "measuring", measuringWords},
	{"What the figures can carry", "statistics", statisticsWords},
	{"Latency", "latency", latencyWords},
	{"Profiles, lines and flames", "profiles", profileWords},
	{"Go’s runtime and the kernel", "runtime", runtimeWords},
	{"Sockets", "sockets", socketWords},
}

// spelled finds the word of a spelling.
var spelled = func() map[string]Word {
	m := map[string]Word{}
	for _, chapter := range glossary {
		for _, w := range chapter.Words {
			for _, form := range append([]string{w.Name}, w.Forms...) {
				m[form] = w
			}
		}
	}
	return m
}()

// spellings are the forms that are explained wherever they stand, by their first
// letter, the longest first.
var spellings = func() map[rune][]string {
	m := map[rune][]string{}
	for form, w := range spelled {
		if !w.Common || form != w.Name {
			first, _ := utf8.DecodeRuneInString(form)
			m[first] = append(m[first], form)
		}
	}
	for _, forms := range m {
		slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	}
	return m
}()

// nextSpelling finds the first word of the glossary at or behind an offset, where
// letters do not go on at either side; start is -1 where there is none.
func nextSpelling(text string, from int) (start, end int) {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	for i, r := range text[from:] {
		if from+i == 0 || !inWord(before) && before != '.' {
			for _, form := range spellings[r] {
				rest, ok := strings.CutPrefix(text[from+i:], form)
				if after, _ := utf8.DecodeRuneInString(rest); ok && (rest == "" || !inWord(after)) {
					return from + i, from + i + len(form)
				}
			}
		}
		before = r
	}
	return -1, -1
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) }

// WordOf finds a spelling in the glossary.
func WordOf(spelling string) (Word, bool) {
	w, ok := spelled[spelling]
	return w, ok
}

// explainedSpan is a stretch of a text; with a word it is one of the glossary.
type explainedSpan struct {
	text string
	word Word
}

// explained cuts a text where words of the glossary stand in it, each word once
// and at most so many.
func explained(text string, most int) []explainedSpan {
	out, seen := []explainedSpan{}, map[string]bool{}
	from := 0
	for at := 0; at < len(text) && len(seen) < most; {
		start, end := nextSpelling(text, at)
		if start < 0 {
			break
		}
		at = end
		w := spelled[text[start:end]]
		if seen[w.Slug] {
			continue
		}
		seen[w.Slug] = true
		if start > from {
			out = append(out, explainedSpan{text: text[from:start]})
		}
		out = append(out, explainedSpan{text: text[start:end], word: w})
		from = end
	}
	if from < len(text) {
		out = append(out, explainedSpan{text: text[from:]})
	}
	return out
}

// symbol is the word of a function of the runtime or the kernel, whatever the
// compiler put behind its name ("finish_task_switch.isra.0").
func symbol(function string) (Word, bool) {
	name := function
	for _, suffix := range []string{".isra.", ".part.", ".constprop."} {
		name, _, _ = strings.Cut(name, suffix)
	}
	w, ok := spelled[name]
	return w, ok && strings.ContainsAny(name, "._")
}

type glossaryKey struct{}

// WithGlossary says where the glossary stands for what is rendered under the
// context; "" leaves the links out, for pages that are read from a file.
func WithGlossary(ctx context.Context, url string) context.Context {
	return context.WithValue(ctx, glossaryKey{}, url)
}

// glossaryURL is the address of the glossary, "/glossary" where nobody said so.
func glossaryURL(ctx context.Context) string {
	if url, ok := ctx.Value(glossaryKey{}).(string); ok {
		return url
	}
	return "/glossary"
}

// forms are the other spellings, for the glossary page.
func (w Word) forms() string { return strings.Join(w.Forms, ", ") }

// isExplained reports whether a word of the glossary stands in a text.
func isExplained(text string) bool {
	start, _ := nextSpelling(text, 0)
	return start >= 0
}
