package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

// share makes a link by the API and returns its path and id.
func (s *site) share(path string) (home, id string) {
	s.t.Helper()
	var made struct{ ID, URL string }
	s.api("POST", "/shares", fmt.Sprintf(`{"path":%q,"expires_in_s":3600}`, path)).want(s.t, http.StatusCreated).json(s.t, &made)
	if !strings.HasPrefix(made.URL, s.url+"/s/") || !regexp.MustCompile(`^[A-Za-z0-9_-]{27}$`).MatchString(strings.TrimPrefix(made.URL, s.url+"/s/")) {
		s.t.Fatalf("the share's address is %q", made.URL)
	}
	return strings.TrimPrefix(made.URL, s.url), made.ID
}

// follow leads through redirects.
func (s *site) follow(path string) answer {
	s.t.Helper()
	a := s.page(path)
	for range 3 {
		if a.StatusCode != http.StatusSeeOther {
			break
		}
		a = s.page(a.Header.Get("Location"))
	}
	return a
}

var links = regexp.MustCompile(`(?:href|action|src|data-events|data-zoom|data-url)="([^"]*)"`)

func TestShareShowsOneThing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c, other := s.done("shared one"), s.done("secret one")
	p := s.merged(c, 0, profiles.Client)
	for _, tt := range []struct {
		path    string
		below   []string // pages that open
		missing []string
	}{
		{"/comparisons/" + c.ID, []string{"", "/page", "/lines", "/flame", "/waterfall", "/flame?socket=tcp4&mode=share", "/rounds", "/profiles/" + p.ID, "/profiles/" + p.ID + "?tab=top"}, nil},
		{"/comparisons/" + c.ID + "/flame?socket=tcp4&search=Read", []string{"", "/page", "/lines", "/flame", "/rounds"}, nil},
		{"/comparisons/" + c.ID + "?side=server", []string{"", "/page", "/lines"}, nil},
		{"/profiles/" + p.ID, []string{"", "/page", "?tab=lines", "/profiles/" + p.ID}, []string{"/lines", "/flame", "/rounds", "/events", "/profiles.zip", "/profiles/" + s.merged(c, 1, profiles.Client).ID}},
	} {
		home, _ := s.share(tt.path)
		for _, below := range tt.below {
			a := s.follow(home+below).want(t, http.StatusOK)
			if strings.Contains(a.body, "secret one") || strings.Contains(a.body, other.ID+`"`) {
				t.Errorf("%s of %s shows another comparison", below, tt.path)
			}
			if strings.Contains(a.body, "/api/v1/shares") {
				t.Errorf("%s of %s offers to share it on", below, tt.path)
			}
			if strings.Contains(a.body, `method="post"`) {
				t.Errorf("%s of %s has a form that changes something", below, tt.path)
			}
			for _, m := range links.FindAllStringSubmatch(a.body, -1) {
				if l := m[1]; !strings.HasPrefix(l, home) && !strings.HasPrefix(l, "/assets/") && !strings.HasPrefix(l, "#") && l != "" {
					t.Errorf("%s of %s leads out of the share: %q", below, tt.path, l)
				}
			}
		}
		for _, below := range tt.missing {
			s.page(home+below).want(t, http.StatusNotFound)
		}
		s.get(home+"/profiles/"+p.ID+".pprof").want(t, http.StatusOK)
		s.get(home+"/"+p.ID+".pprof").want(t, http.StatusOK)
	}
}

