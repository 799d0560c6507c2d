package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

// chromium finds a browser; without one the test is skipped, or fails where one
// must be there.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("SOCKSCOPE_BROWSER") == "require" {
		t.Fatal("no Chromium is on the PATH, and SOCKSCOPE_BROWSER=require asks for one: run make setup")
	}
	t.Skip("no Chromium is on the PATH: install it to run the browser tests")
	return ""
}

// tab is one page of a browser, and what it did that it must not.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu      sync.Mutex
	foreign []string // requests to other hosts
	console []string // errors and violations of the policy
	sent    float64  // bytes that came over the network
}

// browse opens a browser of its own for the test.
func browse(t *testing.T) *tab {
	t.Helper()
	path := chromium(t)
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1300, 1000),
	}
	for _, f := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		opts = append(opts, chromedp.Flag(f, true))
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(t.Context(), opts...)
	b := &tab{t: t}
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(b.watch))
	t.Cleanup(func() { cancel(); cancelAlloc() })
	b.ctx = ctx
	// The first call decides how long the tab lives, so it has no timeout.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	command(b, network.Enable, network.EnableParams{})
	command(b, cdplog.Enable, cdp.Empty{})
	return b
}

// watch notes what a page must not do.
func (b *tab) watch(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && u.Scheme != "about" && u.Hostname() != "127.0.0.1" {
			b.foreign = append(b.foreign, e.Request.URL)
		}
	case *network.EventLoadingFinished:
		b.sent += e.EncodedDataLength
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		b.console = append(b.console, text)
	case *cdplog.EventEntryAdded:
		// Statuses of pages that answer 4xx on purpose are logged too.
		if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
			b.console = append(b.console, e.Entry.Text)
		}
	}
}

// clean fails the test for foreign requests, errors and policy violations so far.
func (b *tab) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.foreign) > 0 {
		b.t.Errorf("requested from other hosts: %v", b.foreign)
	}
	if len(b.console) > 0 {
		b.t.Errorf("errors in the console: %v", b.console)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

func ask[T any](b *tab, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatalf("browser: %v", err)
	}
	return v
}

func command[P, R any](b *tab, c cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, c, params); err != nil {
		b.t.Fatalf("browser: %v", err)
	}
}

func (b *tab) text(selector string) string {
	b.t.Helper()
	return strings.Join(strings.Fields(ask(b, chromedp.Text(chromedp.CSS(selector)))), " ")
}

func eval[T any](b *tab, js string) T { b.t.Helper(); return ask(b, chromedp.Evaluate[T](js)) }

// scheme switches between light and dark, at once: without motion, so that no
// colour is caught half-way.
func (b *tab) scheme(name string) {
	b.t.Helper()
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	b.until("document.getAnimations().every(a => a.playState !== 'running')")
}

// whole lays out all that is below the first screen, without the containment that
// hides how wide it is.
func (b *tab) whole() {
	b.t.Helper()
	eval[bool](b, `document.querySelectorAll(".Comparison > * [id], .Comparison > [id]").forEach(e => { e.style.contentVisibility = "visible" }), true`)
}

// rules are those of axe-core to run in a theme: the dark one differs in nothing but
// its colours.
var rules = map[string][]string{"dark": {"color-contrast", "link-in-text-block"}}

// violations runs axe-core on the page as it is; without rules all of them.
func (b *tab) violations(rules ...string) []string {
	b.t.Helper()
	options := `{resultTypes: ["violations"]}`
	if len(rules) > 0 {
		options = `{resultTypes: ["violations"], runOnly: ["` + strings.Join(rules, `", "`) + `"]}`
	}
	ask(b, chromedp.Evaluate[json.RawMessage](axe+"; true"))
	raw := ask(b, chromedp.Evaluate[string](`axe.run(document, `+options+`).then(r => JSON.stringify(r.violations.map(v =>
		v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " — " + (n.any[0] || n.all[0] || n.none[0] || {message: ""}).message).join(" | "))))`, chromedp.EvalAwaitPromise))
	var found []string
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		b.t.Fatalf("axe answered %q: %v", raw, err)
	}
	slices.Sort(found)
	return found
}
