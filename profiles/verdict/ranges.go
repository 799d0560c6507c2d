package verdict

import (
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

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
			if !j.anyClear(groups, first) {
				facts = append(facts, append(s, j.socket(first), Segment{Text: " shows no difference from "}, Segment{Text: j.c.Base, Socket: j.c.Base},
					Segment{Text: fmt.Sprintf(" in any of %d configurations.", n)}))
				continue
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

// anyClear reports whether some cell like first differs from its base.
func (j *judge) anyClear(groups []group, first int) bool {
	like := j.s.Cells[first].Cell
	return slices.ContainsFunc(groups, func(g group) bool {
		return slices.ContainsFunc(g.cells, func(i int) bool {
			c := j.s.Cells[i].Cell
			r, _ := j.cost(i)
			return c.Host == like.Host && c.Name() == like.Name() && (j.clear(i) || !r.Interval)
		})
	})
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
