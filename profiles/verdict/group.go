package verdict

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// judge holds what the sentences of one verdict are made of.
type judge struct {
	c profiles.Comparison
	s stats.Summary
	m profiles.Metric
	// several says that the comparison has more than one configuration.
	several bool
}

// group is the base and the cells that are compared with it, best first. A/A
// cells and cells without a figure are not in it.
type group struct {
	base  int
	cells []int
}

func (j *judge) groups() []group {
	var gs []group
	for i := range j.s.Cells {
		b := &j.s.Cells[i]
		if b.Base >= 0 || b.Cell.AA || !j.measured(i) {
			continue
		}
		g := group{base: i, cells: []int{i}}
		for k := range j.s.Cells {
			if j.s.Cells[k].Base == i && !j.s.Cells[k].Cell.AA && j.measured(k) {
				g.cells = append(g.cells, k)
			}
		}
		slices.SortStableFunc(g.cells, func(a, b int) int {
			if j.m.MoreIsBetter {
				a, b = b, a
			}
			return cmp.Compare(j.value(a), j.value(b))
		})
		gs = append(gs, g)
	}
	return gs
}

func (j *judge) measured(i int) bool {
	_, ok := j.s.Cells[i].Metrics[j.m.Name]
	return ok
}

func (j *judge) value(i int) float64 { return j.s.Cells[i].Metrics[j.m.Name].Median }

func (j *judge) socket(i int) Segment {
	c := j.s.Cells[i].Cell
	c.AA = false
	return Segment{Text: CellName(c), Socket: c.Name()}
}

// cost is the ratio of cell i to its base, turned so that more than 1 is worse.
func (j *judge) cost(i int) (stats.Ratio, bool) {
	r, ok := j.s.Cells[i].Ratio[j.m.Name]
	if j.m.MoreIsBetter {
		r = r.Inverse()
	}
	return r, ok
}

func (j *judge) clear(i int) bool { return j.s.Cells[i].Clear[j.m.Name] }

func (j *judge) outcome(gs []group) Outcome {
	compared, enough := false, false
	for _, g := range gs {
		for _, i := range g.cells {
			if j.clear(i) {
				return Shown
			}
			if r, ok := j.cost(i); ok && i != g.base {
				compared = true
				enough = enough || r.Interval
			}
		}
	}
	switch {
	case !compared && len(j.others()) == 0:
		return Alone
	case !enough:
		return Indicative
	}
	return NotShown
}

// others are the cells of the plan that are neither base nor A/A.
func (j *judge) others() []int {
	var is []int
	for i := range j.s.Cells {
		if j.s.Cells[i].Base >= 0 && !j.s.Cells[i].Cell.AA {
			is = append(is, i)
		}
	}
	return is
}

// headline is the clear ratio that is farthest from 1, else the farthest one.
func (j *judge) headline(g group) *Headline {
	best := -1
	for _, i := range g.cells {
		if _, ok := j.cost(i); !ok {
			continue
		}
		if best < 0 || j.clear(i) && !j.clear(best) || j.clear(i) == j.clear(best) && j.distance(i) > j.distance(best) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	r, _ := j.cost(best)
	h := &Headline{Metric: j.m.Name, Cheaper: g.base, Costlier: best, Clear: j.clear(best)}
	if r.Estimate < 1 {
		r = r.Inverse()
		h.Cheaper, h.Costlier = best, g.base
	}
	h.Ratio = r
	h.Figure, h.Interval = quantity.Times(r.Estimate), interval(r)
	h.AdjustedP, h.Family = r.P, Family(j.s, j.m.Name)
	if p, ok := j.s.Cells[best].Adjusted[j.m.Name]; ok {
		h.AdjustedP = p
	}
	if r.Interval {
		h.P = quantity.P(h.AdjustedP)
		if h.Family > 1 {
			h.P += fmt.Sprintf(", adjusted for %d ratios", h.Family)
		}
		if !h.Clear {
			h.Figure = "≈"
		}
	}
	h.Label = CellName(j.s.Cells[h.Costlier].Cell) + " against " + CellName(j.s.Cells[h.Cheaper].Cell) + ", " + lowerFirst(MetricLabel(j.c, j.m))
	if rate := Rate(j.c); rate > 0 {
		h.Label += " at " + quantity.Count(int64(rate)) + " requests per second (open loop)"
	}
	h.Label += j.where(g)
	return h
}

// Family is how many ratios of a metric are judged together: those that their
// p-values are adjusted for.
func Family(s stats.Summary, metric string) int {
	n := 0
	for i := range s.Cells {
		_, adjusted := s.Cells[i].Adjusted[metric]
		if _, ok := s.Cells[i].Ratio[metric]; ok && adjusted {
			n++
		}
	}
	return n
}

func (j *judge) distance(i int) float64 {
	r, _ := j.cost(i)
	return max(r.Estimate, 1/r.Estimate)
}

func interval(r stats.Ratio) string {
	if !r.Interval {
		return "rounds " + quantity.Range(r.Low, r.High)
	}
	return "95 % CI " + quantity.Range(r.Low, r.High)
}
