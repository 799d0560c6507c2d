package web_test

import (
	"net/url"
	"strings"
	"testing"
)

// Only embeds may stand in a frame of another site, and only below a share.
func TestOnlyEmbedsAreFramed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	p := s.upload(encode(t, client(t, "unix", 40)), "?title=before")
	q := s.upload(encode(t, client(t, "tcp4", 40)), "?title=after")
	parts := map[string][]string{
		"/comparisons/" + c.ID:                        {"answer", "flame", "lines", "flame?side=server&mode=share", "lines?function=Dial"},
		"/profiles/" + p:                              {"flame", "lines"},
		"/diff?base=" + p + "&other=" + q:             {"flame", "lines"},
		"/comparisons/" + c.ID + "/flame?side=server": {"flame"},
	}
	for path, below := range parts {
		home, _ := s.share(path)
		for _, part := range below {
			a := s.page(home+"/embed/"+part).want(t, 200)
			policy := a.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "frame-ancestors *;") || !strings.Contains(policy, "script-src 'self'") || a.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
				t.Errorf("%s %s: %v", path, part, a.Header)
			}
			if strings.Contains(a.body, `class="Top"`) || strings.Contains(a.body, `method="post"`) || !strings.Contains(a.body, `href="`+home+`"`) {
				t.Errorf("%s %s: it has chrome, or does not lead to the page", path, part)
			}
			if strings.Contains(a.body, `href="/comparisons`) || strings.Contains(a.body, `href="/profiles`) || strings.Contains(a.body, `href="/diff`) {
				t.Errorf("%s %s: it leads past its share", path, part)
			}
			keepFile(t, "embed-"+strings.ReplaceAll(part, "?", "-")+".html", a.body)
		}
		page := s.page(home)
		for page.StatusCode == 303 {
			page = s.page(page.Header.Get("Location"))
		}
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("the page of %s may be framed: %s", path, policy)
		}
	}
	home, _ := s.share("/profiles/" + p)
	s.page(home+"/embed/answer").want(t, 404)
	s.page(home+"/embed/other").want(t, 404)
}

// Who makes a share is told how it is shown elsewhere, and what they are told works.
func TestShareTellsHowToEmbed(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	path := "/comparisons/" + c.ID + "/flame?mode=share&side=server"
	var made struct {
		URL    string
		Embeds []struct{ Label, Text string }
	}
	s.api("POST", "/shares", `{"path":"`+path+`"}`).want(t, 201).json(t, &made)
	if len(made.Embeds) != 2 || !strings.Contains(made.Embeds[0].Text, `<iframe src="`+made.URL+"/embed/flame?mode=share&amp;side=server\"") {
		t.Fatalf("%+v", made.Embeds)
	}
	frame := strings.ReplaceAll(strings.Split(made.Embeds[0].Text, `"`)[1], "&amp;", "&")
	s.page(frame).want(t, 200)
	picture := strings.Split(made.Embeds[1].Text, `"`)
	s.page(picture[1])
	s.page(picture[3]).want(t, 200)
	page := s.post("/shares", url.Values{"path": {path}, "expires_in_s": {"3600"}}).want(t, 200)
	if !strings.Contains(page.body, "&lt;iframe src=&#34;"+s.url+"/s/") {
		t.Error("the page of a new share does not tell how to embed it")
	}
}
