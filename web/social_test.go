package web_test

import (
	"image/png"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/web"
)

// said are the OpenGraph properties of a page.
func said(t *testing.T, page string) map[string]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "meta" {
			continue
		}
		name, content := "", ""
		for _, a := range n.Attr {
			switch a.Key {
			case "property", "name":
				name = a.Val
			case "content":
				content = a.Val
			}
		}
		all[name] = content
	}
	return all
}

func TestSharedLinksHaveAPicture(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	p := s.upload(encode(t, client(t, "unix", 40)), "?title=before")
	q := s.upload(encode(t, client(t, "tcp4", 40)), "?title=after")
	running := s.running("", 2)
	for name, path := range map[string]string{
		"comparison": "/comparisons/" + c.ID, "flame": "/comparisons/" + c.ID + "/flame?side=server", "profile": "/profiles/" + p, "diff": "/diff?base=" + p + "&other=" + q,
		"running": "/comparisons/" + running.ID,
	} {
		home, _ := s.share(path)
		page := s.page(home)
		if page.StatusCode == 303 {
			page = s.page(page.Header.Get("Location"))
		}
		meta := said(t, page.want(t, 200).body)
		if meta["og:image"] != s.url+home+"/picture.png" || meta["og:url"] != s.url+home || meta["og:title"] == "" || meta["og:description"] == "" || meta["twitter:card"] != "summary_large_image" {
			t.Errorf("%s says %v", name, meta)
		}
		a := s.get(home+"/picture.png").want(t, 200)
		keepFile(t, "card-"+name+".png", a.body)
		if a.Header.Get("Content-Type") != "image/png" || a.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || len(a.body) > 200<<10 {
			t.Errorf("%s: %d B, %v", name, len(a.body), a.Header)
		}
		drawn, err := png.Decode(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		colours := map[[3]uint32]bool{}
		for x := 0; x < drawn.Bounds().Dx(); x += 3 {
			for y := 0; y < drawn.Bounds().Dy(); y += 3 {
				r, g, b, _ := drawn.At(x, y).RGBA()
				colours[[3]uint32{r, g, b}] = true
			}
		}
		if size := drawn.Bounds().Size(); size.X != 1200 || size.Y != 630 || len(colours) < 10 {
			t.Errorf("%s is %v with %d colours", name, size, len(colours))
		}
		s.do("GET", home+"/picture.png", nil, header("If-None-Match", a.Header.Get("ETag"))).want(t, 304)
	}
	if meta := said(t, s.page("/comparisons/"+c.ID).body); meta["og:image"] != "" {
		t.Errorf("a page that nobody shared says %v", meta)
	}
}

func TestPublicURLStandsInWhatIsSaid(t *testing.T) {
	t.Parallel()
	s := setup(t, func(o *web.Options) { o.PublicURL = "https://bench.example.org/" })
	c := s.done("")
	_, token, err := s.store.CreateShare(t.Context(), "/comparisons/"+c.ID, s.clock.Now().AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	if meta := said(t, s.page("/s/"+token).body); meta["og:image"] != "https://bench.example.org/s/"+token+"/picture.png" {
		t.Errorf("%v", meta)
	}
}

// A hostile title or name is drawn as text, or left out, and takes no more room.
func TestHostileCards(t *testing.T) {
	t.Parallel()
	s := setup(t)
	long := strings.Repeat("W", 120) + "\u202e" + attacks[0]
	c := s.running(long, 6)
	s.end(c, profiles.Done, "")
	p := s.upload(encode(t, attacked(false)), "?title="+url.QueryEscape(long))
	for _, path := range []string{"/comparisons/" + c.ID, "/profiles/" + p} {
		home, _ := s.share(path)
		a := s.get(home+"/picture.png").want(t, 200)
		keepFile(t, "card-hostile.png", a.body)
		if _, err := png.Decode(strings.NewReader(a.body)); err != nil {
			t.Error(err)
		}
		said(t, s.page(home).want(t, 200).body)
	}
}

// The picture of a share follows what is shared: other figures draw another one, and
// what was deleted has none.
func TestPictureFollowsWhatIsShared(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.upload(encode(t, client(t, "unix", 40)), "?title=before")
	q := s.upload(encode(t, client(t, "tcp4", 40)), "?title=after")
	home, _ := s.share("/diff?base=" + p + "&other=" + q)
	alone, _ := s.share("/profiles/" + p)
	s.get(alone+"/picture.png").want(t, 200)
	before := s.get(home+"/picture.png").want(t, 200).Header.Get("ETag")
	s.post("/profiles/ops?keep_base="+p+"&keep_other="+q+"&next=/", url.Values{"base_ops": {"10"}, "other_ops": {"1000"}}).want(t, 303)
	if after := s.get(home+"/picture.png").want(t, 200).Header.Get("ETag"); after == before {
		t.Error("figures per operation are drawn as shares were")
	}
	s.api("DELETE", "/profiles/"+p, "").want(t, 204)
	for _, share := range []string{home, alone} {
		if a := s.get(share + "/picture.png"); a.StatusCode == 200 {
			t.Errorf("a deleted profile is still drawn: %v", a.Header)
		}
	}
}
