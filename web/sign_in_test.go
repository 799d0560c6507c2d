package web_test

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/web"
)

func TestTokenIsNeeded(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	before := s.state()
	cases := map[string][]with{
		"nothing":               {},
		"wrong bearer":          {header("Authorization", "Bearer wrong")},
		"empty bearer":          {header("Authorization", "Bearer ")},
		"basic":                 {header("Authorization", "Basic "+startToken)},
		"share token as bearer": {header("Authorization", "Bearer "+token)},
		"wrong cookie":          {cookie(s, "wrong")},
		"empty cookie":          {cookie(s, "")},
		"cookie of other port":  {header("Cookie", "sockscope="+startToken+"; sockscope-1="+startToken)},
	}
	for name, headers := range cases {
		for _, at := range unsafe(s.places(c, p, token)) {
			if at.route == "/login" {
				continue
			}
			for _, query := range []string{"", "?token=" + startToken} {
				a := s.do(at.method, at.path+query, strings.NewReader("token="+startToken), append(headers, header("Content-Type", "application/x-www-form-urlencoded"))...)
				if a.StatusCode != http.StatusUnauthorized || !strings.Contains(a.body, "start token") || a.Header.Get("WWW-Authenticate") != "Bearer" {
					t.Errorf("%s, %s %s%s: %d %.100s", name, at.method, at.path, query, a.StatusCode, a.body)
				}
			}
		}
		s.do("GET", "/shares", nil, headers...).want(t, http.StatusUnauthorized)
	}
	s.unchanged(before)
	for name, h := range map[string]with{"bearer": bearer, "cookie": cookie(s, startToken)} {
		if a := s.do("POST", "/api/v1/comparisons", strings.NewReader("{}"), h); a.StatusCode != http.StatusCreated {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}

// open are the routes that --private leaves open: they show nothing that was
// measured, or only what somebody shared.
func isOpen(route string) bool {
	return slices.Contains([]string{"/login", "/assets/*", "/healthz", "/robots.txt", "/api/v1/openapi.yaml"}, route) || strings.HasPrefix(route, "/s/")
}

func TestPrivateAsksForTheTokenForReading(t *testing.T) {
	t.Parallel()
	for _, private := range []bool{false, true} {
		s := setup(t, func(o *web.Options) { o.Private = private })
		c, p, token := s.shown()
		for _, at := range s.places(c, p, token) {
			if at.method != http.MethodGet {
				continue
			}
			want := private && !isOpen(at.route) || at.route == "/shares"
			a := s.do("GET", at.path, nil, browser)
			if (a.StatusCode == http.StatusUnauthorized) != want {
				t.Errorf("private %v, %s: %d", private, at.path, a.StatusCode)
			}
			if want && strings.Contains(a.body, "tcp4") {
				t.Errorf("private %v, %s: the refusal shows what is stored", private, at.path)
			}
			if got := s.do("GET", at.path, nil, browser, bearer).StatusCode; got == http.StatusUnauthorized || got >= 500 {
				t.Errorf("private %v, %s with the token: %d", private, at.path, got)
			}
		}
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := setup(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.url, "http://"))
	signedIn := func(name, location string, a answer) {
		t.Helper()
		a.want(t, http.StatusSeeOther)
		if got := a.Header.Get("Location"); got != location || strings.Contains(a.body, startToken) {
			t.Errorf("%s: leads to %q, want %q; body %q", name, got, location, a.body)
		}
		cs := a.Cookies()
		if len(cs) != 1 {
			t.Fatalf("%s: cookies %v", name, cs)
		}
		k := cs[0]
		if k.Name != "sockscope-"+port || k.Value != startToken || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.Secure || k.MaxAge <= 0 {
			t.Errorf("%s: cookie %v", name, k)
		}
		s.do("GET", "/shares", nil, func(r *http.Request) { r.AddCookie(k) }).want(t, http.StatusOK)
	}
	signedIn("link", "/", s.page("/?token="+startToken))
	signedIn("link to a page", "/comparisons?before=C-9", s.page("/comparisons?token="+startToken+"&before=C-9"))
	signedIn("form", "/shares?path=%2Fcomparisons%2FC-1", s.do("POST", "/login", strings.NewReader(url.Values{"token": {" " + startToken + "\n"}, "next": {"/shares?path=%2Fcomparisons%2FC-1"}}.Encode()),
		browser, header("Content-Type", "application/x-www-form-urlencoded")))
	for _, wrong := range []string{"wrong", startToken + "x", strings.ToUpper(startToken), startToken[:5]} {
		a := s.page("/?token="+wrong).want(t, http.StatusUnauthorized)
		b := s.do("POST", "/login", strings.NewReader("token="+wrong+"&next=/hosts"), browser, header("Content-Type", "application/x-www-form-urlencoded")).want(t, http.StatusUnauthorized)
		if len(a.Cookies())+len(b.Cookies()) > 0 || strings.Contains(strings.ReplaceAll(a.body+b.body, wrong, ""), startToken) {
			t.Errorf("token %q gives a cookie, or the true token", wrong)
		}
	}
	// A request line may hold a path that a browser would take for another host.
	for _, line := range []string{"//evil.example/", "///evil.example", "/\\evil.example", "/%2Fevil.example", "//evil.example/comparisons"} {
		if resp := s.raw("GET " + line + "?token=" + startToken + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n"); !leadsHome(resp.Header.Get("Location")) {
			t.Errorf("%s leads to %q", line, resp.Header.Get("Location"))
		}
	}
}

// After a wrong token the form still leads where its sender wanted to go, but never
// to another host.
func TestWrongTokenKeepsTheDestination(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for next, want := range map[string]string{
		"/comparisons/new?again=C-1": "/comparisons/new?again=C-1",
		"https://evil.example/":      "/",
		"//evil.example/":            "/",
		`/\evil.example/`:            "/",
	} {
		form := url.Values{"token": {"wrong"}, "next": {next}}.Encode()
		a := s.do("POST", "/login", strings.NewReader(form), browser, header("Content-Type", "application/x-www-form-urlencoded")).want(t, http.StatusUnauthorized)
		if field := `name="next" value="` + want + `"`; !strings.Contains(a.body, field) {
			t.Errorf("after a wrong token with next=%q the form does not hold %s", next, field)
		}
	}
}

// leadsHome reports whether a browser that follows the address stays: it strips
// tabs and line ends, and takes a backslash for a slash.
func leadsHome(location string) bool {
	location = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimLeft(location, " \x00\x01\x1f"))
	base := &url.URL{Scheme: "http", Host: "here.example", Path: "/login"}
	u, err := base.Parse(location)
	return err == nil && u.Scheme == "http" && u.Host == "here.example" && u.User == nil && !strings.HasPrefix(location, "//")
}

func TestNextStaysHere(t *testing.T) {
	t.Parallel()
	s := setup(t)
	away := []string{
		"//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\\evil.example`, `\/evil.example`, `/\/evil.example`, `//\evil.example`,
		"/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "/%09/evil.example", "/%0a/evil.example", "/%0d%0a/evil.example",
		"/%5cevil.example", "/%5C%5Cevil.example", "/%2fevil.example", "/%2f%2fevil.example", "https:evil.example", "https:/evil.example", "https://evil.example", "http:evil.example", "HTTPS://evil.example",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example@127.0.0.1/", "https://127.0.0.1@evil.example", "/\x00/evil.example",
		"//google%E3%80%82com", "/.//evil.example", "/..//evil.example", "/..;//evil.example", ".evil.example", "@evil.example", "evil.example", "?next=//evil.example", "#//evil.example", "", "/x\r\nSet-Cookie: a=b", "//[::1]:80/", "http://", "/;@evil.example", "/?//evil.example", "%2f%2fevil.example",
	}
	for _, next := range away {
		got := web.OwnPath(next)
		if !leadsHome(got) || !strings.HasPrefix(got, "/") {
			t.Errorf("ownPath(%q) = %q", next, got)
		}
		a := s.do("POST", "/login", strings.NewReader(url.Values{"token": {startToken}, "next": {next}}.Encode()), header("Content-Type", "application/x-www-form-urlencoded")).want(t, http.StatusSeeOther)
		if l := a.Header.Get("Location"); !leadsHome(l) || !strings.HasPrefix(l, "/") || a.Header.Get("Set-Cookie") == "" || len(a.Header["Set-Cookie"]) != 1 {
			t.Errorf("next=%q leads to %q, cookies %q", next, l, a.Header["Set-Cookie"])
		}
	}
	for _, next := range []string{"/", "/hosts", "/comparisons/C-1?side=server&mode=raw", "/comparisons/C-1/lines?function=%5Emain", "/a%20b?q=%2F%2F"} {
		if got := web.OwnPath(next); got != next {
			t.Errorf("ownPath(%q) = %q", next, got)
		}
	}
}

func TestLogHoldsNoToken(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	for _, path := range []string{
		"/s/" + token + "/nothing", "/s/" + token + "/profiles/P-999", "/s/" + token + "/P-999.pprof", "/s/" + token + "x", "/s/" + token + "x.pprof", "/s/" + token + "/lines?at=%21",
		"/nothing?token=" + startToken, "/comparisons/C-999?again=" + token, "//s/" + token + "/x", "/s//" + token, "/s/" + token + "/", "/./s/" + token,
		"/S/" + token, "/comparisons/../s/" + token + "/x", "/%73/" + token + "/x",
	} {
		s.page(path)
		s.do("POST", path, nil, bearer)
	}
	if err := s.store.RevokeShare(t.Context(), "S-1"); err != nil {
		t.Fatal(err)
	}
	for _, at := range s.places(c, p, token) {
		s.do(at.method, at.path, nil)
	}
	log := s.log.String()
	if !strings.Contains(log, "request refused") {
		t.Fatal("nothing was logged, so this shows nothing")
	}
	for line := range strings.Lines(log) {
		if strings.Contains(line, token) || strings.Contains(line, startToken) {
			t.Errorf("a token is in the log: %s", line)
		}
	}
	for path, want := range map[string]string{"/s/abc": "/s/***", "/s/abc.pprof": "/s/***", "/s/abc/lines": "/s/***/lines", "/hosts": "/hosts", "/s/": "/s/***", "//s/aaaaaaaaaaaaaaaaaaaaaaaaaaa": "//s/***"} {
		if got := web.MaskPath(path); got != want {
			t.Errorf("maskPath(%q) = %q, want %q", path, got, want)
		}
	}
}
