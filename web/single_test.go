package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/sockscope/sockscope/profiles"
)

// alone reads a page that was saved as one file and checks what is true of each:
// its policy allows its own style and script and nothing else, and no element loads,
// sends or leads anywhere but for the address that it was saved from.
func alone(t *testing.T, file string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	ids, policy, texts := map[string]bool{}, "", map[string][]string{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			if a.Key == "id" && ids[a.Val] {
				t.Errorf("the id %q is there twice", a.Val)
			}
			if a.Key == "id" {
				ids[a.Val] = true
			}
			if a.Key == "content" && strings.Contains(a.Val, "default-src") {
				policy = a.Val
			}
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" || a.Key == "action" || a.Key == "srcdoc" {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
		switch n.Data {
		case "script", "style":
			if len(n.Attr) > 0 || n.FirstChild == nil {
				t.Errorf("<%s> of %v", n.Data, n.Attr)
				continue
			}
			texts[n.Data] = append(texts[n.Data], n.FirstChild.Data)
		case "link", "img", "iframe", "object", "base", "form":
			if n.Data != "form" || n.Attr[0].Val != "dialog" {
				t.Errorf("<%s> of %v", n.Data, n.Attr)
			}
		}
	}
	for kind, list := range texts {
		if len(list) != 1 {
			t.Fatalf("%d elements <%s>", len(list), kind)
		}
		sum := sha256.Sum256([]byte(list[0]))
		if want := kind + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
			t.Errorf("the policy %q has no %s", policy, want)
		}
		if m := regexp.MustCompile(`url\((.{0,40})|@import|https?://[^w].{0,30}`).FindAllString(strings.ReplaceAll(list[0], "url(#", ""), -1); len(m) > 0 && kind == "style" {
			t.Errorf("the style sheet loads %q", m)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none';") {
		t.Errorf("the policy is %q", policy)
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			place, local := strings.CutPrefix(a.Val, "#")
			outside := n.Parent != nil && n.Parent.Parent != nil && strings.Contains(classOf(n.Parent.Parent), "Single-source")
			if a.Key == "href" && !outside && (!local || !ids[place] && !strings.Contains(place, "/")) {
				t.Errorf("<%s href=%q> leads nowhere in the file", n.Data, a.Val)
			}
		}
	}
	return doc
}

func classOf(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "class" {
			return a.Val
		}
	}
	return ""
}

