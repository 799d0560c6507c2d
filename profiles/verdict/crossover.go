package verdict

import (
	"slices"
	"strings"

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
	all := alikeCrossovers(stats.Crossovers(j.s, j.m))
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

// alikeCrossovers puts the sockets together that change at the same points.
func alikeCrossovers(all []stats.Crossover) [][]stats.Crossover {
	var sets [][]stats.Crossover
	for _, c := range all {
		at := slices.IndexFunc(sets, func(set []stats.Crossover) bool {
			o := set[0]
			return o.Sweep.Axis == c.Sweep.Axis && o.Sweep.Like == c.Sweep.Like && o.Before == c.Before &&
				o.FirstKnown == c.FirstKnown && o.LastKnown == c.LastKnown &&
				slices.EqualFunc(o.Turns, c.Turns, func(a, b stats.Turn) bool { return a.Point == b.Point && a.Relation == b.Relation && a.Last == b.Last })
		})
		if at < 0 {
			sets = append(sets, []stats.Crossover{c})
			continue
		}
		sets[at] = append(sets[at], c)
	}
	return sets
}

// crossover is the sentence about sockets that change at the same points.
func (j *judge) crossover(set []stats.Crossover) Sentence {
	c := set[0]
	base := Segment{Text: j.c.Base, Socket: j.c.Base}
	var others Sentence
	for n, o := range set {
		switch {
		case n > 0 && n == len(set)-1:
			others = append(others, Segment{Text: " and "})
		case n > 0:
			others = append(others, Segment{Text: ", "})
		}
		others = append(others, j.line(o.Line))
	}
	is, they := " is ", others
	if len(set) > 1 {
		is, they = " are ", Sentence{{Text: "they"}}
	}
	s := Sentence{{Text: j.fixed(c.Sweep) + from(c, c.Turns[0]) + ", "}}
	for n, t := range c.Turns {
		subject := others
		if n > 0 {
			s = append(s, Segment{Text: ", " + from(c, t) + " "})
			subject = they
		}
		s = append(s, subject...)
		switch {
		case t.Relation != stats.Alike:
			s = append(s, Segment{Text: is + faster(t.Relation) + " than "}, base)
		case len(set) > 1:
			s = append(s, Segment{Text: " are like "}, base, Segment{Text: within()})
		default:
			s = append(s, Segment{Text: " and "}, base, Segment{Text: " are alike" + within()})
		}
	}
	s = append(s, Segment{Text: "; below that "})
	if c.Before == stats.Alike {
		s = append(s, Segment{Text: "they are alike"})
	} else {
		s = append(append(s, they...), Segment{Text: is + faster(c.Before)})
	}
	s = append(s, Segment{Text: beyond(c) + "."})
	s[0].Text = upperFirst(s[0].Text)
	return s
}

// beyond says at which ends of the sweep nothing is told.
func beyond(c stats.Crossover) string {
	text := ""
	if c.FirstKnown > 0 {
		text = "; below " + shortPlace(c.Sweep.Axis, c.Sweep.Values[c.FirstKnown]) + " it is not told"
	}
	if c.LastKnown < len(c.Sweep.Values)-1 {
		text += "; above " + shortPlace(c.Sweep.Axis, c.Sweep.Values[c.LastKnown]) + " it is not told"
	}
	return text
}

func within() string { return " (within " + quantity.Percent(stats.AlikeWithin-1) + ")" }

func faster(r stats.Relation) string {
	if r == stats.More {
		return "slower"
	}
	return "faster"
}

// from names where a turn holds: "from 64 KiB messages on" where it is to the next
// turn or the end of the sweep, "from 64 KiB to 1 MiB messages" where more is not
// told, "with 1 MiB messages" for one point; and what lies between this point and
// the last that is told.
func from(c stats.Crossover, t stats.Turn) string {
	w, last := c.Sweep, t == c.Turns[len(c.Turns)-1]
	text := "from " + placeOn(w.Axis, t.From) + " on"
	switch {
	case last && t.Point == c.LastKnown:
		text = "with " + placeOn(w.Axis, t.From)
	case last && c.LastKnown < len(w.Values)-1:
		text = "from " + shortPlace(w.Axis, t.From) + " to " + placeOn(w.Axis, w.Values[c.LastKnown])
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
// 64 KiB on", or "… from 64 KiB to 1 MiB" where that does not hold to the end of
// the axis.
func TurnLabel(c stats.Crossover, t stats.Turn) string {
	name := CellName(profiles.Cell{Socket: c.Line.Socket, Variant: c.Line.Variant})
	word := "alike"
	if t.Relation != stats.Alike {
		word = faster(t.Relation)
	}
	name += " " + word
	from, until := shortPlace(c.Sweep.Axis, t.From), c.Until(t)
	switch {
	case until == t.Point:
		return name + " at " + from
	case until < len(c.Sweep.Values)-1:
		return name + " from " + from + " to " + shortPlace(c.Sweep.Axis, c.Sweep.Values[until])
	}
	return name + " from " + from + " on"
}

// where names the configuration of a group, to stand behind a name: ", with 5 B
// messages, with 8 connections"; "" where the comparison has one only.
func (j *judge) where(g group) string {
	if !j.several {
		return ""
	}
	return ", " + strings.TrimSuffix(j.fixed(stats.Sweep{Like: j.s.Cells[g.base].Cell}), ", ")
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
