package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// TestFlameKeys goes through a flame graph with the keyboard alone: to a frame, to
// its callers and callees and back, to its lines and back, through the matches of a
// search, and out of a zoom.
func TestFlameKeys(t *testing.T) {
	s := serve(t)
	base, other := s.file(t, "base", shapes.Service(1)), s.file(t, "other", shapes.Service(2))
	b := browse(t)
	b.do(chromedp.EmulateViewport(1400, 1000), chromedp.Navigate(s.url+"/diff?graphs=pair&mode=share&base="+base+"&other="+other), chromedp.WaitReady(chromedp.CSS("[data-flame] a[tabindex='0']")))
	focused := "(document.activeElement.getAttribute('aria-label') ?? '').split(',')[0]"
	eval[bool](b, "(document.querySelector('[data-flame] a').focus(), true)")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowLeft))
	name := eval[string](b, "document.querySelector('.Tip-name').textContent")
	if name == "" || name == "all samples" || !eval[bool](b, "document.activeElement.matches('[data-flame] a')") {
		t.Fatalf("the arrows lead to %q", name)
	}
	if n := eval[int](b, "document.querySelectorAll('.Flame-twin').length"); n != 1 {
		t.Errorf("%d frames of the other graph are marked", n)
	}
	t.Logf("at %s, %s", name, eval[string](b, focused))

	b.do(chromedp.KeyEvent("s"))
	b.until(`location.search.includes("pivot=")`)
	b.until(`document.querySelector("#flame h2").textContent.startsWith("Callers and callees of")`)
	b.key("Escape")
	b.until(`!location.search.includes("pivot=")`)
	b.do(chromedp.NavigateBack(), chromedp.NavigateBack())
	b.until(`!location.search.includes("pivot=") && document.querySelectorAll("[data-flame]").length === 2`)

	eval[bool](b, "(document.querySelectorAll('[data-flame] a')[3].focus(), true)")
	b.do(chromedp.KeyEvent("l"))
	b.until(`location.search.includes("tab=lines") && location.search.includes("function=")`)
	b.until(`document.querySelector("[data-region='lines']") !== null`)
	b.do(chromedp.NavigateBack())
	b.until(`document.querySelector("[data-flame] a[tabindex='0']") !== null`)

	b.key("/")
	b.do(chromedp.KeyEvent("Writer"))
	b.until(`location.search.includes("search=Writer") && document.querySelector("#flame:not([aria-busy])") !== null && document.querySelector(".Flame-match") !== null`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelectorAll(".Flame-found").length === 1`)
	first := eval[string](b, "document.querySelector('.Flame-found').getAttribute('href')")
	b.key("Escape") // leaves the field
	b.do(chromedp.KeyEvent("n"))
	if next := eval[string](b, "document.activeElement.getAttribute('href') ?? ''"); next == first || !strings.Contains(next, "at=") {
		t.Errorf("n leads from %s to %q", first, next)
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`location.search.includes("at=") && document.querySelector("[data-ancestors]") !== null`)
	b.key("Escape")
	b.until(`document.querySelector("#flame:not([aria-busy])") !== null`)
	b.do(chromedp.KeyEvent("?"))
	b.until(`document.querySelector("dialog[data-flame-dialog]").open`)
	b.clean()
}
