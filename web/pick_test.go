package web_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
)

// filed stores n uploads, every third of which counts a heap.
func (s *site) filed(t *testing.T, n int) {
	t.Helper()
	cpu, heap := labelled(t), labelled(t, func(p *profile.Profile) {
		p.SampleType = []*profile.ValueType{{Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}}
	})
	for i := range n {
		p, data := profiles.Profile{Title: fmt.Sprintf("cpu-%d.pprof", i+1), SampleTypes: []string{"samples/count", "cpu/nanoseconds"}}, cpu
		if i%3 == 2 {
			p, data = profiles.Profile{Title: fmt.Sprintf("heap-%d.pprof", i+1), SampleTypes: []string{"inuse_objects/count", "inuse_space/bytes"}}, heap
		}
		if _, err := s.store.AddProfile(t.Context(), p, data, nil); err != nil {
			t.Fatal(err)
		}
	}
}

var (
	rowLink  = regexp.MustCompile(`class="Table-name[^"]*" href="([^"]*)"`)
	nextPage = regexp.MustCompile(`href="([^"]*)" rel="next"`)
	selected = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// linksOf follows the pages of a list and returns the links of its rows.
func (s *site) linksOf(t *testing.T, path string) []string {
	t.Helper()
	links := []string{}
	for pages := 1; path != ""; pages++ {
		page := s.page(path).want(t, http.StatusOK).body
		for _, m := range rowLink.FindAllStringSubmatch(page, -1) {
			links = append(links, html.UnescapeString(m[1]))
		}
		if path = ""; pages < 10 {
			if m := nextPage.FindStringSubmatch(page); m != nil {
				path = html.UnescapeString(m[1])
			}
		}
	}
	return links
}

// Every profile can be chosen, however many there are; those that count the same come
// without being asked for.
func TestEveryProfileCanBeChosen(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const n = 120
	s.filed(t, n)
	for path, want := range map[string]struct {
		count int
		has   string
	}{
		"/diff":                              {n, "/diff?base=P-1"},
		"/diff?base=P-118":                   {79, "/diff?base=P-118&other=P-5"},
		"/diff?other=P-118":                  {79, "/diff?base=P-5&other=P-118"},
		"/diff?base=P-120":                   {39, "/diff?base=P-120&other=P-3"},
		"/diff?base=P-118&counts=any":        {n - 1, "/diff?base=P-118&other=P-3"},
		"/diff?base=P-118&q=p-5":             {1, "/diff?base=P-118&other=P-5"},
		"/diff?base=P-118&q=heap":            {0, ""},
		"/diff?base=P-118&q=heap&counts=any": {40, "/diff?base=P-118&other=P-3"},
		"/diff?base=P-118&q=CPU-11":          {7, "/diff?base=P-118&other=P-11"},
		"/profiles":                          {n, "/profiles/P-1"},
		"/profiles?q=inuse+space":            {40, "/profiles/P-3"},
	} {
		links := s.linksOf(t, path)
		if len(links) != want.count || want.has != "" && !strings.Contains(" "+strings.Join(links, " ")+" ", " "+want.has+" ") {
			t.Errorf("%s has %d links, want %d with %s", path, len(links), want.count, want.has)
		}
	}
	s.page("/diff?base=P-118&other=P-5").want(t, http.StatusOK)
	holds(t, s.page("/diff?base=P-118&q=heap").want(t, http.StatusOK).body, "Compare P-118 with", "those that count cpu", `name="base" value="P-118"`, `value="heap"`, "No other profile has that")
}

// The newest upload is compared with the one before it that counts the same.
func TestCounterpartOfAnUpload(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{2: "P-1 P-2", 4: "P-2 P-4", 6: "P-3 P-6", 3: "P-2 P-3"} {
		s := setup(t)
		s.filed(t, n)
		chosen := []string{}
		for _, m := range selected.FindAllStringSubmatch(s.page("/profiles").want(t, http.StatusOK).body, -1) {
			chosen = append(chosen, m[1])
		}
		if got := strings.Join(chosen, " "); got != want {
			t.Errorf("of %d uploads %q are chosen, want %q", n, got, want)
		}
	}
}
