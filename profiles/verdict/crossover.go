package verdict

import (
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// moreCrossovers is how many sockets get a sentence about where they change
// places with the base.
const moreCrossovers = 4

// crossovers says from which size or number of connections on two sockets are
// alike or change places.
func (j *judge) crossovers() []Sentence {
	all := stats.Crossovers(j.s, j.m)
	var facts []Sentence
	for n, c := range all {
		if n == moreCrossovers {
			facts = append(facts, Sentence{{Text: quantity.Plural(int64(len(all)-n), "further crossover is", "further crossovers are") + " in the charts."}})
			break
		}
		facts = append(facts, j.crossover(c))
	}
	return facts
}

func (j *judge) crossover(c stats.Crossover) Sentence {
	other, base := j.line(c.Line), Segment{Text: j.c.Base, Socket: j.c.Base}
	s := Sentence{{Text: j.fixed(c.Sweep)}}
	for n, t := range c.Turns {
		if n > 0 {
			s = append(s, Segment{Text: ", "})
		}
		s = append(s, Segment{Text: from(c.Sweep, t)})
		if n == 0 {
			s = append(s, Segment{Text: ", "})
		} else {
			s = append(s, Segment{Text: " "})
		}
		s = append(s, other)
		if t.Relation == stats.Alike {
			s = append(s, Segment{Text: " and "}, base, Segment{Text: " are alike (within " + quantity.Percent(stats.AlikeWithin-1) + ")"})
			continue
		}
		s = append(s, Segment{Text: " is " + faster(t.Relation) + " than "}, base)
	}
	s = append(s, Segment{Text: "; below that "})
	if c.Before == stats.Alike {
		s = append(s, Segment{Text: "they are alike."})
	} else {
		s = append(s, other, Segment{Text: " is " + faster(c.Before) + "."})
	}
	s[0].Text = upperFirst(s[0].Text)
	if s[0].Text == "" {
		s = s[1:]
		s[0].Text = upperFirst(s[0].Text)
	}
	return s
}

func faster(r stats.Relation) string {
	if r == stats.More {
		return "slower"
	}
	return "faster"
}

// from names the point of a turn: "from 64 KiB messages on", "with 1 MiB
// messages" for the last point of a sweep, and what lies between this point and
// the last that is told.
func from(w stats.Sweep, t stats.Turn) string {
	text := "from " + placeOn(w.Axis, t.From) + " on"
	if t.Point == len(w.Values)-1 {
		text = "with " + placeOn(w.Axis, t.From)
	}
	if t.Last+1 < t.Point {
		text += " (what is between " + shortPlace(w.Axis, w.Values[t.Last]) + " and that is not told)"
	}
	return text
}

func shortPlace(a stats.Axis, v int) string {
	if a == stats.BySize {
		return quantity.Bytes(int64(v))
	}
	return quantity.Count(int64(v))
}

func placeOn(a stats.Axis, v int) string {
	if a == stats.BySize {
		return quantity.Bytes(int64(v)) + " messages"
	}
	return quantity.Plural(int64(v), "connection", "connections")
}

// TurnLabel is a turn in few words, for a mark in a chart: "tcp4 alike from
// 64 KiB on".
func TurnLabel(c stats.Crossover, t stats.Turn) string {
	name := CellName(profiles.Cell{Socket: c.Line.Socket, Variant: c.Line.Variant})
	word := "alike"
	if t.Relation != stats.Alike {
		word = faster(t.Relation)
	}
	return name + " " + word + " from " + shortPlace(c.Sweep.Axis, t.From) + " on"
}

// fixed names what the cells of a sweep have in common, as far as it tells the
// sweep from others: "on arm-box, with 8 connections, ".
func (j *judge) fixed(w stats.Sweep) string {
	text := ""
	differs := func(same func(profiles.Cell) bool) bool {
		return slices.ContainsFunc(j.c.Cells, func(c profiles.Cell) bool { return !same(c) })
	}
	if w.Like.Host != "" {
		text += "on " + w.Like.Host + ", "
	}
	if w.Axis != stats.BySize && differs(func(c profiles.Cell) bool { return c.Size == w.Like.Size }) {
		text += "with " + placeOn(stats.BySize, w.Like.Size) + ", "
	}
	if w.Axis != stats.ByConcurrency && differs(func(c profiles.Cell) bool { return c.Concurrency == w.Like.Concurrency }) {
		text += "with " + placeOn(stats.ByConcurrency, w.Like.Concurrency) + ", "
	}
	if differs(func(c profiles.Cell) bool { return c.Placement == w.Like.Placement }) {
		text += "with placement " + w.Like.Placement + ", "
	}
	return text
}

// line names a socket of a sweep.
func (j *judge) line(l stats.Line) Segment {
	c := profiles.Cell{Socket: l.Socket, Variant: l.Variant}
	return Segment{Text: CellName(c), Socket: c.Name()}
}

// ranges says within which ratios each cell stays over all configurations of a
// host, where there are several.
func (j *judge) ranges(groups []group) []Sentence {
	var facts []Sentence
	for _, host := range j.hosts(groups) {
		for _, first := range j.columns(groups, host) {
			low, high, n := j.rangeOf(groups, host, first)
			if n < 2 {
				continue
			}
			s := Sentence{}
			if host != "" {
				s = append(s, Segment{Text: "On " + host + ", "})
			}
			s = append(s, j.socket(first), Segment{Text: " takes "},
				Segment{Text: quantity.Times(low) + " to " + quantity.Times(high), Strong: true},
				Segment{Text: " as long as "}, Segment{Text: j.c.Base, Socket: j.c.Base},
				Segment{Text: ", over " + quantity.Plural(int64(n), "configuration", "configurations") + "."})
			if j.m.Unit != profiles.Nanoseconds {
				s[len(s)-5].Text, s[len(s)-3].Text = " reaches ", " of "
			}
			facts = append(facts, s)
		}
	}
	if len(facts) > moreGroups {
		return append(facts[:moreGroups], Sentence{{Text: "The matrix has all of them."}})
	}
	return facts
}

func (j *judge) hosts(groups []group) []string {
	var hosts []string
	for _, g := range groups {
		if h := j.s.Cells[g.base].Cell.Host; !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// columns returns the first cell of each socket and variant beside the base that
// a host measured, in plan order.
func (j *judge) columns(groups []group, host string) []int {
	var firsts []int
	for i := range j.s.Cells {
		c := j.s.Cells[i].Cell
		if _, ok := j.cost(i); !ok || c.AA || c.Host != host || j.s.Cells[i].Base < 0 {
			continue
		}
		if !slices.ContainsFunc(firsts, func(o int) bool { return j.s.Cells[o].Cell.Name() == c.Name() }) {
			firsts = append(firsts, i)
		}
	}
	return firsts
}

// rangeOf is the smallest and the largest ratio of the cells like first.
func (j *judge) rangeOf(groups []group, host string, first int) (low, high float64, n int) {
	for _, g := range groups {
		for _, i := range g.cells {
			c := j.s.Cells[i].Cell
			r, ok := j.s.Cells[i].Ratio[j.m.Name]
			if !ok || i == g.base || c.Host != host || c.Name() != j.s.Cells[first].Cell.Name() {
				continue
			}
			if n++; n == 1 {
				low, high = r.Estimate, r.Estimate
			}
			low, high = min(low, r.Estimate), max(high, r.Estimate)
		}
	}
	return low, high, n
}