// every link of a shared page opens, too.
func TestLinksOfASharedPageOpen(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	c := s.done("")
	home, _ := s.share("/comparisons/" + c.ID)
	seen := map[string]bool{}
	for todo := []string{home, home + "/rounds", home + "/flame", home + "/lines"}; len(todo) > 0 && len(seen) < 150; todo = todo[1:] {
		path := strings.ReplaceAll(todo[0], "&amp;", "&")
		path, _, _ = strings.Cut(path, "#")
		if seen[path] || strings.HasSuffix(path, "=") { // a zoom address gets its value by script
			continue
		}
		seen[path] = true
		a := s.page(path).want(t, http.StatusOK)
		for _, m := range links.FindAllStringSubmatch(a.body, -1) {
			if strings.HasPrefix(m[1], home) {
				todo = append(todo, m[1])
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d links were seen", len(seen))
	}
}

func TestEndedSharesSayWhy(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.upload(encode(t, client(t, "unix", 5)), "")
	expired, _ := s.share("/profiles/" + p)
	s.clock.advance(2 * time.Hour)
	revoked, id := s.share("/profiles/" + p)
	s.api("DELETE", "/shares/"+id, "").want(t, http.StatusNoContent)
	for home, word := range map[string]string{expired: "expired", revoked: "revoked"} {
		for _, below := range []string{".pprof", "/" + p + ".pprof", "/profiles/" + p + ".pprof", "", "/page"} {
			for _, h := range []with{header("Accept", "*/*"), browser} {
				a := s.do("GET", home+below, nil, h).want(t, http.StatusGone)
				html := strings.HasPrefix(a.Header.Get("Content-Type"), "text/html")
				plain := strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") && a.Header.Get("X-Go-Pprof") != ""
				if !strings.Contains(a.body, word) || html == plain || html && strings.HasSuffix(below, ".pprof") {
					t.Errorf("%s%s: %s, X-Go-Pprof %q: %.200s", word, below, a.Header.Get("Content-Type"), a.Header.Get("X-Go-Pprof"), a.body)
				}
			}
		}
		if a := s.page(home); !strings.Contains(a.Header.Get("Content-Type"), "text/html") || strings.Contains(a.body, p) {
			t.Errorf("a browser gets %s, or the page names what was shared", a.Header.Get("Content-Type"))
		}
	}
}

func TestShareByForm(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	a := s.post("/shares", url.Values{"path": {"/comparisons/" + c.ID + "/lines?side=server"}, "expires_in_s": {"86400"}}).want(t, http.StatusOK)
	m := regexp.MustCompile(regexp.QuoteMeta(s.url) + `(/s/[A-Za-z0-9_-]{27})`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("the page does not show the address: %s", a.body)
	}
	if b := s.follow(m[1]).want(t, http.StatusOK); !strings.Contains(b.body, "ServeConn") || b.Request.URL.Path != m[1]+"/lines" {
		t.Errorf("the share leads to %s", b.Request.URL)
	}
	list := s.do("GET", "/shares", nil, browser, bearer).want(t, http.StatusOK)
	if strings.Contains(list.body, m[1]) || !strings.Contains(list.body, "/shares/S-1/revoke") {
		t.Error("the list shows a token, or no way to revoke")
	}
	s.post("/shares/S-1/revoke", nil).want(t, http.StatusSeeOther)
	s.page(m[1]).want(t, http.StatusGone)
	if list := s.do("GET", "/shares", nil, browser, bearer); strings.Contains(list.body, "/revoke") || !strings.Contains(list.body, "revoked") {
		t.Error("the list offers to revoke what is revoked")
	}
	s.post("/shares/S-1/revoke", nil).want(t, http.StatusSeeOther)
	s.post("/shares/S-99/revoke", nil).want(t, http.StatusNotFound)
}

func TestSharesOfWrongThings(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	before := s.state()
	cases := map[string]int{}
	for _, path := range []string{
		"", "/", "/hosts", "/shares", "/comparisons", "/profiles", "/comparisons/" + c.ID + "/cancel", "/comparisons/" + c.ID + "/", "//evil.example/comparisons/C-1", "https://evil.example/comparisons/C-1",
		"/comparisons/C-1/../C-2", "/comparisons/C-1%2f..%2fC-2", "comparisons/C-1", "/comparisons/c-1", "/comparisons/C-1.json", "javascript:alert(1)", "/s/abc", "/profiles/P-1.pprof", "/comparisons/C-1\n", `/comparisons\C-1`, "/diff", "/diff?base=P-1", "/diff?other=P-1", "/diff/lines?base=P-1&other=P-2",
	} {
		cases[fmt.Sprintf(`{"path":%q}`, path)] = http.StatusUnprocessableEntity
	}
	for _, path := range []string{"/comparisons/C-999", "/profiles/P-999", "/comparisons/C-99999999999999999999", "/comparisons/C-0", "/comparisons/C-01"} {
		cases[fmt.Sprintf(`{"path":%q}`, path)] = http.StatusNotFound
	}
	for _, expiry := range []string{"0", "59", "-1", "1e99", "1.5", "31622401", "99999999999999999999"} {
		cases[fmt.Sprintf(`{"path":"/comparisons/%s","expires_in_s":%s}`, c.ID, expiry)] = http.StatusUnprocessableEntity
	}
	for _, body := range []string{"", "null2", "[]", `{"path":1}`, `{"path":"/comparisons/C-1","owner":"me"}`, `{"path":"/comparisons/C-1","expires_in_s":"soon"}`, `{"path":"/comparisons/C-1","token":"mine"}`, `{"path":"/comparisons/C-1"}{}`} {
		cases[body] = http.StatusBadRequest
	}
	for body, status := range cases {
		a := s.api("POST", "/shares", body)
		if a.StatusCode != status {
			t.Errorf("%s: %d, want %d: %s", body, a.StatusCode, status, a.body)
		}
		a.problem(t)
	}
	s.post("/shares", url.Values{"path": {"/hosts"}}).want(t, http.StatusUnprocessableEntity)
	s.post("/shares", url.Values{"path": {"/comparisons/" + c.ID}, "expires_in_s": {"soon"}}).want(t, http.StatusUnprocessableEntity)
	s.unchanged(before)
}

// The tool itself opens profiles by their address, with and without a share, and
// prints why a share does not open.
func TestPprofOpensAddresses(t *testing.T) {
	t.Parallel()
	tool, err := pproforacle.Open(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	s := setup(t)
	c := s.done("")
	p, other := s.merged(c, 0, profiles.Client), s.merged(c, 2, profiles.Client)
	home, id := s.share("/comparisons/" + c.ID)
	single, _ := s.share("/profiles/" + p.ID)
	want, err := tool.Top(s.url + "/profiles/" + p.ID + ".pprof")
	if err != nil || len(want) < 5 {
		t.Fatalf("%d rows, %v", len(want), err)
	}
	for _, address := range []string{home + "/" + p.ID + ".pprof", home + "/profiles/" + p.ID + ".pprof", single + ".pprof", single + "/" + p.ID + ".pprof"} {
		got, err := tool.Top(s.url + address)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v\n%v\nwant\n%v", address, err, got, want)
		}
	}
	if _, err := tool.Top(s.url+home+"/"+other.ID+".pprof", "-diff_base="+s.url+home+"/"+p.ID+".pprof"); err != nil {
		t.Errorf("the difference: %v", err)
	}
	s.api("DELETE", "/shares/"+id, "").want(t, http.StatusNoContent)
	s.clock.advance(2 * time.Hour)
	for address, why := range map[string]string{
		home + "/" + p.ID + ".pprof": "was revoked by its owner", single + ".pprof": "has expired", "/profiles/P-999.pprof": "nothing at this address", home + "x.pprof": "nothing at this address",
	} {
		if _, err := tool.Top(s.url + address); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: the tool says %v, want %q", address, err, why)
		}
	}
}
