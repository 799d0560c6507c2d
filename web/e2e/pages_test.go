package e2e

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestSite is what a browser shows of a server with something on every page.
func TestSite(t *testing.T) {
	chromium(t) // before minutes of measuring
	s := furnish(t)
	for name, test := range map[string]func(*testing.T, *tab, site){
		"every page": everyPage, "without script": withoutScript, "crawl": crawl, "keyboard": keyboard, "opened lines": openedLines, "keyboard alone": keyboardAlone, "weight": weight,
	} {
		t.Run(name, func(t *testing.T) {
			own, mine := *s.server, s
			own.t = t
			mine.server = &own
			test(t, browse(t), mine)
		})
	}
}

// everyPage: axe-core finds nothing in light and dark, nothing is requested
// from another host, no script fails, no policy is violated, and a page is as
// wide as its window from 400 to 1600 pixels.
func everyPage(t *testing.T, b *tab, s site) {
	b.do(chromedp.Navigate(s.url + "/?token=" + token))
	for name, path := range s.paths() {
		b.do(chromedp.EmulateViewport(1300, 1000), chromedp.Navigate(s.url+path), chromedp.WaitReady(chromedp.CSS("main")))
		b.whole()
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for _, v := range b.violations(rules[scheme]...) {
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
