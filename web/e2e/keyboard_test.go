package e2e

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyboard: from the first Tab to a zoomed frame and back, without a mouse.
func keyboard(t *testing.T, b *tab, s site) {
	b.do(chromedp.Navigate(s.url+"/?token="+token), chromedp.Navigate(s.url+"/comparisons/"+s.done.ID), chromedp.WaitVisible(chromedp.CSS("#flame svg")))
	b.do(chromedp.KeyEvent(kb.Tab))
	if at := eval[string](b, "document.activeElement.textContent.trim()"); !strings.Contains(strings.ToLower(at), "skip") {
		t.Errorf("the first Tab reaches %q, want the skip link", at)
	}
	b.tabTo("[data-share]")
	b.tabTo(`nav[aria-label="On this page"] a[href="#flame"]`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.tabTo("[data-flame] a")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`location.search.includes("at=")`)
	b.do(chromedp.WaitVisible(chromedp.CSS("[data-ancestors]")))
	zoomed := ask(b, chromedp.Location())
	b.do(chromedp.NavigateBack())
	b.until(`!location.search.includes("at=")`)
	b.do(chromedp.Navigate(zoomed), chromedp.WaitVisible(chromedp.CSS("[data-ancestors]"))) // the link is the view
	b.press("/", "Slash")
	if !eval[bool](b, "document.activeElement.matches('#flame input[type=search]')") {
		t.Error("/ does not reach the search of the flame graph")
	}
	b.do(chromedp.KeyEvent("poll" + kb.Enter))
	b.until(`location.search.includes("search=poll")`)
	b.clean()
}

