package e2e

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// TestVersus measures this product and go tool pprof -http in the same run, one
// after the other on the same files in the same browser. SOCKSCOPE_VERSUS says how
// many rounds.
//
// The first view is the first after a fresh process has got the profile: pprof reads
// it before it listens, this server when it is sent. What that takes is told in a row
// of its own, and so is the first view of a profile that this server was sent before it
// was started anew. The repeated view is the same page again. Listings come after the flame graph in the same process, as one
// reads them, so that what is asked of them counts the repeated view. No view uses
// the browser's cache.
func TestVersus(t *testing.T) {
	rounds, err := strconv.Atoi(os.Getenv("SOCKSCOPE_VERSUS"))
	if err != nil || rounds < 1 {
		t.Skip("it measures for minutes: make versus")
	}
	b := browse(t)
	b.stopwatch()
	for _, shape := range []struct {
		name string
		make func(uint64) *profile.Profile
	}{{"service", shapes.Service}, {"flat", shapes.Flat}} {
		t.Run(shape.name, func(t *testing.T) {
			s := stage(t, shape.name, shape.make(1))
			ours, theirs := measured{}, measured{}
			for round := range rounds {
				both := []func(){func() { s.ours(b, ours) }, func() { s.theirs(b, theirs) }}
				both[round%2]()
				both[1-round%2]()
			}
			rows := [][]string{{shape.name, "sockscope", "go tool pprof -http", "times less", "asked for"}}
			row := func(what string, format func(float64) string, least float64) {
				mine, other := ours[what], theirs[what]
				times, asked := other.at(0.5)/mine.at(0.5), ""
				if least > 0 {
					asked = fmt.Sprintf("%.0f", least)
				}
				if !(times >= least) {
					asked += ", missed"
					t.Errorf("%s: %.1f times less than pprof, want %.0f", what, times, least)
				}
				rows = append(rows, []string{what, mine.spread(format), other.spread(format), fmt.Sprintf("%.1f", times), asked})
			}
			row(started, milliseconds, 0)
			for i, v := range views {
				first, again := 0.0, v.times
				if i == 0 { // the first view counts where nothing has been opened yet
					first, again = v.times, 0
				}
				row(v.name+drawnFirst, milliseconds, first)
				row(v.name+drawnAgain, milliseconds, again)
				row(v.name+gzipped, kilobytes, v.weighs)
				row(v.name+sent, kilobytes, 0)
			}
			for _, what := range []string{restarted, nothing} {
				rows = append(rows, []string{what, ours[what].spread(milliseconds)})
			}
			t.Logf("%s, %d rounds: median (least to most)\n%s", shape.name, rounds, columns(rows))
		})
	}
}

// What is measured of both.
const (
	nothing    = "the browser itself: a page of two letters, drawn after"
	started    = "before: to send and store the profile; to start pprof"
	restarted  = "flame graph, drawn after a restart of the server"
	drawnFirst = ", drawn after"
	drawnAgain = ", drawn again after"
	gzipped    = ", its page gzipped"
	sent       = ", all that was sent"
)

// measured are values by what they are of.
type measured map[string]samples

func (m measured) note(what string, v float64) { m[what] = append(m[what], v) }

// visits opens the page twice and notes its times and bytes. Its page gzipped is what
// is compressed of it, however it was sent; all that was sent is it with what it
// loads, as it was sent.
func (m measured) visits(b *tab, view, address string) {
	v := b.visit(address)
	m.note(view+drawnFirst, v.drawn)
	m.note(view+gzipped, v.gzipped)
	m.note(view+sent, v.sent)
	m.note(view+drawnAgain, b.visit(address).drawn)
}
