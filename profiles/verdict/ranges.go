package verdict

import (
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// ranges says within which ratios the differences of each socket stay over all
// configurations of a host, where there are several, and in how many there is none.
func (j *judge) ranges(groups []group) []Sentence {
	var facts []Sentence
	for _, host := range j.hosts(groups) {
		for _, first := range j.columns(groups, host) {
			r := j.rangeOf(groups, first)
			if r.cells < 2 {
				continue
			}
			s := Sentence{}
			if host != "" {
				s = append(s, Segment{Text: "On " + host + ", "})
			}
			facts = append(facts, append(s, j.rangeFact(first, r)...))
		}
	}
	if len(facts) > moreGroups {
		return append(facts[:moreGroups], Sentence{{Text: "The matrix has all of them."}})
	}
	return facts
}

// rangeFact is the sentence about one socket.
func (j *judge) rangeFact(first int, r ratios) Sentence {
	base := Segment{Text: j.c.Base, Socket: j.c.Base}
	if r.told == 0 {
		return Sentence{j.socket(first), {Text: " shows no difference from "}, base, {Text: fmt.Sprintf(" in any of %d configurations.", r.cells)}}
	}
	takes, as := " takes ", " as long as "
	if j.m.Unit != profiles.Nanoseconds {
		takes, as = " reaches ", " of "
	}
	figure := quantity.Times(r.low)
	if most := quantity.Times(r.high); most != figure {
		figure += " to " + most
	}
	end := fmt.Sprintf(", over %d configurations.", r.cells)
	if r.told < r.cells {
		end = fmt.Sprintf("; no difference is shown in %d of %d configurations.", r.cells-r.told, r.cells)
	}
	return Sentence{j.socket(first), {Text: takes}, {Text: figure, Strong: true}, {Text: as}, base, {Text: end}}
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

// ratios are those of one socket to the base over the configurations of a host.
type ratios struct {
	low, high float64 // of those that are told
	// told counts the cells whose difference is shown, or is indicative as long as
	// there is no interval.
	told, cells int
}

// rangeOf is that of the cells like first.
func (j *judge) rangeOf(groups []group, first int) (all ratios) {
	like := j.s.Cells[first].Cell
	for _, g := range groups {
		for _, i := range g.cells {
			c := j.s.Cells[i].Cell
			r, ok := j.s.Cells[i].Ratio[j.m.Name]
			if !ok || i == g.base || c.Host != like.Host || c.Name() != like.Name() {
				continue
			}
			all.cells++
			if r.Interval && !j.clear(i) {
				continue
			}
			if all.told++; all.told == 1 {
				all.low, all.high = r.Estimate, r.Estimate
			}
			all.low, all.high = min(all.low, r.Estimate), max(all.high, r.Estimate)
		}
	}
	return all
}