// keepFile writes a file for people where SOCKSCOPE_PICTURES names a directory.
func keepFile(t *testing.T, name, content string) {
	t.Helper()
	if dir := os.Getenv("SOCKSCOPE_PICTURES"); dir != "" {
		if err := os.WriteFile(dir+"/"+name, []byte(content), 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestComparisonAsOneFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	for _, path := range []string{"/comparisons/" + c.ID + ".html", "/api/v1/comparisons/" + c.ID + ".html?side=server&mode=share"} {
		a := s.page(path).want(t, 200)
		keepFile(t, "comparison.html", a.body)
		if d := a.Header.Get("Content-Disposition"); !strings.Contains(d, `attachment; filename=`+c.ID+`.html`) {
			t.Errorf("it is sent as %q", d)
		}
		alone(t, a.body)
		if most := 400 << 10; len(a.body) > most {
			t.Errorf("the file takes %d B, want at most %d", len(a.body), most)
		} else if n := strings.Count(a.body, `<a href="#flame-1/`); n < 8 {
			t.Errorf("%d frames of the first graph can be zoomed to", n)
		} else {
			t.Logf("%d B, %d B gzipped", len(a.body), gzipped(a.body))
		}
		for _, part := range []string{
			s.url + "/comparisons/" + c.ID, "sockscope test", "sockscope compare --sockets", "go tool pprof", "2.1", "dialer.Dial()", "Latency by percentile",
			"client · tcp4 against unix", "server · unix", "server · tcp4", "Per-line timings of the client", "Per-line timings of the server", "internal/poll.(*FD).Read",
		} {
			if !strings.Contains(a.body, part) {
				t.Errorf("%s: the file has no %q", path, part)
			}
		}
	}
	running := s.running("", 2)
	s.page("/comparisons/"+running.ID+".html").want(t, 409)
	s.page("/comparisons/C-999.html").want(t, 404)
	s.page("/comparisons/"+c.ID+".html?base=sctp").want(t, 404)
}

func TestProfileAndDiffAsOneFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.upload(encode(t, client(t, "unix", 40)), "?title=before&ops=1000")
	q := s.upload(encode(t, client(t, "tcp4", 40)), "?title=after&ops=1000")
	for path, parts := range map[string][]string{
		"/profiles/" + p + ".html":                           {"before", "net.(*Dialer).DialContext", "/profiles/" + p, "Functions by cost"},
		"/diff.html?base=" + p + "&other=" + q:               {"before", "after", q + " against " + p, "/diff?base=" + p, "Functions by cost"},
		"/diff.html?base=" + p + "&other=" + p + "&mode=raw": {"Both are the same profile"},
	} {
		a := s.page(path).want(t, 200)
		alone(t, a.body)
		keepFile(t, strings.NewReplacer("/", "-", "?", "-").Replace(path[1:8])+".html", a.body)
		for _, part := range parts {
			if !strings.Contains(html.UnescapeString(a.body), part) {
				t.Errorf("%s has no %q", path, part)
			}
		}
	}
	s.page("/profiles/P-999.html").want(t, 404)
	s.page("/diff.html?base="+p).want(t, 400)
}

// Texts of profiles and titles stay texts in a file too.
func TestNoMarkupOfFilesComesFromInput(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.upload(encode(t, attacked(false)), "?title="+url.QueryEscape(attacks[1]))
	q := s.upload(encode(t, attacked(false)), "?ops=100")
	c := s.running(attacks[1], 1)
	s.end(c, profiles.Failed, attacks[0])
	for _, path := range []string{"/profiles/" + p + ".html", "/diff.html?base=" + p + "&other=" + q, "/comparisons/" + c.ID + ".html?search=" + url.QueryEscape(attacks[2])} {
		a := s.page(path).want(t, 200)
		doc := alone(t, a.body)
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && (n.Data == "b" || n.Data == "textarea" || n.Data == "iframe") {
				t.Errorf("%s: an element <%s> came from a name", path, n.Data)
			}
		}
	}
}

// A share gives the file of what it shares and of nothing else.
func TestSharedFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	home, _ := s.share("/comparisons/" + c.ID + "/flame?side=server")
	a := s.page(home+"/page.html").want(t, 200)
	alone(t, a.body)
	if strings.Contains(a.body, s.url+"/comparisons/") || !strings.Contains(a.body, s.url+home) {
		t.Error("the file does not lead to the share, or leads past it")
	}
	if page := s.page(home + "/page").body; !strings.Contains(page, home+"/page.html") {
		t.Error("the shared page does not offer the file")
	}
	p := s.upload(encode(t, client(t, "unix", 40)), "")
	home, _ = s.share("/profiles/" + p)
	alone(t, s.page(home+"/page.html").want(t, 200).body)
	q := s.upload(encode(t, client(t, "tcp4", 40)), "")
	home, _ = s.share("/diff?base=" + p + "&other=" + q)
	alone(t, s.page(home+"/page.html").want(t, 200).body)
	alone(t, s.page(home+"/diff.html").want(t, 200).body)
	for _, at := range []string{"/flame.svg", "/diff/flame.svg", "/diff/waterfall.svg"} {
		drawing(t, "a shared difference", s.page(home+at).want(t, 200).body, 1200)
	}
	if page := s.page(home + "/diff").body; !strings.Contains(page, home+"/diff.html") || !strings.Contains(page, home+"/diff/flame.svg") {
		t.Error("the shared difference does not offer its file and its picture")
	}
}

// A giant stays below the limit, and takes what it must and no more.
func TestGiantAsOneFile(t *testing.T) {
	t.Parallel()
	s := setup(t)
	p := s.upload(corpus(t, "google-pprof__internal_proftest_testdata_large.cpu"), "")
	a := s.page("/profiles/"+p+".html").want(t, 200)
	alone(t, a.body)
	if len(a.body) > 5<<20 {
		t.Errorf("the file takes %d B", len(a.body))
	}
	t.Logf("%d B, %d B gzipped", len(a.body), gzipped(a.body))
}
