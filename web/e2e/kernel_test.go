package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestKernelDeep switches to Go + kernel, opens the write line of tcp4 down to the
// bottom, and sees tcp_v4_rcv below it; the link shows the same in another browser, and
// the flame graph has the kernel's frames. The profile is a file for go tool pprof.
func TestKernelDeep(t *testing.T) {
	s := serve(t)
	done := s.quick(map[string]any{"rounds": 2, "requests": 500, "sockets": []string{"unix", "tcp4"}})
	page := s.url + "/comparisons/" + done.ID + "/lines"
	res, err := http.Get(page + "?kind=kernel")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode == http.StatusNotFound {
		t.Skip("no kernel-deep profiles can be taken here: run as root, or see the warnings of a comparison")
	}
	b := browse(t)
	b.do(chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS("#lines table")))
	eval[bool](b, "(window.same = true)")
	follow := func(link string) {
		t.Helper()
		if !eval[bool](b, "(a => a ? (a.click(), true) : false)("+link+")") {
			t.Fatalf("there is no %s", link)
		}
	}
	follow(`[...document.querySelectorAll("#lines .Switch a")].find(a => a.textContent.trim() === "Go + kernel")`)
	b.until(`location.search.includes("kind=kernel") && document.querySelector("#lines").textContent.includes("tcp_v4_rcv")`)
	const write = `[...document.querySelectorAll("#lines tr")].find(r => r.textContent.includes("conn.Write("))`
	follow(write + `.querySelector("a[aria-expanded=false]")`)
	b.until(`location.search.includes("open=") && document.querySelector("#lines .Lines-row--call") !== null`)
	follow(write + `.querySelector("a.Lines-deep")`)
	b.until(`[...document.querySelectorAll("#lines .Lines-row--call")].some(r => r.textContent.includes("tcp_sendmsg"))`)
	if !eval[bool](b, "window.same === true") {
		t.Error("the views were not swapped in")
	}
	below := b.text("#lines tbody")
	if !strings.Contains(below, "tcp_v4_rcv") {
		t.Errorf("tcp_v4_rcv does not stand below the write:\n%.2000s", below)
	}
	link := ask(b, chromedp.Location())
	b.clean()

	other := browse(t)
	other.do(chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("#lines .Lines-row--call")))
	if again := other.text("#lines tbody"); again != below {
		t.Errorf("the link shows\n%.600s\nand not\n%.600s", again, below)
	}
	other.do(chromedp.Navigate(strings.Replace(page, "/lines", "/flame?kind=kernel&colour=layer&search=tcp_v4_rcv", 1)), chromedp.WaitVisible(chromedp.CSS("#flame svg")))
	if n := eval[int](other, `document.querySelectorAll("#flame .Flame-match").length`); n == 0 {
		t.Error("the flame graph has no frame tcp_v4_rcv")
	}
	other.clean()
}
