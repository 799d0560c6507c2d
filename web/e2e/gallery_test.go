package e2e

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	canned "github.com/sockscope/sockscope/templates/samples" // another file has a type of that name
	"github.com/sockscope/sockscope/web/assets"
)

// TestEveryState: axe-core finds nothing in any state of any page, in light and in
// dark, and none is wider than its window. States that last for a moment only, and
// faults, are samples.
func TestEveryState(t *testing.T) {
	b := browse(t)
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	built := strings.NewReplacer("/assets/app.css", assets.URL("app.css"), "/assets/app.js", assets.URL("app.js"), "/assets/icon.svg", assets.URL("icon.svg"))
	all := canned.All()
	for _, sample := range all {
		mux.HandleFunc("/"+sample.Name, func(w http.ResponseWriter, r *http.Request) {
			var page bytes.Buffer
			if err := sample.Page.Render(r.Context(), &page); err != nil {
				t.Error(err)
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = built.WriteString(w, page.String())
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for _, sample := range all {
		b.do(chromedp.EmulateViewport(1300, 1000), chromedp.Navigate(server.URL+"/"+sample.Name), chromedp.WaitReady(chromedp.CSS("main")))
		b.whole()
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for _, v := range b.violations(rules[scheme]...) {
				t.Errorf("%s, %s: %s", sample.Name, scheme, v)
			}
			b.keep("state-" + sample.Name + "-" + scheme)
		}
		b.scheme("light")
		b.do(chromedp.EmulateViewport(400, 1000))
		if wide := eval[int](b, "document.documentElement.scrollWidth"); wide > 400 {
			t.Errorf("%s is %s px wide in a window of 400", sample.Name, strconv.Itoa(wide))
		}
		b.keep("state-" + sample.Name + "-400")
	}
}
