package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// withoutScript: with JavaScript off every view is there and is reached
// by links; a running comparison refreshes itself.
func withoutScript(t *testing.T, b *tab, s site) {
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate(s.url+"/?token="+token), chromedp.Navigate(s.url+"/comparisons/"+s.done.ID))
	if v := b.text(`[data-testid="verdict"]`); !strings.Contains(v, "unix") {
		t.Errorf("the verdict is %q", v)
	}
	b.do(chromedp.ScrollIntoView(chromedp.CSS("#lines")))
	b.until(`document.querySelector("#lines").innerText !== ""`) // it is laid out when it comes near
	if v := b.text("#lines"); !strings.Contains(v, "dialer.Dial()") {
		t.Errorf("the lines are %.300q", v)
	}
	b.do(chromedp.Navigate(s.url+"/comparisons/"+s.done.ID+"/flame"), chromedp.WaitVisible(chromedp.CSS("#flame svg")))
	zoom := ask(b, chromedp.AttributeValue(chromedp.CSS("#flame svg a:nth-of-type(3)"), "href"))
	b.do(chromedp.Navigate(s.url+zoom.Value), chromedp.WaitVisible(chromedp.CSS("#flame svg")), chromedp.WaitVisible(chromedp.CSS("[data-ancestors]")))
	var created struct{ ID string }
	s.call(http.MethodPost, "/api/v1/comparisons", map[string]any{"rounds": 2, "requests": 300}, &created)
	b.do(chromedp.Navigate(s.url + "/comparisons/" + created.ID))
	s.finished(created.ID, time.Minute)
	b.do(chromedp.WaitVisible(chromedp.CSS(`[data-testid="verdict"]`))) // by itself
	b.clean()
}
