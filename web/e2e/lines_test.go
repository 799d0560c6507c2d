package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openedLines: a line opens to what it calls, in place with script and by a link
// without; by keyboard alone from the line to its box in the flame graph and back.
func openedLines(t *testing.T, b *tab, s site) {
	page := s.url + "/comparisons/" + s.done.ID + "/lines"
	b.do(chromedp.Navigate(s.url+"/?token="+token), chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS("#lines table")))
	b.do(chromedp.KeyEvent("j"))
	if at := eval[string](b, "document.activeElement.getAttribute('aria-expanded') ?? ''"); at != "false" {
		t.Errorf("j reaches a line that says expanded=%q", at)
	}
	first := eval[string](b, "document.activeElement.textContent")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowUp))
	if again := eval[string](b, "document.activeElement.textContent"); again != first {
		t.Errorf("down and up lead from %q to %q", first, again)
	}
	eval[bool](b, "(window.same = true)")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`location.search.includes("open=") && document.querySelector("#lines .Lines-row--call") !== null`)
	if !eval[bool](b, "window.same === true && document.activeElement.getAttribute('aria-expanded') === 'true'") {
		t.Error("the line was not opened in place, or lost the focus")
	}
	opened := ask(b, chromedp.Location())
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent("f"))
	b.until(`location.pathname.endsWith("/flame")`)
	b.do(chromedp.WaitVisible(chromedp.CSS("#flame svg")))
	b.do(chromedp.NavigateBack(), chromedp.WaitVisible(chromedp.CSS("#lines .Lines-row--call")))
	if at := ask(b, chromedp.Location()); at != opened {
		t.Errorf("back leads to %s, not to %s", at, opened)
	}
	// The same line, opened by its link without script, shows the same.
	with := b.text("#lines tbody")
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate(page))
	link := ask(b, chromedp.AttributeValue(chromedp.CSS("#lines a[aria-expanded=false]"), "href"))
	b.do(chromedp.Navigate(s.url+link.Value), chromedp.WaitVisible(chromedp.CSS("#lines .Lines-row--call")))
	if without := b.text("#lines tbody"); strings.Join(strings.Fields(without), " ") != strings.Join(strings.Fields(with), " ") {
		t.Errorf("without script the page says\n%.600s\nand with\n%.600s", without, with)
	}
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
	b.clean()
}
