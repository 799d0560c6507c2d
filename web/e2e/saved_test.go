package e2e

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// save keeps what an address answers as a file, and returns the file's address.
func (s *server) save(path string) string {
	s.t.Helper()
	res, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %d, %v: %.200s", path, res.StatusCode, err, raw)
	}
	name := filepath.Join(s.t.TempDir(), "saved.html")
	if err := os.WriteFile(name, raw, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return "file://" + name
}

// asked are the requests so far but for the file itself.
func (b *tab) asked(file string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	others := []string{}
	for _, r := range b.foreign {
		if address, _, _ := strings.Cut(r, "#"); address != file {
			others = append(others, r)
		}
	}
	return others
}

// press is a key as a keyboard sends it when the page takes it: no character follows.
func (b *tab) press(key, code string) {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key, Code: code})
	}
}

// TestSavedPages opens saved pages from the disk with the network cut: each zooms by
// click and key, searches, leads back, and is clean in both themes.
func TestSavedPages(t *testing.T) {
	chromium(t)
	s := serve(t)
	done := s.quick(map[string]any{"rounds": 6, "requests": 400})
	p, q := done.Cells[0].Profiles[0].ID, done.Cells[2].Profiles[0].ID
	files := map[string]string{
		"comparison": s.save("/comparisons/" + done.ID + ".html"), "profile": s.save("/profiles/" + p + ".html"),
		"diff": s.save("/diff.html?base=" + p + "&other=" + q),
	}
	s.stop() // nobody is left to answer
	for name, file := range files {
		t.Run(name, func(t *testing.T) { savedPage(t, name, file) })
	}
}

func savedPage(t *testing.T, name, file string) {
	b := browse(t)
	command(b, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: true})
	b.do(chromedp.Navigate(file), chromedp.WaitVisible(chromedp.CSS("#main svg[data-flame]")))
	zoom(t, b)
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(file), chromedp.WaitVisible(chromedp.CSS("#main svg[data-flame]")))
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		for _, v := range b.violations() {
			t.Errorf("%s: %s", scheme, v)
		}
		b.keep("saved-" + name + "-" + scheme)
	}
	for _, width := range []int64{400, 1600} {
		b.do(chromedp.EmulateViewport(width, 1000))
		if wide := eval[int](b, "document.documentElement.scrollWidth"); wide > int(width) {
			t.Errorf("it is %d px wide in a window of %d", wide, width)
		}
	}
	if asked := b.asked(file); len(asked) > 0 {
		t.Errorf("it asked for %v", asked)
	}
	b.foreign = nil
	b.clean()
	readsWithoutScript(t, b, file)
}

// zoom goes through the first graph of the file by mouse and by keyboard.
func zoom(t *testing.T, b *tab) {
	const frames = "document.querySelectorAll('[data-single=flame-1] svg[data-flame] > a').length"
	const depth = "document.querySelectorAll('[data-single=flame-1] [data-ancestors] li').length"
	const first = "[data-single=flame-1] svg[data-flame] > a:nth-of-type(1) "
	all := eval[int](b, frames)
	if all < 5 {
		t.Fatalf("only %d frames", all)
	}
	rect := "(() => { const r = document.querySelector('[data-single=flame-1] svg[data-flame] > a:nth-of-type(3) rect').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
	b.do(chromedp.ScrollIntoView(chromedp.CSS("[data-single=flame-1]")))
	at := eval[[]float64](b, rect)
	b.do(chromedp.MouseClickXY(at[0], at[1]))
	b.until(depth + " >= 1")
	if now := eval[int](b, frames); now >= all {
		t.Errorf("zoomed: %d frames of %d", now, all)
	}
	if wide := eval[string](b, "document.querySelector('"+first+"rect').getAttribute('width')"); !regexp.MustCompile(`^100(\.0+)?%$`).MatchString(wide) {
		t.Errorf("the frame that is zoomed to is %s wide", wide)
	}
	b.do(chromedp.NavigateBack())
	b.until(depth + " === 0 && " + frames + " === " + strconv.Itoa(all))

	// By keyboard: down twice, in, out by a crumb, in again, out by Escape.
	b.do(chromedp.Focus(chromedp.CSS(first)))
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.until(depth + " === 2")
	b.do(chromedp.Click(chromedp.CSS("[data-single=flame-1] [data-ancestors] li:first-child a")))
	b.until(depth + " === 0 && " + frames + " === " + strconv.Itoa(all))
	b.do(chromedp.Focus(chromedp.CSS(first)))
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.until(depth + " === 1")
	b.press("Escape", "Escape")
	b.until(depth + " === 0")

	b.do(chromedp.Focus(chromedp.CSS(first)))
	b.press("/", "Slash")
	if !eval[bool](b, "document.activeElement.matches('[data-single=flame-1] [data-single-search]')") {
		t.Fatal("/ does not reach the search of its graph")
	}
	b.do(chromedp.KeyEvent("poll"))
	b.until("document.querySelectorAll('[data-single=flame-1] .Flame-match').length > 0")
	if said := b.text("[data-single=flame-1] [data-single-matched]"); !strings.HasSuffix(said, "% of the width matches") || strings.HasPrefix(said, "0.0") {
		t.Errorf("the search says %q", said)
	}
	b.do(chromedp.KeyEvent("("))
	b.until("document.querySelector('[data-single-search]').getAttribute('aria-invalid') === 'true'")
}

// readsWithoutScript: what is there is read without the script, and no tool that
// would need it is offered.
func readsWithoutScript(t *testing.T, b *tab, file string) {
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.EmulateViewport(1300, 1000), chromedp.Navigate(file), chromedp.WaitVisible(chromedp.CSS("#main svg[data-flame]")))
	if text := b.text("#main"); !strings.Contains(text, "go tool pprof") || strings.Contains(text, "of the width matches") {
		t.Errorf("it reads %.200q", text)
	}
	if shown := eval[int](b, "[...document.querySelectorAll('[data-single-tools]')].filter(e => e.checkVisibility()).length"); shown > 0 {
		t.Errorf("%d tools are offered that do nothing", shown)
	}
}
