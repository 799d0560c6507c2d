package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

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
		parts := eval[string](b, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(e => e.name.split("/").pop() + " " + e.transferSize).join(", ")`)
		bytes := int(total() - before)
		t.Logf("%s: %d bytes on the wire: %s", path, bytes, parts)
		if bytes > heaviest {
			t.Errorf("%s takes %d bytes, want at most %d", path, bytes, heaviest)
		}
		if bytes < 20<<10 {
			t.Errorf("only %d bytes were seen: this test measures nothing", bytes)
		}
		t.Logf("%s: first contentful paint after %s in a new process of the browser, %s from another page of the site", path,
			firstPaints(b, "about:blank", func() { b.do(chromedp.Navigate(s.url + path)) }),
			firstPaints(b, s.url+"/hosts", func() {
				eval[bool](b, "location.assign("+strconv.Quote(path)+"), true")
				b.until("location.pathname === " + strconv.Quote(path))
			}))
	}
}

// firstPaints opens a page from another, each time with an empty cache, and says how
// soon something was seen.
func firstPaints(b *tab, from string, open func()) string {
	const first = "performance.getEntriesByName('first-contentful-paint')"
	times := []float64{}
	for range 9 {
		b.do(chromedp.Navigate(from))
		command(b, network.ClearBrowserCache, cdp.Empty{})
		pause(b.ctx, 200*time.Millisecond) // the page before is done with
		open()
		b.until(first + ".length > 0")
		times = append(times, eval[float64](b, first+"[0].startTime"))
	}
	slices.Sort(times)
	return fmt.Sprintf("%.0f ms (median of %d; %.0f to %.0f)", times[len(times)/2], len(times), times[0], times[len(times)-1])
}
