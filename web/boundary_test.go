package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/web"
)

// place is a route with its parameters filled in.
type place struct{ method, route, path string }

// places are all routes that the server has, with the ids of things that exist.
func (s *site) places(c profiles.Comparison, p profiles.Profile, token string) []place {
	s.t.Helper()
	var all []place
	for _, r := range s.echo.Routes() {
		if r.Method == "echo_route_not_found" {
			continue
		}
		id := p.ID
		switch {
		case strings.Contains(r.Path, "comparisons/"):
			id = c.ID
		case strings.Contains(r.Path, "shares/"):
			id = "S-1"
		}
		path := strings.NewReplacer(":id", id, ":token", token, ":profile/", p.ID+"/", ":profile", p.ID+".pprof", ":chart", "latency.svg", ":part", "flame", "*", "app.css").Replace(r.Path)
		if strings.Contains(path, "/diff") {
			path += "?function=.&base=" + p.ID + "&other=" + p.ID
		}
		if strings.HasSuffix(path, "/lines") {
			path += "?function=."
		}
		all = append(all, place{r.Method, r.Path, path})
	}
	slices.SortFunc(all, func(a, b place) int { return strings.Compare(a.route+a.method, b.route+b.method) })
	if len(all) < 40 {
		s.t.Fatalf("only %d routes: are they read from the server?", len(all))
	}
	return all
}

func unsafe(all []place) []place {
	return slices.DeleteFunc(slices.Clone(all), func(p place) bool { return p.method == http.MethodGet || p.method == http.MethodHead })
}

// shown files a comparison that ended, one that runs, an upload and a share.
func (s *site) shown() (c profiles.Comparison, p profiles.Profile, token string) {
	s.t.Helper()
	c = s.done("shown")
	_, token, err := s.store.CreateShare(s.t.Context(), "/comparisons/"+c.ID, s.clock.Now().AddDate(0, 0, 1))
	if err != nil {
		s.t.Fatal(err)
	}
	return c, s.merged(c, 0, profiles.Client), token
}

// state is what a request may not change.
func (s *site) state() string {
	s.t.Helper()
	ctx := s.t.Context()
	cs, err := s.store.Comparisons(ctx, "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	text := ""
	for _, c := range cs {
		text += fmt.Sprintln(c.ID, c.State, c.CancelRequested)
	}
	ps, err := s.store.RecentProfiles(ctx, "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range ps {
		text += fmt.Sprintln(p.ID, p.SHA256)
	}
	shares, err := s.store.Shares(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, sh := range shares {
		text += fmt.Sprintln(sh.ID, sh.Path, sh.RevokedAt)
	}
	return text + fmt.Sprint(s.queue.orders())
}

func (s *site) unchanged(before string) {
	s.t.Helper()
	if now := s.state(); now != before {
		s.t.Errorf("something was changed by what was refused; before:\n%s\nnow:\n%s", before, now)
	}
}

func TestOtherNamesAreNotAnswered(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	before := s.state()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.url, "http://"))
	for _, host := range []string{
		"evil.example", "evil.example:" + port, "localhost.evil.com", "localhost.evil.com:" + port, "127.0.0.1.evil.com", "127.0.0.1.nip.io",
		"localhost.", "localhost@evil.com", "127.0.0.2", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0x7f000001", "localhost,evil.com", "::1:evil",
	} {
		for _, at := range s.places(c, p, token) {
			s.do(at.method, at.path, nil, bearer, func(r *http.Request) { r.Host = host }).want(t, http.StatusMisdirectedRequest)
		}
	}
	for name, request := range map[string]string{
		"no host":        "POST /api/v1/comparisons HTTP/1.0\r\nAuthorization: Bearer " + startToken + "\r\n\r\n",
		"empty host":     "POST /api/v1/comparisons HTTP/1.1\r\nHost: \r\nAuthorization: Bearer " + startToken + "\r\nConnection: close\r\n\r\n",
		"whole address":  "POST http://evil.example/api/v1/comparisons HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + startToken + "\r\nConnection: close\r\n\r\n",
		"two hosts":      "POST /api/v1/comparisons HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nAuthorization: Bearer " + startToken + "\r\nConnection: close\r\n\r\n",
		"sign-in abroad": "GET http://evil.example/?token=" + startToken + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
	} {
		resp := s.raw(request)
		if resp.StatusCode != http.StatusMisdirectedRequest && resp.StatusCode != http.StatusBadRequest || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, cookie %q", name, resp.StatusCode, resp.Header.Get("Set-Cookie"))
		}
	}
	s.unchanged(before)
	// A proxy's word for the name counts nothing, neither for nor against.
	s.do("GET", "/", nil, header("X-Forwarded-Host", "evil.example"), header("Forwarded", "host=evil.example")).want(t, 200)
	s.do("GET", "/", nil, header("X-Forwarded-Host", "localhost"), func(r *http.Request) { r.Host = "evil.example" }).want(t, http.StatusMisdirectedRequest)
	if page := s.do("GET", "/profiles", nil, header("X-Forwarded-Host", "evil.example")); strings.Contains(page.body, "evil.example") {
		t.Error("a page names the host of X-Forwarded-Host")
	}
	for _, host := range []string{"localhost", "localhost:" + port, "LOCALHOST:" + port, "127.0.0.1:" + port, "[::1]:" + port} {
		s.do("GET", "/healthz", nil, func(r *http.Request) { r.Host = host }).want(t, 200)
	}
}

