package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The script may ask for the graph alone: it is the same graph, without the page.
func TestFlameAlone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other := s.two(t)
	c := s.done("")
	for _, path := range []string{"/diff?base=" + base + "&other=" + other, "/profiles/" + base, "/comparisons/" + c.ID, "/comparisons/" + c.ID + "/flame?graphs=pair"} {
		whole := s.page(path).want(t, 200)
		part := s.do("GET", path, nil, browser, header("Sockscope-Region", "flame")).want(t, 200)
		a, b := svgMarkup.FindAllString(whole.body, -1), svgMarkup.FindAllString(part.body, -1)
		titled := labelMarkup.ReplaceAllString(strings.Join(b, ""), "><title>$1</title>")
		if len(a) == 0 || strings.Join(a, "") != titled {
			t.Errorf("%s: the part has another graph", path)
		}
		rows := s.do("GET", path, nil, browser, header("Sockscope-Region", "flame table")).want(t, 200).body
		if strings.Contains(part.body, "Table-function") || !strings.Contains(rows, "Table-function") {
			t.Errorf("%s: the rows of the table do not come when, and only when, they are asked for", path)
		}
		if tabs := strings.Contains(whole.body, `data-region="views"`); tabs != strings.Contains(part.body, `data-region="views"`) {
			t.Errorf("%s: the part lacks the choices beside the graph: they would lead to the view before", path)
		}
		if strings.Contains(part.body, "<footer") || !slices.Contains(part.Header.Values("Vary"), "Sockscope-Region") {
			t.Errorf("%s: the part is the page, or caches mix them: %q", path, part.Header.Values("Vary"))
		}
	}
	if tab := s.do("GET", "/profiles/"+base+"?tab=top", nil, browser, header("Sockscope-Region", "flame")).want(t, 200).body; !strings.Contains(tab, "<footer") {
		t.Error("a page without a flame graph came in part")
	}
}

// Who has a graph with its facts is told its colours alone; with other facts, what they
// are and not where.
func TestFlameThatIsThere(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, _ := s.two(t)
	ask := func(path, has string) string {
		return s.do("GET", path, nil, browser, header("Sockscope-Region", "flame"+has)).want(t, 200).body
	}
	one := func(pattern, text string) string {
		t.Helper()
		m := regexp.MustCompile(pattern).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no %s", pattern)
		}
		return m[1]
	}
	whole := ask("/profiles/"+base, "")
	shape, facts := one(`data-shape="(\w+)"`, whole), one(`data-facts="(\w+)"`, whole)
	frames := strings.Count(whole, "<a href=\""+one(`data-zoom="([^"]+)"`, whole))
	found := ask("/profiles/"+base+"?search=Read", " ="+shape+"."+facts)
	fills := strings.Split(one(`data-fills="([^"]+)"`, found), ";")
	if len(fills) < frames || frames < 3 || !slices.Contains(fills, "Fill-dim") || strings.Contains(found, "<rect x=") || !strings.Contains(one(`data-zoom="([^"]+)"`, found), "search=Read") {
		t.Errorf("%d frames, colours %q: %.300s", frames, fills, found)
	}
	share := ask("/profiles/"+base+"?mode=share", " ="+shape+"."+facts)
	if strings.Contains(share, "data-fills") || strings.Contains(share, "<rect x=") || strings.Count(share, "aria-label=\"") < frames {
		t.Errorf("other facts: %.300s", share)
	}
	if other := ask("/profiles/"+base, " =1."+facts); !strings.Contains(other, "<rect x=") {
		t.Error("a graph that is not there came without its boxes")
	}
}
