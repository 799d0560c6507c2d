package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestWhichToChoose goes from a comparison that was measured here to what it means
// for another case, with JavaScript off: the case is typed, sent with Enter, and is
// in the address afterwards.
func TestWhichToChoose(t *testing.T) {
	b := browse(t)
	s := serve(t)
	c := s.quick(map[string]any{"rounds": 6, "requests": 300, "workload": "echo"})
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate(s.url+"/comparisons/"+c.ID), chromedp.Click(chromedp.CSS(".Verdict-case a")), chromedp.WaitVisible(chromedp.CSS(`[data-testid="advice"]`)))
	if text := b.text("#answer"); !strings.Contains(text, "Measured in "+c.ID) || !strings.Contains(text, "5 B messages") {
		t.Errorf("the answer does not stand on %s: %.500s", c.ID, text)
	}
	if text := b.text("#answer"); !strings.Contains(text, "/proc/sys/net/core/somaxconn = ") || !strings.Contains(text, "What it costs") {
		t.Errorf("the answer names no setting of this host, or no cost: %.2000s", text)
	}
	b.do(chromedp.Clear(chromedp.CSS("#field-rate")), chromedp.SendKeys(chromedp.CSS("#field-rate"), "7 000"+kb.Enter))
	b.do(chromedp.WaitVisible(chromedp.CSS(`#field-rate[value="7 000"]`)), chromedp.WaitVisible(chromedp.CSS(`[data-testid="advice"]`))) // not the page that is left
	at := ask(b, chromedp.Location())
	if !strings.Contains(at, "rate=7+000") || !strings.Contains(at, "comparison="+c.ID) {
		t.Errorf("the case is not in the address: %s", at)
	}
	if text := b.text(".Choose-case"); !strings.Contains(text, "7 000 requests/s") {
		t.Errorf("the case reads %q", text)
	}
	b.do(chromedp.Click(chromedp.CSS(".Choose-measure a")), chromedp.WaitVisible(chromedp.CSS(`form[action="/comparisons"], .Empty`)))
	b.clean()
}
