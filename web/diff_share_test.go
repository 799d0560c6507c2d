package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

// A shared difference shows its two profiles in any view, and nothing else.
func TestShareOfDifference(t *testing.T) {
	t.Parallel()
	s := setup(t)
	base, other, secret := s.upload(encode(t, client(t, "unix", 1)), "?title=old"), s.upload(encode(t, client(t, "tcp4", 2)), "?title=new"), s.upload(good(t), "?title=secret")
	c := s.done("secret too")
	view := "base=" + base + "&other=" + other
	home, id := s.share("/diff?" + view + "&tab=top&mode=raw")
	if a := s.page(home).want(t, http.StatusSeeOther); !strings.HasPrefix(a.Header.Get("Location"), home+"/diff?") || !strings.Contains(a.Header.Get("Location"), "tab=top") {
		t.Errorf("the share leads to %q", a.Header.Get("Location"))
	}
	for _, below := range []string{"", "/page", "/diff", "/diff?" + view, "/diff?" + view + "&tab=lines&function=.", "/diff?base=" + other + "&other=" + base, "/profiles/" + base, "/profiles/" + other + "?tab=top"} {
		a := s.follow(home+below).want(t, http.StatusOK)
		for _, m := range links.FindAllStringSubmatch(a.body, -1) {
			if l := m[1]; !strings.HasPrefix(l, home) && !strings.HasPrefix(l, "/assets/") && !strings.HasPrefix(l, "#") && l != "" {
				t.Errorf("%s leads out of the share: %q", below, l)
			}
		}
		if strings.Contains(a.body, "secret") || strings.Contains(a.body, `method="post"`) || strings.Contains(a.body, "formmethod") || strings.Contains(a.body, "/api/v1/shares") {
			t.Errorf("%s shows what it must not", below)
		}
	}
	merged := s.merged(c, 0, profiles.Client).ID
	for _, below := range []string{"/diff?base=" + base + "&other=" + secret, "/diff?base=" + secret + "&other=" + other, "/diff?base=" + merged + "&other=" + other, "/profiles/" + secret, "/profiles/" + secret + ".pprof", "/" + secret + ".pprof", "/lines", "/flame", "/rounds", "/events", "/profiles.zip", "/diff?base=" + base, "/waterfall.svg", "/waterfall"} {
		s.page(home+below).want(t, http.StatusNotFound)
	}
	for _, below := range []string{"/diff", "/diff.html", "/diff/flame.svg", "/diff/waterfall.svg"} {
		s.page(home+below+"?base="+other+"&other="+base).want(t, http.StatusOK)
		whole, _ := s.share("/comparisons/" + c.ID)
		for _, foreign := range []string{whole + below + "?base=" + merged + "&other=" + secret, home + below + "?base=" + base + "&other=" + secret, home + below + "?base=" + merged + "&other=" + other} {
			s.page(foreign).want(t, http.StatusNotFound)
		}
	}
	s.get(home+".pprof").want(t, http.StatusNotFound)
	s.likePprof(t, home, base, other)
	s.api("DELETE", "/shares/"+id, "").want(t, http.StatusNoContent)
	for _, below := range []string{"", "/diff", "/" + base + ".pprof", "/profiles/" + base + ".pprof"} {
		s.page(home+below).want(t, http.StatusGone)
	}
	if a := s.get(home + "/" + base + ".pprof"); a.Header.Get("X-Go-Pprof") == "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") || !strings.Contains(a.body, "revoked") {
		t.Errorf("go tool pprof is told %q, %q", a.Header, a.body)
	}
}

// likePprof has the tool compute the difference from the addresses below a share.
func (s *site) likePprof(t *testing.T, home, base, other string) {
	t.Helper()
	tool, err := pproforacle.Open(t.TempDir())
	if err != nil {
		t.Log("without the tool: ", err)
		return
	}
	rows, err := tool.Top(s.url+home+"/"+other+".pprof", "-diff_base="+s.url+home+"/"+base+".pprof")
	if err != nil {
		t.Fatal(err)
	}
	var want []struct {
		Function  string
		Flat, Cum int64
	}
	s.get("/api/v1/diff?base="+base+"&other="+other).want(t, http.StatusOK).json(t, &want)
	if len(rows) == 0 || len(rows) != len(want) {
		t.Fatalf("go tool pprof has %d rows, we %d", len(rows), len(want))
	}
	for i, r := range rows {
		if w := want[i]; r.Function != w.Function || r.Flat != w.Flat || r.Cum != w.Cum {
			t.Errorf("row %d: %+v, want %+v", i, r, w)
		}
	}
}
