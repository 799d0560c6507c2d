package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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
