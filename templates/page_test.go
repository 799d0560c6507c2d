package templates_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"github.com/sockscope/sockscope/templates/samples"
)

func render(t testing.TB, page templ.Component) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// elements parses a page and lists its elements in document order.
func elements(t testing.TB, page []byte) []*html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func text(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(s.String()), " ")
}

// Each sample is a sound page: what the policy forbids and what browsers would
// have to guess is not in it.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			page := render(t, s.Page)
			all := elements(t, page)
			safe(t, all)
			sound(t, all)
			for _, wrong := range []string{"about:invalid", "%!", "NaN", "templ."} {
				if bytes.Contains(page, []byte(wrong)) {
					t.Errorf("the page contains %q", wrong)
				}
			}
		})
	}
}

// safe fails for what a Content-Security-Policy without inline code refuses, and
// for addresses of other hosts.
func safe(t *testing.T, all []*html.Node) {
	t.Helper()
	scripts := 0
	for _, n := range all {
		if n.Data == "script" {
			scripts++
			if src, _ := attribute(n, "src"); src == "" || text(n) != "" {
				t.Errorf("an inline script: %q", text(n))
			}
		}
		if n.Data == "style" || n.Data == "iframe" || n.Data == "object" || n.Data == "base" {
			t.Errorf("a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s=%q", n.Data, a.Key, a.Val)
			}
			if !slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key) {
				continue
			}
			if v := strings.ToLower(strings.TrimSpace(a.Val)); strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "http") || strings.HasPrefix(v, "//") {
				t.Errorf("<%s> leads to %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts, want 1", scripts)
	}
}

// sound fails for a page that assistive technology could not read.
func sound(t *testing.T, all []*html.Node) {
	t.Helper()
	ids, headings, mains := map[string]bool{}, 0, 0
	for _, n := range all {
		if id, ok := attribute(n, "id"); ok {
			if ids[id] {
				t.Errorf("two elements have the id %q", id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "h1":
			headings++
		case "main":
			mains++
		case "th", "button", "summary", "caption", "legend", "title", "h2":
			if text(n) == "" {
				t.Errorf("an empty <%s>", n.Data)
			}
		}
	}
	if headings != 1 || mains != 1 {
		t.Errorf("%d <h1> and %d <main>, want one of each", headings, mains)
	}
	for _, n := range all {
		for _, key := range []string{"href", "for", "aria-describedby", "aria-labelledby", "list"} {
			v, ok := attribute(n, key)
			if key == "href" {
				v, ok = strings.CutPrefix(v, "#")
			}
			if ok && !ids[v] {
				t.Errorf("<%s> refers to %s=%q, which is not there", n.Data, key, v)
			}
		}
		if n.Data == "table" && (n.FirstChild == nil || n.FirstChild.Data != "caption") {
			t.Error("a table without a caption")
		}
	}
}