// raw sends a request as it stands and reads the head of the answer.
func (s *site) raw(request string) *http.Response {
	s.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		s.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

func TestPublicNameIsAnswered(t *testing.T) {
	t.Parallel()
	hosts, err := web.NewHosts("https://bench.example.org")
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"localhost:$(id)": false, "127.0.0.1:80;x": false, "localhost:80": true,
		"bench.example.org": true, "BENCH.example.org": true, "bench.example.org:444": false, "bench.example.org.evil.com": false,
		"example.org": false, "localhost:7070": true, "": false,
	} {
		if got := hosts.Allow(host); got != want {
			t.Errorf("Allow(%q) = %v, want %v", host, got, want)
		}
	}
	for _, bad := range []string{"bench.example.org", "ftp://bench.example.org", "https://", "http://a b", "javascript:alert(1)"} {
		if _, err := web.NewHosts(bad); err == nil || !strings.Contains(err.Error(), "public URL") {
			t.Errorf("NewHosts(%q): %v, want a sentence", bad, err)
		}
	}
}

func TestOtherOriginsChangeNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	before := s.state()
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string][]with{
		"cross-site":                 {header("Sec-Fetch-Site", "cross-site")},
		"cross-site from own origin": {header("Sec-Fetch-Site", "cross-site"), header("Origin", s.url)},
		"same-site":                  {header("Sec-Fetch-Site", "same-site")},
		"odd fetch site":             {header("Sec-Fetch-Site", "same-origin2")},
		"other origin":               {header("Origin", "https://evil.example")},
		"null origin":                {header("Origin", "null")},
		"other port":                 {header("Origin", "http://127.0.0.1:1")},
		"other name of loopback":     {header("Origin", "http://localhost:"+u.Port())},
		"name that begins alike":     {header("Origin", s.url+".evil.example")},
		"user part":                  {header("Origin", "http://127.0.0.1:"+u.Port()+"@evil.example")},
	}
	for name, headers := range refused {
		for _, at := range unsafe(s.places(c, p, token)) {
			a := s.do(at.method, at.path, strings.NewReader("token="+startToken), append(headers, cookie(s, startToken), header("Content-Type", "application/x-www-form-urlencoded"))...)
			if a.StatusCode != http.StatusForbidden || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s, %s %s: %d", name, at.method, at.path, a.StatusCode)
			}
		}
	}
	s.unchanged(before)
	passed := map[string][]with{
		"own page": {header("Sec-Fetch-Site", "same-origin"), header("Origin", s.url)}, "typed in": {header("Sec-Fetch-Site", "none")},
		"old browser": {header("Origin", s.url)}, "program": {},
	}
	for name, headers := range passed {
		for _, at := range unsafe(s.places(c, p, token)) {
			at.path = strings.NewReplacer(c.ID, "C-999", p.ID, "P-999", "S-1", "S-999").Replace(at.path)
			if a := s.do(at.method, at.path, strings.NewReader("{}"), append(headers, bearer)...); a.StatusCode == http.StatusForbidden {
				t.Errorf("%s, %s %s: refused", name, at.method, at.path)
			}
		}
	}
}

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

// outside reports whether other sites may show an answer: pictures and embeds of a
// share.
func outside(a answer) bool {
	path := a.Request.URL.Path
	return a.StatusCode == http.StatusOK && strings.HasPrefix(path, "/s/") && (strings.Contains(path, "/embed/") || strings.HasSuffix(path, ".svg") || strings.HasSuffix(path, ".png"))
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, p, token := s.shown()
	check := func(name string, a answer) {
		t.Helper()
		h := a.Header
		if outside(a) { // shown on other sites: TestOnlyEmbedsAreFramed, TestPanelsOfferTheirPictures
			h = h.Clone()
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors *;", "frame-ancestors 'none';", 1))
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "X-Robots-Tag": "noindex",
		} {
			if got := h.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		csp := h.Get("Content-Security-Policy")
		if strings.HasPrefix(h.Get("Content-Type"), "image/") && !strings.HasPrefix(a.Request.URL.Path, "/assets/") {
			if csp != "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'" {
				t.Errorf("%s: Content-Security-Policy of a picture is %q", name, csp)
			}
			return
		}
		download := h.Get("Content-Disposition") != ""
		if download && csp != "sandbox" || !download && (!strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe")) {
			t.Errorf("%s: Content-Security-Policy is %q", name, csp)
		}
		if cache := h.Get("Cache-Control"); !strings.HasPrefix(a.Request.URL.Path, "/assets/") && !strings.HasPrefix(cache, "private, no-") {
			t.Errorf("%s: Cache-Control is %q", name, cache)
		}
		if h.Get("Access-Control-Allow-Origin") != "" || h.Get("Server") != "" {
			t.Errorf("%s: opens itself to other origins, or tells what it is: %v", name, h)
		}
	}
	for _, at := range s.places(c, p, token) {
		for who, h := range map[string]with{"anyone": browser, "owner": bearer} {
			if len(unsafe([]place{at})) > 0 && who == "owner" {
				continue // would change what the others look at
			}
			check(who+" "+at.method+" "+at.path, s.do(at.method, at.path, nil, h))
		}
	}
	for _, path := range []string{"/nothing", "/comparisons/C-999", "/comparisons/C-1/flame?at=%21", "/s/unknown", "/profiles/x.pprof", "/assets/none.js", "/api/v1/nothing"} {
		check(path, s.page(path))
		check(path, s.get(path))
	}
	check("method", s.do("PUT", "/comparisons", nil))
	check("host", s.do("GET", "/", nil, func(r *http.Request) { r.Host = "evil.example" }))
	check("origin", s.do("POST", "/comparisons", nil, header("Origin", "null")))
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
