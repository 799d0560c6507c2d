package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
)

// holds looks for what a page must have, whatever stretches of space it is written with.
func holds(t *testing.T, page string, wanted ...string) {
	t.Helper()
	page = strings.Join(strings.Fields(page), " ")
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			t.Errorf("the page has no %s", w)
		}
	}
}

// A profile that nobody named is called by what it tells, on every page.
func TestUntitledUpload(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const title = "app · cpu · 9 Sep 2001"
	var made struct{ ID, Title string }
	s.do("POST", "/api/v1/profiles", strings.NewReader(string(labelled(t))), bearer).want(t, http.StatusCreated).json(t, &made)
	if made.Title != title {
		t.Errorf("the answer calls it %q, want %q", made.Title, title)
	}
	heap := s.upload(labelled(t, func(p *profile.Profile) { // as /debug/pprof/allocs: the default is not the last
		p.SampleType, p.DefaultSampleType = []*profile.ValueType{{Type: "alloc_space", Unit: "bytes"}, {Type: "inuse_space", Unit: "bytes"}}, "alloc_space"
	}), "?title=mem.pprof")
	list := s.page("/profiles").want(t, http.StatusOK).body
	holds(t, list, ">"+title+"</a>", ">mem.pprof</a>", made.ID+" · "+title+"</option>", heap+" · mem.pprof · alloc space</option>")
	holds(t, list, `<td class="Table-left">cpu </td>`, `<td class="Table-left">alloc space </td>`)
	holds(t, s.page("/profiles/"+made.ID).want(t, http.StatusOK).body, title)
	other := s.upload(labelled(t), "?title=after")
	holds(t, s.page("/diff?base="+made.ID+"&other="+other).want(t, http.StatusOK).body, "<title>after against "+title)
}

// One that is stored without a title, by an older version, is called by its id.
func TestStoredWithoutATitle(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p, err := s.store.AddProfile(t.Context(), profiles.Profile{SampleTypes: []string{"samples/count", "cpu/nanoseconds"}}, labelled(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	other := s.upload(labelled(t), "?title=after")
	list := s.page("/profiles").want(t, http.StatusOK).body
	holds(t, list, `href="/profiles/`+p.ID+`">`+p.ID+"</a>", ">"+p.ID+" · cpu</option>")
	holds(t, s.page("/diff?base="+p.ID+"&other="+other).want(t, http.StatusOK).body, "<title>after against "+p.ID)
}
