package e2e

import (
	"math/rand/v2"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// pictured is what stands in the flame graph and around it: each frame with its link,
// colour, facts, place and name, and the links beside the graph.
const pictured = `JSON.stringify([
	...[...document.querySelectorAll("[data-flame] > a, [data-flame] > g")].map(f => [
		f.getAttribute("href"), f.getAttribute("class").replace(" Flame-found", ""), f.getAttribute("aria-label") ?? f.querySelector("title").textContent,
		...["x", "width", "y"].map(name => parseFloat(f.querySelector("rect").getAttribute(name)).toFixed(2)), f.querySelector("text")?.textContent ?? ""]),
	...[...document.querySelectorAll("[data-region] a[href]")].filter(a => !a.closest("[data-flame], .Flame-table")).map(a => [a.textContent.trim(), a.getAttribute("href"), a.getAttribute("aria-current")]),
], null, 1)`

// However a view was come to (frames that stay and change colour, graphs that were kept,
// parts that were not sent again), it is the view that its address shows.
func TestSwappedViewsAreThePages(t *testing.T) {
	s := serve(t)
	id := s.file(t, "service", shapes.Service(1))
	a, b := browse(t), browse(t)
	for _, tab := range []*tab{a, b} {
		tab.stopwatch()
		tab.do(chromedp.EmulateViewport(1300, 1000))
	}
	drawn := `document.querySelector("[data-flame] a")?.hasAttribute("tabindex") && document.fonts.status === "loaded"`
	a.do(chromedp.Navigate(s.url+"/profiles/"+id), chromedp.WaitReady(chromedp.CSS("[data-flame]")))
	a.until(drawn)
	rng := rand.New(rand.NewPCG(3, 4))
	for i, m := range []func(){
		func() { moveMode(a, rng, 0) },
		func() { moveSearch(a, rng, 0) }, func() { moveSearch(a, rng, 1) },
		func() { a.zoom("zoom", rng) }, func() { a.zoom("zoom", rng) },
		func() { moveMode(a, rng, 1) },
		func() { movePivot(a, rng, 0) }, func() { movePivot(a, rng, 1) },
		func() { a.key("Escape") }, func() { a.zoom("zoom", rng) }, func() { moveMode(a, rng, 0) },
		func() { a.do(chromedp.NavigateBack()) }, func() { a.do(chromedp.NavigateBack()) },
	} {
		m()
		a.still()
		a.until(`document.querySelector("[aria-busy]") === null`)
		a.still()
		address := ask(a, chromedp.Location())
		b.do(chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("[data-flame]")))
		b.until(drawn)
		b.still()
		if got, want := eval[string](a, pictured), eval[string](b, pictured); got != want {
			t.Fatalf("move %d, %s: the view that was swapped in is not the page's.\n%s", i, address, firstDifference(got, want))
		}
	}
	// The folded table comes when it is unfolded.
	eval[bool](a, `(document.querySelector("details.Flame-table").open = true)`)
	a.until(`document.querySelectorAll("details.Flame-table tbody tr").length > 0`)
	rows := `[...document.querySelectorAll("details.Flame-table tr")].map(r => r.textContent.trim().replace(/\s+/g, " ")).join("\n")`
	if got, want := eval[string](a, rows), eval[string](b, rows); got != want {
		t.Errorf("the table's rows differ\n%s", firstDifference(got, want))
	}
	a.clean()
	b.clean()
}

// firstDifference shows two texts around where they part.
func firstDifference(got, want string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	around := func(s string) string { return s[max(0, i-200):min(len(s), i+200)] }
	return "got  …" + around(got) + "\nwant …" + around(want)
}
