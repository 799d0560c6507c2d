package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/source"
)

// naming is a profile whose one function is in the file.
func naming(t testing.TB, file string) []byte {
	t.Helper()
	f := &profile.Function{ID: 1, Name: "main.burn", Filename: file, StartLine: 1}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f, Line: 2}}}
	return encode(t, &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}, Function: []*profile.Function{f}, Location: []*profile.Location{l},
		Sample: []*profile.Sample{{Location: []*profile.Location{l}, Value: []int64{1000}}},
	})
}

func TestUploadWithSources(t *testing.T) {
	t.Parallel()
	s := setup(t)
	bundle := source.Of(map[string]string{"/mine/a.go": "func burn() {\n\tthe <b>line</b>()\n}\n", "/etc/passwd": "not named", "b.go": "not named"})
	a := s.form(t, []field{{"profile", "cpu.pprof", naming(t, "/mine/a.go")}, {"sources", "sources", bundle.Encode()}}).want(t, http.StatusSeeOther)
	at := a.Header.Get("Location")
	page := s.page(at+"?tab=lines&function=main.burn").want(t, http.StatusOK)
	if !strings.Contains(page.body, "the &lt;b&gt;line&lt;/b&gt;()") {
		t.Error("the line has no text")
	}
	p, err := s.store.Profile(t.Context(), strings.TrimPrefix(at, "/profiles/"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := s.store.Blob(t.Context(), p.Sources)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := source.Decode(raw, source.DefaultLimits())
	if err != nil || kept.Len() != 1 {
		t.Errorf("kept %v, %v: want only what the profile names", kept.Paths(), err)
	}
	a = s.form(t, []field{{"profile", "cpu.pprof", good(t)}, {"sources", "sources", bundle.Encode()}}).want(t, http.StatusSeeOther)
	if p, err := s.store.Profile(t.Context(), strings.TrimPrefix(a.Header.Get("Location"), "/profiles/")); err != nil || p.Sources != "" {
		t.Errorf("sources of which none is named are stored: %+v, %v", p, err)
	}
	before := s.state()
	for name, tt := range map[string]struct {
		data   []byte
		status int
	}{
		"garbage": {[]byte("garbage"), 422}, "nothing": {[]byte{}, 422}, "too large": {make([]byte, 16<<20+1), 413}, "bomb": {zipped(t, strings.NewReader(strings.Repeat(" ", 65<<20))), 413},
	} {
		a := s.form(t, []field{{"profile", "cpu.pprof", good(t)}, {"sources", "sources", tt.data}})
		if a.StatusCode != tt.status || !strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%s: %d, want %d with an alert", name, a.StatusCode, tt.status)
		}
	}
	s.unchanged(before)
}

func TestUploadSeveral(t *testing.T) {
	t.Parallel()
	s := setup(t)
	file := func(name string) field { return field{"profile", name, good(t)} }
	for name, tt := range map[string]struct {
		fields []field
		leads  string
	}{
		"one":            {[]field{file("a")}, "/profiles/P-"},
		"two":            {[]field{file("a"), file("b")}, "/diff?base=P-"},
		"three":          {[]field{file("a"), file("b"), file("c")}, "/profiles"},
		"one and a base": {[]field{file("a"), {"base", "", []byte("P-1")}}, "/diff?base=P-1&other=P-"},
		"two, one empty": {[]field{file("a"), {"profile", "", nil}}, "/profiles/P-"},
	} {
		if name == "one and a base" {
			s.upload(good(t), "")
		}
		a := s.form(t, tt.fields).want(t, http.StatusSeeOther)
		if at := a.Header.Get("Location"); !strings.HasPrefix(at, tt.leads) {
			t.Errorf("%s: leads to %s", name, at)
		} else {
			s.page(at).want(t, http.StatusOK)
		}
	}
	before := s.state()
	nine := []field{}
	for range 9 {
		nine = append(nine, file("x"))
	}
	s.form(t, nine).want(t, http.StatusUnprocessableEntity)
	s.form(t, []field{file("a"), {"profile", "b", []byte("no profile")}}).want(t, http.StatusUnsupportedMediaType)
	s.form(t, []field{file("a"), {"base", "", []byte("P-99")}}).want(t, http.StatusNotFound)
	s.form(t, []field{file("a"), {"base", "", []byte("../x\"<")}}).want(t, http.StatusNotFound)
	s.unchanged(before)

	var made struct {
		ID, URL  string
		DiffURL  string `json:"diff_url"`
		Profiles []struct{ ID, URL string }
	}
	a := s.do("POST", "/api/v1/profiles?base=P-1", strings.NewReader(string(good(t))), bearer).want(t, http.StatusCreated)
	a.json(t, &made)
	if made.DiffURL != s.url+"/diff?base=P-1&other="+made.ID || made.Profiles != nil {
		t.Errorf("the answer with a base is %+v", made)
	}
	s.do("POST", "/api/v1/profiles?base=P-99", strings.NewReader(string(good(t))), bearer).want(t, http.StatusNotFound).problem(t)
}
