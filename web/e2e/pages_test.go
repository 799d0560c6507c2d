package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// site is a server with something on every page: a finished comparison, one that
// was canceled, a share, uploads.
type site struct {
	*server
	done, canceled result
	share          string
	upload         string
}

func furnish(t *testing.T) site {
	t.Helper()
	s := site{server: serve(t)}
	s.done = s.quick(map[string]any{"rounds": 6, "requests": 400})
	var created, shared, uploaded struct{ ID, URL string }
	s.call(http.MethodPost, "/api/v1/comparisons", map[string]any{"rounds": 50, "requests": 20000}, &created)
	if code := s.call(http.MethodPost, "/api/v1/comparisons/"+created.ID+"/cancel", nil, nil); code != http.StatusAccepted {
		t.Fatalf("cancel: %d", code)
	}
	s.canceled = s.finished(created.ID, 20*time.Second)
	if code := s.call(http.MethodPost, "/api/v1/shares", map[string]any{"path": "/comparisons/" + s.done.ID}, &shared); code != http.StatusCreated {
		t.Fatalf("share: %d", code)
	}
	s.share = strings.TrimPrefix(shared.URL, s.url)
	res, err := http.Get(s.url + "/profiles/" + s.done.Cells[0].Profiles[0].ID + ".pprof")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/profiles?title=before&ops=1000", res.Body)
	req.Header.Set("Authorization", "Bearer "+token)
	up, err := http.DefaultClient.Do(req)
	if err != nil || up.StatusCode != http.StatusCreated {
		t.Fatalf("upload: %v %v", up, err)
	}
	defer up.Body.Close()
	uploaded.ID = filepath.Base(up.Header.Get("Location"))
	s.upload = uploaded.ID
	return s
}

// paths of every page and state, by what they show.
func (s site) paths() map[string]string {
	c, p := "/comparisons/"+s.done.ID, "/profiles/"+s.done.Cells[0].Profiles[0].ID
	other := s.done.Cells[2].Profiles[0].ID
	return map[string]string{
		"start": "/", "list": "/comparisons", "form": "/comparisons/new", "form again": "/comparisons/new?again=" + s.done.ID,
		"form checked": "/comparisons/new?check=1&sockets=unix&sockets=vsock&sockets=socketpair&budget=1+min&rate=100", "form wrong": "/comparisons/new?check=1&rounds=many&rate=x&sizes=64..1",
		"choose": "/choose?access=local&size=5&rate=2000&dials=2000&comparison=" + s.done.ID, "choose wrong": "/choose?rate=x&dials=-1&who=nobody", "choose two hosts": "/choose?who=hosts&access=network&tls=yes",
		"choose records": "/choose?who=pod&carries=records&access=local&rate=20000", "choose one process": "/choose?who=process",
		"access": "/access", "beside": c + "/beside?other=" + s.canceled.ID, "beside whom": c + "/beside",
		"answer": c, "answer, server side": c + "?side=server", "lines": c + "/lines", "lines of functions": c + "/lines?function=Write",
		"flame": c + "/flame", "flame of one": c + "/flame?socket=tcp4", "flame search": c + "/flame?search=poll",
		"sandwich": c + "/flame?pivot=syscall.Write", "rounds": c + "/rounds", "canceled": "/comparisons/" + s.canceled.ID,
		"profiles": "/profiles", "profile": p, "profile top": p + "?tab=top", "profile lines": p + "?tab=lines",
		"upload": "/profiles/" + s.upload, "diff": "/diff?base=" + s.upload + "&other=" + other, "diff top": "/diff?base=" + s.upload + "&other=" + other + "&tab=top",
		"diff lines": "/diff?base=" + s.upload + "&other=" + other + "&tab=lines", "hosts": "/hosts", "shares": "/shares?path=" + c,
		"login": "/login", "nothing here": "/comparisons/C-999", "shared": s.share, "shared flame": s.share + "/flame", "shared rounds": s.share + "/rounds",
	}
}

// TestSite is what a browser shows of a server with something on every page.
func TestSite(t *testing.T) {
	chromium(t) // before minutes of measuring
	s := furnish(t)
	for name, test := range map[string]func(*testing.T, *tab, site){
		"every page": everyPage, "without script": withoutScript, "keyboard": keyboard,
	} {
		t.Run(name, func(t *testing.T) {
			own := *s.server
			own.t = t
			test(t, browse(t), site{&own, s.done, s.canceled, s.share, s.upload})
		})
	}
}

