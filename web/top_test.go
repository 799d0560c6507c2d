package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var topName = regexp.MustCompile(`(?s)<th scope="row" class="Table-function">\s*<a href="([^"]*)">([^<]*)</a>`)

// functions are the names in a top table, in its order.
func (a answer) functions(t *testing.T) []string {
	t.Helper()
	names := []string{}
	for _, m := range topName.FindAllStringSubmatch(a.body, -1) {
		names = append(names, m[2])
	}
	if len(names) == 0 {
		t.Fatalf("%s lists no function", a.Request.URL)
	}
	return names
}

func TestTopSorts(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a, b := s.upload(encode(t, client(t, "unix", 5)), ""), s.upload(encode(t, client(t, "tcp4", 5)), "")
	path := "/diff?" + url.Values{"base": {a}, "other": {b}, "tab": {"top"}, "mode": {"raw"}}.Encode()
	order := func(sort string) []string { return s.page(path+"&sort="+sort).want(t, 200).functions(t) }
	reversed := func(names []string) []string {
		names = slices.Clone(names)
		slices.Reverse(names)
		return names
	}
	names := order("name")
	if !slices.IsSorted(names) || !slices.Equal(order("name.down"), reversed(names)) {
		t.Errorf("by name: %q", names)
	}
	for _, column := range []string{"flat", "cum", "flat.1", "cum.1"} {
		down, up := order(column), order(column+".up")
		if down[0] == up[0] || down[0] != order(column + ".down")[0] {
			t.Errorf("%s: first %q, the other way %q", column, down[0], up[0])
		}
	}
	if first := order("diff")[0]; !slices.Contains([]string{order("diff.up")[0], order("diff.down")[0]}, first) {
		t.Errorf("%q has the largest difference and is at neither end", first)
	}
	if !slices.Equal(order("nosuch"), order("diff")) || !slices.Equal(order("flat.9.sideways"), order("flat")) {
		t.Error("a sort that is not known is not the default")
	}
	page := s.page(path+"&sort=cumdiff").want(t, 200)
	if n := strings.Count(page.body, "aria-sort="); n != 1 || !strings.Contains(page.body, `aria-sort="other"`) {
		t.Errorf("%d columns are marked as sorted", n)
	}
	for sort, want := range map[string]string{"flat.1": "descending", "cum.up": "ascending", "diff.down": "descending", "name": "ascending"} {
		if a := s.page(path + "&sort=" + sort); strings.Count(a.body, "aria-sort=") != 1 || !strings.Contains(a.body, `aria-sort="`+want+`"`) {
			t.Errorf("sort=%s is not marked as %s", sort, want)
		}
	}
}

func TestTopOfAComparison(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	home := "/comparisons/" + c.ID
	if a := s.page(home).want(t, 200); !strings.Contains(a.body, home+"/top") {
		t.Error("the comparison does not lead to its functions")
	}
	a := s.page(home+"/top").want(t, 200)
	if got := strings.Count(a.body, `scope="colgroup"`); got != 3 { // unix, tcp4, their difference
		t.Errorf("%d groups of columns, want 3", got)
	}
	for _, part := range []string{home + "/lines?", home + "/flame?", "everything", "Δ cum"} {
		if !strings.Contains(a.body, part) {
			t.Errorf("the page has no %q", part)
		}
	}
	share, _ := s.share(home)
	if a := s.page(share+"/top?side=server").want(t, 200); strings.Contains(a.body, `href="/comparisons/`) || !strings.Contains(a.body, share+"/flame?") {
		t.Error("links of a shared top table leave the share")
	}
	one := s.page(home+"/top?socket=tcp4").want(t, 200)
	if strings.Contains(one.body, "colgroup") || !strings.Contains(one.body, "share") {
		t.Error("one cell alone has groups of columns, or no shares")
	}
	for only, want := range map[string]bool{"changed": true, "new": false, "gone": false} {
		a := s.page(home+"/top?only="+only).want(t, 200)
		if got := topName.MatchString(a.body); got != want && !got {
			t.Errorf("only=%s lists functions: %v", only, got)
		}
	}
}

// A profile of many functions is shown step by step, and at most so many.
func TestTopGrows(t *testing.T) {
	t.Parallel()
	s := setup(t)
	r := newRecorder()
	for i := range 450 {
		r.add(int64(i+1), frame{fmt.Sprintf("main.f%03d", i), "/src/main.go", int64(i + 1), 1})
	}
	path := "/profiles/" + s.upload(encode(t, r.p), "") + "?tab=top"
	first := s.page(path).want(t, 200)
	if n := len(first.functions(t)); n != 200 || !strings.Contains(first.body, "rows=400") || !strings.Contains(first.body, "Show 200 more") {
		t.Errorf("%d functions at first", n)
	}
	if n := len(s.page(path+"&rows=600").want(t, 200).functions(t)); n != 450 {
		t.Errorf("%d functions at the end", n)
	}
	found := s.page(path+"&search=f00[0-4]").want(t, 200)
	if n := len(found.functions(t)); n != 5 || !strings.Contains(found.body, "5 of 450 functions match") {
		t.Errorf("%d functions are found", n)
	}
	for _, wrong := range []string{"&rows=-1", "&rows=x", "&only=nosuch"} {
		s.page(path+wrong).want(t, 400)
	}
	s.page(path+"&search=(").want(t, 200)
}
