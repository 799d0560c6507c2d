package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// heaviest is how many bytes a comparison page may take on the wire, all in all.
const heaviest = 150 << 10

// weight: the comparison page with its style sheet, script, fonts and icon, as a
// browser that was never here gets it. How soon something is painted is told and not
// asserted: it depends on what else the machine does.
func weight(t *testing.T, b *tab, s site) {
	total := func() float64 {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.sent
	}
	for _, path := range []string{"/comparisons/" + s.done.ID, s.share} {
		b.do(chromedp.Navigate("about:blank"))
		command(b, network.ClearBrowserCache, cdp.Empty{})
		before := total()
		b.do(chromedp.Navigate(s.url+path), chromedp.WaitReady(chromedp.CSS("main")))
		b.until("document.fonts.status === 'loaded' && document.readyState === 'complete'")
		b.until("performance.getEntriesByName('first-contentful-paint').length > 0")
		paint := eval[float64](b, "performance.getEntriesByName('first-contentful-paint')[0].startTime")
		parts := eval[string](b, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(e => e.name.split("/").pop() + " " + e.transferSize).join(", ")`)
		bytes := int(total() - before)
		t.Logf("%s: %d bytes on the wire, first contentful paint after %.0f ms: %s", path, bytes, paint, parts)
		if bytes > heaviest {
			t.Errorf("%s takes %d bytes, want at most %d", path, bytes, heaviest)
		}
		if bytes < 20<<10 {
			t.Errorf("only %d bytes were seen: this test measures nothing", bytes)
		}
	}
}
