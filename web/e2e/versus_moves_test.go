package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

const (
	movesOfAKind = 100
	moveTarget   = 50 * time.Millisecond // at the 95th percentile
)

// move is one zoom, search, pivot or change of the mode, in milliseconds since the
// page's navigation.
type move struct{ Began, Asked, Came, Shown, Painted float64 }

// whole is from the key or the click to the painted view.
func (m move) whole() float64 { return m.Painted - m.Began }

// TestMoves measures in a browser how long after a key or a click a view has
// been painted, on both large profiles: SOCKSCOPE_VERSUS asks for it.
func TestMoves(t *testing.T) {
	if os.Getenv("SOCKSCOPE_VERSUS") == "" {
		t.Skip("it measures for minutes: make versus")
	}
	s := serve(t)
	table := [][]string{{"profile", "move", "n", "p50", "p95", "max", "ask", "server and parse", "swap", "paint"}}
	for _, shape := range []struct {
		name string
		make func(uint64) *profile.Profile
	}{{"service", shapes.Service}, {"flat", shapes.Flat}} {
		id := s.file(t, shape.name, shape.make(1))
		b := browse(t)
		b.stopwatch()
		b.do(chromedp.EmulateViewport(1400, 1000))
		for _, kind := range []struct {
			name string
			make func(*tab, *rand.Rand, int)
		}{{"zoom", moveZoom}, {"search", moveSearch}, {"pivot", movePivot}, {"mode", moveMode}} {
			b.do(chromedp.Navigate(s.url+"/profiles/"+id), chromedp.WaitReady(chromedp.CSS("[data-flame]")))
			b.until("document.querySelector('[data-flame] a')?.hasAttribute('tabindex')")
			command(b, network.Disable, cdp.Empty{}) // nobody listens to requests while moves are measured
			rng := rand.New(rand.NewPCG(1, 2))
			for i := range movesOfAKind {
				kind.make(b, rng, i)
			}
			row, p95 := summary(eval[[]move](b, "stopwatch.moves.filter(m => m.kind === '"+kind.name+"')"))
			table = append(table, append([]string{shape.name, kind.name}, row...))
			if p95 > moveTarget {
				t.Errorf("%s, %s: %v at the 95th percentile, want at most %v", shape.name, kind.name, p95.Round(time.Millisecond), moveTarget)
			}
		}
		b.clean()
	}
	t.Log("from the key or the click to the painted view, ms (parts: medians)\n" + columns(table))
}

func summary(moves []move) (row []string, p95 time.Duration) {
	of := func(f func(move) float64) samples {
		var out samples
		for _, m := range moves {
			out = append(out, f(m))
		}
		return out
	}
	whole := of(move.whole)
	ms := func(v float64) string { return fmt.Sprintf("%.1f", v) }
	row = []string{
		fmt.Sprint(len(moves)), ms(whole.at(0.5)), ms(whole.at(0.95)), ms(whole.at(1)),
		ms(of(func(m move) float64 { return m.Asked - m.Began }).at(0.5)), ms(of(func(m move) float64 { return m.Came - m.Asked }).at(0.5)),
		ms(of(func(m move) float64 { return m.Shown - m.Came }).at(0.5)), ms(of(func(m move) float64 { return m.Painted - m.Shown }).at(0.5)),
	}
	return row, time.Duration(whole.at(0.95) * float64(time.Millisecond))
}

// move does something that shows another view, and waits until it has been painted:
// for a promise, since whoever asks again and again takes the time that is measured.
func (b *tab) move(kind string, do func()) {
	b.t.Helper()
	eval[bool](b, "(stopwatch.kind = '"+kind+"', stopwatch.expect(), true)")
	do()
	ask(b, chromedp.Evaluate[int]("stopwatch.painted", chromedp.EvalAwaitPromise))
}

// moveZoom clicks on a frame that is there, and every other time leaves with Escape.
func moveZoom(b *tab, rng *rand.Rand, _ int) { b.zoom("zoom", rng) }

func (b *tab) zoom(kind string, rng *rand.Rand) {
	at := eval[[]float64](b, fmt.Sprintf(`(() => {
		if (%f < 0.5 && document.querySelector("[data-ancestors] a")) return [];
		const frames = [...document.querySelectorAll("[data-flame] a[href]")].slice(1).filter(a => a.querySelector("rect")?.getBoundingClientRect().width > 6);
		if (frames.length === 0) return [];
		const frame = frames[Math.floor(%f * frames.length)];
		frame.scrollIntoView({block: "center"});
		const r = frame.querySelector("rect").getBoundingClientRect();
		return [r.x + r.width / 2, r.y + 6];
	})()`, rng.Float64(), rng.Float64()))
	b.hover(at)
	b.still()
	b.move(kind, func() {
		if len(at) == 2 {
			b.do(chromedp.MouseClickXY(at[0], at[1]))
			return
		}
		b.key("Escape")
	})
}

// moveSearch types patterns, a letter at a time: each letter is a search.
func moveSearch(b *tab, _ *rand.Rand, i int) {
	patterns := []string{"Read", "cart.*Merge", "rank", "Sort|Hash", "session", "index.*Lookup"}
	pattern := 0
	for i >= len(patterns[pattern]) {
		i -= len(patterns[pattern])
		pattern = (pattern + 1) % len(patterns)
	}
	if i == 0 {
		eval[bool](b, `(e => (e.focus(), e.select(), true))(document.querySelector("[data-region='flame'] form[data-search] input[type=search]"))`)
	}
	b.still()
	b.move("search", func() { b.do(chromedp.KeyEvent(patterns[pattern][i : i+1])) })
}

// movePivot turns the graph around a frame that is zoomed to, and back.
func movePivot(b *tab, rng *rand.Rand, i int) {
	link := `document.querySelector("[data-region='flame'] .Frame-links a[href*='pivot=']")`
	back := `document.querySelector("[data-region='flame'] .Switch[aria-label='Direction'] a:not([href*='pivot='])")`
	if i%2 == 1 {
		b.moveTo("pivot", back)
		return
	}
	for tries := 0; tries == 0 || !eval[bool](b, link+" !== null"); tries++ {
		if tries > 20 {
			b.t.Fatal("no frame leads to its callers and callees")
		}
		b.zoom("set up", rng)
	}
	b.moveTo("pivot", link)
}

// moveMode goes through the units of the figures.
func moveMode(b *tab, _ *rand.Rand, i int) {
	b.moveTo("mode", fmt.Sprintf(`(l => l[(l.findIndex(a => a.hasAttribute("aria-current")) + 1 + %d %% 2) %% l.length])([...document.querySelectorAll("[data-region='flame'] .Switch[aria-label='Unit'] a")])`, i))
}

// moveTo clicks where an element is, once it has come to rest in the window.
func (b *tab) moveTo(kind, element string) {
	b.t.Helper()
	at := eval[[]float64](b, `(() => { const e = `+element+`; e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	b.hover(at)
	b.still()
	b.move(kind, func() { b.do(chromedp.MouseClickXY(at[0], at[1])) })
}

// hover moves the pointer to where it will click, as a hand does.
func (b *tab) hover(at []float64) {
	b.t.Helper()
	if len(at) == 2 {
		b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	}
}

func (b *tab) still() {
	b.t.Helper()
	ask(b, chromedp.Evaluate[float64]("stopwatch.still()", chromedp.EvalAwaitPromise))
}

// key presses a key that writes nothing.
func (b *tab) key(key string) {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		command(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key, Code: key})
	}
}
