package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/buckets"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

const (
	// clientReasons and serverReasons are how many of the kernel's reasons are named at
	// most.
	clientReasons = 2
	serverReasons = 1
	// leastReason is the share of its call below which a reason is none.
	leastReason = 0.1
)

// Deep is what a profile down to the kernel says about the calls on sockets, on one
// side of one cell, summed over its rounds.
type Deep struct {
	Cell  int // index into the comparison's cells
	Side  profiles.Side
	Ops   int64          // operations in the profiled windows
	Total buckets.Amount // ns of CPU, of all samples
	Calls []buckets.Call
}

// clause says what a call does where an entry point of the kernel is below it.
type clause struct{ entry, call, text string }

// clauses are what is told of entry points. An empty call stands for any.
var clauses = [...]clause{
	{"tcp_v4_rcv", "", "the receiving half of TCP runs inside it"},
	{"tcp_v6_rcv", "", "the receiving half of TCP runs inside it"},
	{"udp_rcv", "Write", "the receiving half of UDP runs inside it"},
	{"udpv6_rcv", "Write", "the receiving half of UDP runs inside it"},
	{"unix_write_space", "Read", "it also wakes the writer"},
}

// reason is an entry point below a call, on the cell where it costs more. The cheap
// side of its deltas is the other cell.
type reason struct {
	clause
	cell        int
	name        string // of the call
	call, entry delta
}

// kernelFacts say what the kernel does inside the calls of the headline's two cells,
// where that makes them differ.
func (j *judge) kernelFacts(h *Headline, deep []Deep) []Sentence {
	if h == nil {
		return nil
	}
	var facts []Sentence
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		a, ok := findDeep(deep, h.Cheaper, side)
		b, ok2 := findDeep(deep, h.Costlier, side)
		if !ok || !ok2 {
			continue
		}
		most := clientReasons
		if side == profiles.Server {
			most = serverReasons
		}
		for n, r := range reasonsOf(a, b) {
			if n < most {
				facts = append(facts, j.kernelFact(side, r))
			}
		}
	}
	return facts
}

func findDeep(deep []Deep, cell int, side profiles.Side) (Deep, bool) {
	for _, d := range deep {
		if d.Cell == cell && d.Side == side && d.Ops > 0 && d.Total.Value > 0 && d.Total.Samples > 0 {
			return d, true
		}
	}
	return Deep{}, false
}

// lines is the whole of a profile as a table of one line, for its period.
func (d Deep) lines() Lines {
	return Lines{Cell: d.Cell, Side: d.Side, Ops: d.Ops, Parts: []listing.Part{partOf(d.Total)}}
}

func partOf(a buckets.Amount) listing.Part { return listing.Part{Value: a.Value, Count: a.Samples} }

// amounts are a call and an entry point below it; zero for what does not occur.
func (d Deep) amounts(call, entry string) (whole, below buckets.Amount) {
	for _, c := range d.Calls {
		if c.Name != call {
			continue
		}
		for _, e := range c.Entries {
			if e.Name == entry {
				below = e.Amount
			}
		}
		return c.Amount, below
	}
	return whole, below
}

// reasonsOf are what two cells differ by beyond sampling noise, by Holm's method over
// all that could be told, the largest first.
func reasonsOf(a, b Deep) []reason {
	var all []reason
	for _, pair := range [][2]Deep{{a, b}, {b, a}} {
		for _, c := range pair[1].Calls {
			for _, k := range clauses {
				if k.call == "" || k.call == c.Name {
					all = append(all, newReason(k, c.Name, pair[0], pair[1]))
				}
			}
		}
	}
	ps := make([]float64, 0, 2*len(all))
	for _, r := range all {
		ps = append(ps, r.entry.p, r.call.p)
	}
	adjusted := stats.Holm(ps)
	var kept []reason
	for i, r := range all {
		r.entry.p, r.call.p = adjusted[2*i], adjusted[2*i+1]
		if r.carried() {
			kept = append(kept, r)
		}
	}
	slices.SortStableFunc(kept, func(a, b reason) int { return cmp.Compare(b.entry.change(), a.entry.change()) })
	return kept
}

func newReason(k clause, call string, less, more Deep) reason {
	w0, e0 := less.amounts(call, k.entry)
	w1, e1 := more.amounts(call, k.entry)
	return reason{
		clause: k, cell: more.Cell, name: call,
		call:  newDelta(part{}, partOf(w0), partOf(w1), less.lines(), more.lines()),
		entry: newDelta(part{}, partOf(e0), partOf(e1), less.lines(), more.lines()),
	}
}

// carried reports whether the samples carry what is said of a reason.
func (r reason) carried() bool {
	e := r.entry
	return e.p < 0.05 && e.change() > 0 && e.cheap.value >= 0 && e.costly.count >= fewSamples && e.costly.value >= leastReason*r.call.costly.value
}

// dearer reports whether the call costs more too, and at least half as much more as the
// reason says: only then it is called the cause.
func (r reason) dearer() bool {
	d := r.call.change()
	return r.call.p < 0.05 && d > 0 && r.entry.change() >= d/2
}

// kernelFact names whose samples its figures are of: Go's profiler samples the same
// calls on its own, so the facts about lines have other figures for them.
func (j *judge) kernelFact(side profiles.Side, r reason) Sentence {
	scale := quantity.ScaleOf(profiles.Nanoseconds, max(r.call.costly.value, r.entry.costly.value)/math.Sqrt(10))
	figures := fmt.Sprintf(" (%s: %s ±%s of %s ±%s %s of %s CPU per request, by %s of the kernel).", r.clause.entry,
		scale.Figure(r.entry.costly.value), scale.Figure(r.entry.costly.half), scale.Figure(r.call.costly.value), scale.Figure(r.call.costly.half),
		scale.Unit(), side, quantity.Plural(r.entry.costly.count, "sample", "samples"))
	on := "Over "
	if side == profiles.Server {
		on = "On the server, over "
	}
	s := Sentence{{Text: on}, j.socket(r.cell), {Text: ", "}, {Text: r.name, Strong: true}}
	if r.dearer() {
		return append(s, Segment{Text: " is dearer mostly because " + r.text + figures})
	}
	return append(s, Segment{Text: " costs what it does partly because " + r.text + figures})
}
