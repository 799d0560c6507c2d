package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
	"golang.org/x/net/html"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/web/assets"
)

// attacks are texts that become markup where escaping is forgotten.
var attacks = []string{
	`<script>alert(1)</script>`, `</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `' onfocus='alert(1)' autofocus='`,
	`javascript:alert(1)//main.f`, `</title><script>alert(1)</script>`, `<svg/onload=alert(1)>`, `</text></svg><iframe srcdoc="x">`, `--><script>alert(1)</script>`, `]]><script>alert(1)</script>`,
	`{{constructor.constructor('alert(1)')()}}`, "`${alert(1)}`", `&lt;script&gt;`, `<base href=//evil.example>`, `<form action=//evil.example>`, `data:text/html,<script>alert(1)</script>`,
	"\u202egnp.exe", `<a href="//evil.example">`, `<style>*{display:none}</style>`, `</textarea><b>`, `</option></select><script>alert(1)</script>`, `<!--`, `%3Cscript%3E`, "java\tscript:alert(1)", `//evil.example/main.f`, `https://evil.example/main.f`,
}

// attacked is a profile in which every text is an attack; the plain one of the
// same form holds harmless texts.
func attacked(plain bool) *profile.Profile {
	n := 0
	next := func() string {
		n++
		if plain {
			return fmt.Sprintf("example.com/plain.f%d", n)
		}
		return attacks[n%len(attacks)]
	}
	r := newRecorder()
	for range len(attacks) {
		stack := []frame{}
		for range 6 {
			name := next()
			stack = append(stack, frame{name, name + next() + ".go", int64(n%90 + 1), 1})
		}
		r.add(5, stack...)
	}
	p := r.p
	for _, s := range p.Sample {
		s.Label = map[string][]string{next(): {next(), next()}}
		s.NumLabel, s.NumUnit = map[string][]int64{next(): {5}}, map[string][]string{}
		for k := range s.NumLabel {
			s.NumUnit[k] = []string{next()}
		}
	}
	for _, f := range p.Function {
		f.SystemName = next()
	}
	p.Mapping[0].File, p.Mapping[0].BuildID = next(), next()
	p.Comments, p.DocURL = []string{next(), next()}, next()
	p.SampleType = []*profile.ValueType{{Type: next(), Unit: next()}, {Type: next(), Unit: next()}}
	p.PeriodType = &profile.ValueType{Type: next(), Unit: next()}
	return p
}

// markup is every element and attribute of a page, and what is wrong with them.
func markup(t *testing.T, name, page string, into map[string]bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		into[n.Data] = true
		for _, a := range n.Attr {
			into[n.Data+" "+a.Key] = true
			if strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" || a.Key == "style" {
				t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
			}
			switch a.Key {
			case "href", "src", "action", "formaction", "data", "poster", "background":
				if strings.HasPrefix(a.Val, "#") || a.Val == "" {
					continue
				}
				if !leadsHome(a.Val) || !strings.HasPrefix(a.Val, "/") {
					t.Errorf("%s: <%s %s=%q> leads elsewhere", name, n.Data, a.Key, a.Val)
				}
			}
		}
		if n.Data == "script" && (len(n.Attr) == 0 || n.FirstChild != nil) || n.Data == "style" && !ours(n) || n.Data == "iframe" || n.Data == "base" || n.Data == "object" {
			t.Errorf("%s: <%s> of %v", name, n.Data, n.Attr)
		}
	}
}

// ours reports whether a style element holds our style sheet and nothing else.
func ours(style *html.Node) bool {
	return len(style.Attr) == 0 && style.FirstChild != nil && style.FirstChild.Data == string(assets.Bytes("app.css"))
}

func (s *site) views(p, q string, c profiles.Comparison, text string) []string {
	s.t.Helper()
	e := url.QueryEscape(text)
	all := []string{"/profiles", "/diff?base=" + p + "&other=" + q, "/diff?base=" + p + "&other=" + q + "&tab=top", "/diff?base=" + p + "&other=" + q + "&tab=lines&function=.", "/diff?base=" + p + "&other=" + p + "&mode=raw", "/", "/comparisons", "/comparisons/" + c.ID, "/comparisons/" + c.ID + "/rounds", "/comparisons/" + c.ID + "/lines?function=" + e, "/comparisons/" + c.ID + "/flame?search=" + e + "&pivot=" + e, "/hosts", "/choose?comparison=" + c.ID + "&access=local", "/choose?comparison=" + e + "&size=" + e + "&host=" + e + "&who=" + e, "/shares?path=%2Fprofiles%2F" + p, "/login?next=" + e, "/comparisons/new?again=" + c.ID}
	for _, q := range []string{"", "?tab=top", "?tab=lines", "?tab=lines&function=.", "?search=" + e, "?search=.", "?tab=top&search=" + e, "?pivot=" + e, "?tab=lines&function=" + e, "?mode=share", "?base_ops=100", "?tab=" + e + "&sort=" + e} {
		all = append(all, "/profiles/"+p+q)
	}
	return all
}