// everyPage: axe-core finds nothing in light and dark, nothing is requested
// from another host, no script fails, no policy is violated, and a page is as
// wide as its window from 400 to 1600 pixels.
func everyPage(t *testing.T, b *tab, s site) {
	b.do(chromedp.Navigate(s.url + "/?token=" + token))
	for name, path := range s.paths() {
		b.do(chromedp.EmulateViewport(1300, 1000), chromedp.Navigate(s.url+path), chromedp.WaitReady("main"))
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for _, v := range b.violations() {
				t.Errorf("%s (%s), %s: %s", name, path, scheme, v)
			}
			b.keep(name + "-" + scheme)
		}
		b.scheme("light")
		for _, width := range []int64{400, 1600} {
			b.do(chromedp.EmulateViewport(width, 1000))
			if wide := eval[int](b, "document.documentElement.scrollWidth"); wide > int(width) {
				t.Errorf("%s (%s) is %d px wide in a window of %d", name, path, wide, width)
			}
			b.keep(name + "-" + strconv.FormatInt(width, 10))
		}
	}
	b.clean()
}

// keep takes a picture for people where SOCKSCOPE_PICTURES names a directory.
func (b *tab) keep(name string) {
	dir := os.Getenv("SOCKSCOPE_PICTURES")
	if dir == "" {
		return
	}
	raw := ask(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(name)+".png"), raw, 0o600); err != nil {
		b.t.Error(err)
	}
}

// withoutScript: with JavaScript off every view is there and is reached
// by links; a running comparison refreshes itself.
func withoutScript(t *testing.T, b *tab, s site) {
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate(s.url+"/?token="+token), chromedp.Navigate(s.url+"/comparisons/"+s.done.ID))
	if v := b.text(`[data-testid="verdict"]`); !strings.Contains(v, "unix") {
		t.Errorf("the verdict is %q", v)
	}
	if v := b.text("#lines"); !strings.Contains(v, "dialer.Dial()") {
		t.Errorf("the lines are %.300q", v)
	}
	b.do(chromedp.Navigate(s.url+"/comparisons/"+s.done.ID+"/flame"), chromedp.WaitVisible("#flame svg"))
	zoom := ask(b, chromedp.AttributeValue("#flame svg a:nth-of-type(3)", "href"))
	b.do(chromedp.Navigate(s.url+zoom.Value), chromedp.WaitVisible("#flame svg"), chromedp.WaitVisible("[data-ancestors]"))
	var created struct{ ID string }
	s.call(http.MethodPost, "/api/v1/comparisons", map[string]any{"rounds": 2, "requests": 300}, &created)
	b.do(chromedp.Navigate(s.url + "/comparisons/" + created.ID))
	s.finished(created.ID, time.Minute)
	b.do(chromedp.WaitVisible(`[data-testid="verdict"]`)) // by itself
	b.clean()
}

// keyboard: from the first Tab to a zoomed frame and back, without a mouse.
func keyboard(t *testing.T, b *tab, s site) {
	b.do(chromedp.Navigate(s.url+"/?token="+token), chromedp.Navigate(s.url+"/comparisons/"+s.done.ID), chromedp.WaitVisible("#flame svg"))
	b.do(chromedp.KeyEvent(kb.Tab))
	if at := eval[string](b, "document.activeElement.textContent.trim()"); !strings.Contains(strings.ToLower(at), "skip") {
		t.Errorf("the first Tab reaches %q, want the skip link", at)
	}
	// Every stop of Tab is visible and has a ring; the flame graph is one stop.
	seen := map[string]bool{}
	for range 120 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, "document.activeElement.closest('[data-flame]') !== null") {
			seen["flame"] = true
			break
		}
		if eval[bool](b, "document.activeElement.matches('[data-share]')") {
			seen["share"] = true
		}
		if hidden := eval[bool](b, "(() => { const r = document.activeElement.getBoundingClientRect(); return r.width === 0 || r.height === 0 })()"); hidden {
			t.Errorf("Tab reaches what is not seen: %s", eval[string](b, "document.activeElement.outerHTML.slice(0, 200)"))
		}
	}
	if !seen["share"] || !seen["flame"] {
		t.Fatalf("Tab reaches only %v", seen)
	}
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`location.search.includes("at=")`)
	b.do(chromedp.WaitVisible("[data-ancestors]"))
	zoomed := ask(b, chromedp.Location())
	b.do(chromedp.NavigateBack())
	b.until(`!location.search.includes("at=")`)
	b.do(chromedp.Navigate(zoomed), chromedp.WaitVisible("[data-ancestors]")) // the link is the view
	// As a keyboard does when the page takes the key: no character follows.
	command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "/", Code: "Slash"})
	command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: "/", Code: "Slash"})
	if !eval[bool](b, "document.activeElement.matches('#flame input[type=search]')") {
		t.Error("/ does not reach the search of the flame graph")
	}
	b.do(chromedp.KeyEvent("poll" + kb.Enter))
	b.until(`location.search.includes("search=poll")`)
	b.clean()
}

// until waits for a condition of the page.
func (b *tab) until(js string) {
	b.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for !eval[bool](b, js) {
		if time.Now().After(deadline) {
			b.t.Fatalf("never came true: %s (at %s)", js, ask(b, chromedp.Location()))
		}
		pause(b.ctx, 20*time.Millisecond)
	}
}
