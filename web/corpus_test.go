package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// noNumber is what arithmetic leaves where there is nothing to divide by.
var noNumber = regexp.MustCompile(`\b(NaN|Inf|Infinity|undefined|%!)\b|="-?[0-9.]*e[+-]?[0-9]+"`)

// TestCorpusInEveryView opens every real profile that is at hand, of many producers:
// each sample type in each tab, and the difference from another of its kind.
func TestCorpusInEveryView(t *testing.T) {
	large(t)
	t.Parallel()
	files, err := filepath.Glob("../../shared/corpus/*__*")
	if err != nil || len(files) == 0 {
		t.Skip("no corpus of real profiles beside the repository")
	}
	s := setup(t)
	kinds := map[string][]string{} // ids by sample types
	opened := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a := s.form(t, []field{{"profile", filepath.Base(file), data}})
		if a.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d", filepath.Base(file), a.StatusCode)
			continue
		}
		opened++
		at := a.Header.Get("Location")
		var facts struct {
			SampleTypes []string `json:"sample_types"`
		}
		s.get("/api/v1"+at).want(t, http.StatusOK).json(t, &facts)
		s.everyView(t, filepath.Base(file), at+"?", facts.SampleTypes)
		kind := fmt.Sprint(facts.SampleTypes)
		kinds[kind] = append(kinds[kind], strings.TrimPrefix(at, "/profiles/"))
	}
	if opened != 42 {
		t.Errorf("%d profiles were opened, want 42", opened)
	}
	for kind, ids := range kinds {
		types := strings.Fields(strings.Trim(kind, "[]"))
		for i, id := range ids {
			other := ids[(i+1)%len(ids)] // itself, where it is the only one of its kind
			s.everyView(t, id+" and "+other, "/diff?base="+id+"&other="+other+"&", types)
		}
	}
}

// everyView opens an address in every sample type and every tab.
func (s *site) everyView(t *testing.T, name, at string, types []string) {
	t.Helper()
	tabs := []string{"", "top", "lines"}
	if strings.HasPrefix(at, "/diff") {
		tabs = append(tabs, "waterfall")
	}
	for i, kind := range types {
		for _, tab := range tabs {
			if tab == "waterfall" && i < len(types)-1 {
				continue // one of them is enough
			}
			q := url.Values{"sample_type": {kind}}
			if tab != "" {
				q.Set("tab", tab)
			}
			a := s.page(at + q.Encode())
			if a.StatusCode != http.StatusOK {
				t.Errorf("%s, %s, %q: %d %s", name, kind, tab, a.StatusCode, sentenceIn(a))
				continue
			}
			if m := noNumber.FindStringIndex(a.body); m != nil {
				t.Errorf("%s, %s, %q has no number: %.80q", name, kind, tab, a.body[max(0, m[0]-40):])
			}
		}
	}
}

// sentenceIn is what an error page or a problem says.
func sentenceIn(a answer) string {
	var p struct{ Detail string }
	if json.Unmarshal([]byte(a.body), &p) == nil {
		return p.Detail
	}
	if i := strings.Index(a.body, "<main"); i >= 0 {
		return a.body[i:min(len(a.body), i+600)]
	}
	return ""
}