func TestNoMarkupComesFromInput(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	plainMarkup, hostileMarkup := map[string]bool{}, map[string]bool{}
	look := func(into map[string]bool, text string, hostile bool) {
		data := encode(t, attacked(!hostile))
		p := s.upload(data, "?title="+url.QueryEscape(text))
		q := s.upload(data, "?ops=100")
		c := s.running(text, 1)
		s.end(c, profiles.Done, "")
		for _, view := range s.views(p, q, c, text) {
			for who, h := range map[string]with{"anyone": browser, "owner": bearer} {
				if strings.HasPrefix(view, "/shares") && who == "anyone" {
					continue
				}
				a := s.do("GET", view, nil, h, browser).want(t, http.StatusOK)
				markup(t, view, a.body, into)
			}
		}
		home, _ := s.share("/profiles/" + p)
		for _, below := range []string{"", "?tab=top", "?tab=lines&function=."} {
			markup(t, home+below, s.page(home+below).want(t, 200).body, into)
		}
		// What a zoomed graph, a sandwich and a form that was refused show.
		for _, m := range links.FindAllStringSubmatch(s.page("/profiles/"+p).body, 15) {
			if link := html.UnescapeString(m[1]); strings.HasPrefix(link, "/profiles/"+p+"?") && !strings.HasSuffix(link, "=") {
				markup(t, link, s.page(link).want(t, 200).body, into)
			}
		}
		name := attacked(!hostile).Function[0].Name
		markup(t, "pivot", s.page("/profiles/"+p+"?pivot="+url.QueryEscape(name)).want(t, 200).body, into)
		form := url.Values{"custom": {"1"}, "sockets": {text}, "title": {text + "\a"}, "base": {text}, "sizes": {text}, "rounds": {text}, "host": {text}, "workload": {text}}
		markup(t, "form", s.post("/comparisons", form).want(t, 422).body, into)
		markup(t, "upload", s.form(t, []field{{"profile", text, []byte("x")}, {"title", "", []byte(text)}, {"ops", "", []byte(text)}}).body, into)
		markup(t, "error", s.page("/comparisons/"+url.PathEscape(text)).want(t, 404).body, into)
		markup(t, "error", s.page("/profiles/"+p+"?side="+url.QueryEscape(text)).want(t, 400).body, into)
		markup(t, "error", s.page("/profiles/"+p+"?sample_type="+url.QueryEscape(text+"?")).want(t, 404).body, into)
	}
	look(plainMarkup, "plain", false)
	for i := 0; i < len(attacks); i += 3 { // the profile holds all of them each time
		look(hostileMarkup, strings.ReplaceAll(attacks[i], "\t", ""), true)
	}
	for name := range hostileMarkup {
		if !plainMarkup[name] && name != "a rel" { // a list of more than a page
			t.Errorf("<%s> came from input", name)
		}
	}
	if len(plainMarkup) < 100 {
		t.Errorf("only %d kinds of elements and attributes were seen", len(plainMarkup))
	}
}

// The check above sees what it should: it is tried on pages that are wrong.
func TestMarkupSeesAttacks(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	doc := `<p title="` + html.EscapeString(attacks[3]) + `">` + html.EscapeString(attacks[0]) + `</p>`
	markup(t, "escaped", doc, seen)
	if seen["script"] || seen["p onmouseover"] {
		t.Error("escaped text is taken for markup")
	}
	bad, err := html.Parse(strings.NewReader(`<p title="` + attacks[3] + `">` + attacks[0] + `</p>`))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for n := range bad.Descendants() {
		names = append(names, n.Data)
		for _, a := range n.Attr {
			names = append(names, a.Key)
		}
	}
	if !slices.Contains(names, "script") || !slices.Contains(names, "onmouseover") {
		t.Errorf("unescaped text is not taken for markup: %v", names)
	}
}

func TestAPISendsTextAsJSON(t *testing.T) {
	t.Parallel()
	s := setup(t)
	data := encode(t, attacked(false))
	p := s.upload(data, "?title="+url.QueryEscape(attacks[0]))
	c := s.done(attacks[0])
	for _, path := range []string{"/api/v1/profiles/" + p, "/api/v1/profiles/" + p + "/top", "/api/v1/profiles/" + p + "/lines?function=.", "/api/v1/diff?base=" + p + "&other=" + p, "/api/v1/diff/lines?function=.&base=" + p + "&other=" + p, "/api/v1/comparisons", "/api/v1/comparisons/" + c.ID} {
		a := s.page(path).want(t, 200)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") || a.Header.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(a.body, "<script") {
			t.Errorf("%s: %s, or a tag in it", path, a.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/profiles/" + p + ".pprof", "/comparisons/" + c.ID + "/profiles.zip", "/api/v1/comparisons/" + c.ID + ".md", "/api/v1/comparisons/" + c.ID + ".csv", "/api/v1/comparisons/" + c.ID + ".json"} {
		a := s.page(path).want(t, 200)
		h := a.Header
		if h.Get("Content-Security-Policy") != "sandbox" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=") || strings.ContainsAny(h.Get("Content-Disposition"), "<>\"'") || h.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(h.Get("Content-Type"), "html") {
			t.Errorf("%s: %v", path, h)
		}
	}
}
