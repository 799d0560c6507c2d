package templates_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/templates"
)

// rendered is the glossary page.
func rendered(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := templates.Glossary(templates.GlossaryPage{}).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Whatever newcomers asked for is in it, each word once, with an anchor of its own.
func TestGlossary(t *testing.T) {
	t.Parallel()
	page := rendered(t)
	for _, word := range []string{
		"flat", "cum", "self", "total", "A/A", "CI", "p", "Holm-adjusted p", "p50", "p99", "HDR", "service time", "closed loop", "GOMAXPROCS",
		"placement split", "sampling noise", "±", "per request", "finish_task_switch", "_raw_spin_unlock_irqrestore", "softirq", "sysmon", "netpoll",
		"netpoller", "wake-up", "context switch", "tcp_v4_rcv", "unix_write_space",
		"TIME_WAIT", "backlog", "sandwich", "waterfall", "inlined",
	} {
		w, ok := templates.WordOf(word)
		if !ok {
			t.Errorf("%q is not in the glossary", word)
			continue
		}
		if n := strings.Count(page, `id="`+w.Slug+`"`); n != 1 {
			t.Errorf("#%s of %q is there %d times", w.Slug, word, n)
		}
		if !regexp.MustCompile(`[.:]$`).MatchString(w.Short) || len(w.Short) < 40 || len(w.Short) > 260 {
			t.Errorf("%q is explained in %d characters: %s", word, len(w.Short), w.Short)
		}
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("two elements are #%s", m[1])
		}
		ids[m[1]] = true
	}
}

// A link leads to the glossary of the place where the page is read.
func TestWordsLinkToTheirGlossary(t *testing.T) {
	t.Parallel()
	page := templates.Comparison(templates.ComparisonPage{Answer: &templates.Answer{Warnings: []string{"A/A noise of base and run, p = 0.03, <b>A/A</b>, asysmon .sysmon sysmons netpoller_"}}})
	for name, want := range map[string]string{"": `<abbr class="Term"`, "/glossary": `href="/glossary#aa"`, "/s/TOKEN/glossary": `href="/s/TOKEN/glossary#aa"`} {
		var b bytes.Buffer
		if err := page.Render(templates.WithGlossary(t.Context(), name), &b); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if !strings.Contains(text, want) {
			t.Errorf("with the glossary at %q there is no %s in the page", name, want)
		}
		if n := strings.Count(text, "data-term"); n != 2 { // A/A once, p once; base and run are ordinary words, the others parts of names
			t.Errorf("%d words are explained, want 2", n)
		}
		if strings.Contains(text, "<b>A/A") {
			t.Error("a text became markup")
		}
	}
}
