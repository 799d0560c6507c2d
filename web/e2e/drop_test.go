package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/pprof/profile"
)

// labelledProfile is a small profile with labels, of one function.
func labelledProfile(t *testing.T, function string, arch string) []byte {
	t.Helper()
	f := &profile.Function{ID: 1, Name: function, Filename: "runtime/sys_linux_" + arch + ".s"}
	l := &profile.Location{ID: 1, Line: []profile.Line{{Function: f, Line: 1}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		Function:   []*profile.Function{f}, Location: []*profile.Location{l}, DurationNanos: 1e9,
		Sample: []*profile.Sample{
			{Location: []*profile.Location{l}, Value: []int64{30, 300e6}, Label: map[string][]string{"endpoint": {"/users"}}},
			{Location: []*profile.Location{l}, Value: []int64{10, 100e6}},
		},
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// drop lets files fall on the page, the first of them the newest.
func (b *tab) drop(files ...[]byte) {
	b.t.Helper()
	js := `(() => {
	const dt = new DataTransfer();
	const add = (name, at, text) => dt.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, {lastModified: at}));
`
	for i, f := range files {
		js += fmt.Sprintf("add(%q, %d, %q);\n", fmt.Sprintf("file-%d.pprof", i), 1000-i, base64.StdEncoding.EncodeToString(f))
	}
	js += `const fire = (type) => document.querySelector("main").dispatchEvent(new DragEvent(type, {dataTransfer: dt, bubbles: true, cancelable: true}));
	fire("dragenter");
	const veil = document.querySelector(".Drop") !== null;
	fire("dragover");
	fire("drop");
	return veil;
})()`
	if !eval[bool](b, js) {
		b.t.Error("nothing says what a drop does")
	}
}

// Files that are dropped on the page are opened, or compared: the older is the base.
// The difference is then shared as it is seen.
func TestDrop(t *testing.T) {
	s := serve(t)
	b := browse(t)
	b.do(chromedp.Navigate(s.url + "/profiles?token=" + token))
	b.drop(labelledProfile(t, "main.one", "amd64"))
	b.until(`location.pathname === "/profiles/P-1"`)
	if h := b.text("h1"); h != "file-0.pprof" {
		t.Errorf("the page of the dropped profile is headed %q", h)
	}
	b.do(chromedp.Navigate(s.url + "/diff"))
	b.drop(labelledProfile(t, "main.new", "arm64"), labelledProfile(t, "main.old", "amd64"))
	b.until(`location.pathname === "/diff" && location.search.includes("other=")`)
	if h := b.text("h1"); h != "file-0.pprof against file-1.pprof" {
		t.Errorf("the difference of the dropped profiles is headed %q", h)
	}
	if w := b.text(`[aria-label="Warnings"]`); !strings.Contains(w, "amd64") || !strings.Contains(w, "arm64") {
		t.Errorf("it warns of %q", w)
	}
	for _, path := range []string{"/profiles", "/diff", "/profiles/P-1", "/profiles/P-1?label=endpoint%3D%2Fusers", "/profiles/P-1?base_ops=100&tab=top", "/diff?base=P-1&other=P-2", "/diff?base=P-1&other=P-2&tab=top"} {
		b.do(chromedp.Navigate(s.url + path))
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for _, v := range b.violations() {
				t.Errorf("%s, %s: %s", path, scheme, v)
			}
		}
		if eval[bool](b, "document.documentElement.scrollWidth > window.innerWidth") {
			t.Errorf("%s is wider than the window", path)
		}
	}
	b.do(chromedp.Navigate(s.url + "/diff?base=P-1&other=P-2&tab=top"))
	b.do(chromedp.Click(chromedp.CSS("[data-share]")), chromedp.Click(chromedp.CSS(`[data-share-form] [type="submit"]`)))
	b.until(`document.querySelector("[data-share-url]")?.textContent.includes("/s/")`)
	shared := b.text("[data-share-url]")
	b.clean()

	fresh := browse(t) // without the token
	fresh.do(chromedp.Navigate(shared))
	if h := fresh.text("h1"); !strings.Contains(h, "against file-0.pprof") || !eval[bool](fresh, `location.search.includes("tab=top")`) {
		t.Errorf("the shared link shows %q", h)
	}
	fresh.clean()
	if code := s.call(http.MethodDelete, "/api/v1/shares/S-1", nil, nil); code != http.StatusNoContent {
		t.Fatalf("revoke: %d", code)
	}
	fresh.do(chromedp.Navigate(shared))
	if said := fresh.text("main"); !strings.Contains(said, "revoked") {
		t.Errorf("the revoked link says %q", said)
	}
}
