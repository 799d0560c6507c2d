package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// problem is an error of the API (RFC 9457).
type problem struct {
	Type, Title, Detail string
	Status              int
	Errors              []struct{ Field, Sentence string }
}

// problem checks that an answer is one: a sentence for people, and no more than
// they may know.
func (a answer) problem(t testing.TB) problem {
	t.Helper()
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("%s %s: an error of type %q", a.Request.Method, a.Request.URL, got)
	}
	var p problem
	a.json(t, &p)
	if p.Type != "about:blank" || p.Status != a.StatusCode || p.Title != http.StatusText(a.StatusCode) {
		t.Errorf("problem %+v with status %d", p, a.StatusCode)
	}
	sentence(t, p.Detail)
	for _, e := range p.Errors {
		sentence(t, e.Sentence)
	}
	return p
}

// sentence checks that a text is for people: a whole sentence, without what Go
// calls things inside.
func sentence(t testing.TB, s string) {
	t.Helper()
	if len(s) < 20 || len(s) > 400 || !strings.HasSuffix(s, ".") || strings.ToUpper(s[:1]) != s[:1] && !strings.HasPrefix(s, "n=") && !strings.HasPrefix(s, "group=") && !strings.HasPrefix(s, "from=") {
		t.Errorf("this is no sentence: %q", s)
	}
	for _, inside := range []string{"json:", "strconv", "sql", "runner.", "sha256", "goroutine", "0x", "labstack", "code=", "/root", "/tmp"} {
		if strings.Contains(s, inside) {
			t.Errorf("the sentence shows the inside (%s): %q", inside, s)
		}
	}
}