// tabTo presses Tab until the element has the focus. Every stop on the way is seen
// and has a ring or another sign of the focus.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range 200 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if wrong := eval[string](b, `(() => {
			const e = document.activeElement, r = e.getBoundingClientRect();
			if (e === document.body) return "";
			if (r.width === 0 || r.height === 0) return "Tab reaches what is not seen: " + e.outerHTML.slice(0, 200);
			const signs = [e, ...e.querySelectorAll("rect")].map(x => getComputedStyle(x));
			const ring = signs.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || parseFloat(s.strokeWidth) > 1 && s.stroke !== "none");
			return ring ? "" : "the focus is not seen on " + e.outerHTML.slice(0, 200);
		})()`); wrong != "" {
			b.t.Error(wrong)
		}
		if eval[bool](b, "document.activeElement.matches("+strconv.Quote(selector)+")") {
			return
		}
	}
	b.t.Fatalf("Tab never reaches %s; it is at %s", selector, eval[string](b, "document.activeElement.outerHTML.slice(0, 300)"))
}

// differences are those of the workload's lines, in µs, the largest first; the line
// that has the focus is marked.
const differences = `(() => {
	const unit = {ns: 0.001, "µs": 1, ms: 1000};
	const of = row => {
		const cell = row.querySelector(".Lines-diff, td:last-child");
		const text = cell?.textContent.trim() === "≈" ? cell.title : cell?.textContent; // within noise it stands in the title
		const m = /([+−-])([0-9.,]+) (ns|µs|ms)/.exec(text ?? "");
		return m ? parseFloat(m[2]) * unit[m[3]] : 0;
	};
	const rows = [...document.querySelectorAll("#lines tr.Lines-row:not(.Lines-row--sub, .Lines-row--call)")];
	const most = Math.max(...rows.map(of));
	const mine = document.activeElement.closest("tr");
	return JSON.stringify({most, mine: mine ? of(mine) : -1, text: mine?.textContent.trim().slice(0, 120) ?? ""});
})()`

// keyboardAlone goes from the list of comparisons to the line with the largest
// difference, to what it calls, to its box in the flame graph, into it and back, and
// shares what it sees, without a mouse; the link shows the same in another browser.
func keyboardAlone(t *testing.T, b *tab, s site) {
	page := "/comparisons/" + s.done.ID
	b.do(chromedp.Navigate(s.url+"/?token="+token), chromedp.Navigate(s.url+"/comparisons"), chromedp.WaitVisible(chromedp.CSS("main")))
	b.tabTo(`a.Table-name[href="` + page + `"]`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("location.pathname === " + strconv.Quote(page))
	b.do(chromedp.WaitVisible(chromedp.CSS("#flame svg")))

	// the line with the largest difference: the column of differences, sorted
	b.tabTo(`nav[aria-label="On this page"] a[href="#lines"]`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.tabTo("#lines .Lines-against a")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("#lines .Lines-against").getAttribute("aria-sort") === "descending"`)
	b.tabTo("#lines tbody a[aria-expanded]")
	var at struct {
		Most, Mine float64
		Text       string
	}
	if err := json.Unmarshal([]byte(eval[string](b, differences)), &at); err != nil || at.Mine <= 0 || at.Mine < at.Most {
		t.Errorf("the focus is on %q with a difference of %v µs, the largest is %v (%v)", at.Text, at.Mine, at.Most, err)
	}
	t.Logf("the largest difference: %v µs, %q", at.Mine, at.Text)

	// what it calls
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`new URL(location).searchParams.has("open")`)
	b.until(`document.querySelector("#lines a[aria-expanded=true]") !== null`)
	if callees := eval[int](b, `document.querySelectorAll("#lines .Lines-row--call").length`); callees == 0 {
		t.Error("the line has no callees after it was opened")
	}
	if !eval[bool](b, `document.activeElement.closest("#lines") !== null`) {
		t.Fatalf("the focus is lost when a line opens: %s", eval[string](b, "document.activeElement.outerHTML.slice(0, 200)"))
	}

	// the box of a callee in the flame graph
	b.until(`document.activeElement.matches("#lines a[aria-expanded=true]")`)
	b.press("j", "KeyJ")
	b.until(`document.activeElement.closest("#lines tr.Lines-row--call") !== null`)
	b.press("f", "KeyF")
	b.until(`new URL(location).searchParams.has("at")`)
	b.until(`document.readyState === "complete" && document.querySelector("[data-ancestors]") !== null`)
	box := ask(b, chromedp.Location())
	boxed := shown(b)

	// into it, and back
	b.tabTo("[data-flame] a")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.until("location.href.split('#')[0] !== " + strconv.Quote(strings.Split(box, "#")[0]))
	b.until(`!document.querySelector("[data-region=flame]").hasAttribute("aria-busy")`)
	zoomed := shown(b)
	if zoomed == boxed {
		t.Error("the zoomed view shows the same as the one before")
	}
	b.do(chromedp.NavigateBack())
	b.untilView(boxed)
	b.do(chromedp.NavigateForward())
	b.untilView(zoomed)

	// share it
	b.tabTo("[data-share]")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("dialog[data-share-dialog]").open`)
	b.tabTo("[data-share-form] button[type=submit]")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector("[data-share-url]").textContent.includes("/s/")`)
	link := eval[string](b, `document.querySelector("[data-share-url]").textContent`)
	b.clean()

	other := browse(t)
	other.do(chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("#flame svg")))
	if shared := shown(other); shared != zoomed {
		t.Errorf("the shared link shows %.200q, want the zoomed view %.200q", shared, zoomed)
	}
	other.clean()
}

// untilView waits until the flame graph shows what it showed before.
func (b *tab) untilView(want string) {
	b.t.Helper()
	b.until(shownFrames + " === " + strconv.Quote(want))
}

const shownFrames = `[...document.querySelectorAll("[data-ancestors] li a, [data-flame] > a, [data-flame] > g")].map(e => e.getAttribute("aria-label") ?? (e.querySelector("title") ?? e).textContent).join("\n")`

// shown is what a flame graph shows: where it stands, and its frames with their values.
func shown(b *tab) string {
	b.t.Helper()
	return eval[string](b, shownFrames)
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
