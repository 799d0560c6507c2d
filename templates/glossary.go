package templates

import (
	"context"
	"regexp"
	"slices"
	"strings"
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

// spelling matches the words of the glossary, the longest first, where letters do
// not go on at either side.
var spelling = func() *regexp.Regexp {
	forms := []string{}
	for form, w := range spelled {
		if !w.Common || form != w.Name {
			forms = append(forms, regexp.QuoteMeta(form))
		}
	}
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return regexp.MustCompile(`(^|[^\pL\pN_.])(` + strings.Join(forms, "|") + `)($|[^\pL\pN_])`)
}()

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
		m := spelling.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		start, end := at+m[4], at+m[5]
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
func isExplained(text string) bool { return spelling.MatchString(text) }
