package web_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// answer is a response, read to its end.
type answer struct {
	*http.Response
	body string
}

// with is a change of a request.
type with func(*http.Request)

func bearer(r *http.Request) { r.Header.Set("Authorization", "Bearer "+startToken) }
func header(name, value string) with {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func cookie(s *site, token string) with {
	u, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "sockscope-" + u.Port(), Value: token}) }
}

// do sends a request; path is below the site, or a whole address of it.
func (s *site) do(method, path string, body io.Reader, changes ...with) answer {
	s.t.Helper()
	r, err := http.NewRequest(method, s.url+strings.TrimPrefix(path, s.url), body)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, change := range changes {
		change(r)
	}
	resp, err := s.http.Do(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: read the answer: %v", method, path, err)
	}
	return answer{resp, string(raw)}
}

// page asks for a page as a browser does.
func (s *site) page(path string) answer {
	s.t.Helper()
	return s.do(http.MethodGet, path, nil, browser)
}

func (s *site) get(path string) answer {
	s.t.Helper()
	return s.do(http.MethodGet, path, nil)
}

// api sends JSON with the token.
func (s *site) api(method, path, body string) answer {
	s.t.Helper()
	return s.do(method, "/api/v1"+path, strings.NewReader(body), bearer, header("Content-Type", "application/json"))
}

// post sends a form with the token's cookie, as a page does.
func (s *site) post(path string, form url.Values) answer {
	s.t.Helper()
	return s.do(http.MethodPost, path, strings.NewReader(form.Encode()), browser, cookie(s, startToken),
		header("Content-Type", "application/x-www-form-urlencoded"), header("Sec-Fetch-Site", "same-origin"), header("Origin", s.url))
}

func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s: status %d, want %d; body %.400s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}
func browser(r *http.Request) { r.Header.Set("Accept", "text/html,application/xhtml+xml") }
