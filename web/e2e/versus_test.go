package e2e

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// What is asked of this product beside go tool pprof -http: how many times less.
const (
	flameTimes    = 10.0  // time to a drawn flame graph, at the first view
	flameBytes    = 100.0 // bytes of its page, gzipped against gzipped
	listingFactor = 8.0   // time and bytes of a listing of the same functions
)

// TestVersus measures this product and go tool pprof -http in the same run, one
// after the other on the same files in the same browser. SOCKSCOPE_VERSUS says how
// many rounds.
//
// The first view is the first after the start of a fresh process: this server reads
// the profile from its database, decodes it and builds the tree; pprof has
// decoded it before it listens, which is not counted against it. The repeated view is
// the same page again. No view uses the browser's cache.
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
			for _, what := range []struct {
				name   string
				format func(float64) string
				least  float64
			}{
				{startTime, milliseconds, 0},
				{first + flameTime, milliseconds, flameTimes},
				{again + flameTime, milliseconds, 0},
				{first + flameSize, kilobytes, flameBytes},
				{first + flameSent, kilobytes, 0},
				{first + listTime, milliseconds, listingFactor},
				{again + listTime, milliseconds, 0},
				{first + listSize, kilobytes, listingFactor},
				{first + listSent, kilobytes, 0},
			} {
				a, z := ours[what.name], theirs[what.name]
				times, asked := z.at(0.5)/a.at(0.5), ""
				if what.least > 0 {
					asked = fmt.Sprintf("%.0f", what.least)
					if !(times >= what.least) {
						asked += " MISSED"
						t.Errorf("%s: %.1f times less than pprof, want %.0f", what.name, times, what.least)
					}
				}
				rows = append(rows, []string{what.name, a.spread(what.format), z.spread(what.format), fmt.Sprintf("%.1f", times), asked})
			}
			t.Logf("%s, %d rounds: median (least to most)\n%s", shape.name, rounds, columns(rows))
		})
	}
}

// What is measured of both.
const (
	startTime = "before: decode and store the upload; start pprof"
	first     = "first view: "
	again     = "again: "
	flameTime = "flame graph, drawn after"
	flameSize = "flame graph, its page gzipped"
	flameSent = "flame graph, all that was sent"
	listTime  = "listing, drawn after"
	listSize  = "listing, its page gzipped"
	listSent  = "listing, all that was sent"
)

// measured are values by what they are of.
type measured map[string]samples

func (m measured) note(what string, v float64) { m[what] = append(m[what], v) }

// visit opens the page and notes its times and bytes; gzipped is the size of the
// page when it is compressed, however it was sent.
func (m measured) visit(b *tab, when, address string, time, size, sent string) {
	v := b.visit(address)
	m.note(when+time, v.drawn)
	m.note(when+size, v.gzipped)
	m.note(when+sent, v.sent)
}
