package web_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/web"
)

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
