package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// maxAbsent is how many cells and hosts of one reason are named.
const maxAbsent = 8

// gap is what is not measured for one reason.
type gap struct {
	names []string
	hosts []string
	view  templates.NotMeasured
}

// absent are the cells that are not measured, by reason. A reason that depends on
// the size names it; one that depends on the host gets the hosts named.
func (r *report) absent() []templates.NotMeasured {
	var gaps []*gap
	at := map[string]*gap{}
	for i, c := range r.Comparison.Cells {
		if c.NA == "" || c.AA {
			continue
		}
		g := at[c.NA]
		if g == nil {
			g = &gap{view: templates.NotMeasured{Reason: c.NA, Cells: []templates.Series{}}}
			at[c.NA] = g
			gaps = append(gaps, g)
		}
		if !slices.Contains(g.hosts, c.Host) {
			g.hosts = append(g.hosts, c.Host)
		}
		if slices.Contains(g.names, c.Name()) {
			continue
		}
		if g.names = append(g.names, c.Name()); len(g.names) <= maxAbsent {
			g.view.Cells = append(g.view.Cells, r.series(i))
		}
	}
	list := []templates.NotMeasured{}
	for _, g := range gaps {
		if more := len(g.names) - maxAbsent; more > 0 {
			g.view.More = fmt.Sprintf("and %d more", more)
		}
		if hosts := r.hostsOf(r.Comparison.Cells); len(g.hosts) < len(hosts) && len(g.hosts) <= maxAbsent {
			g.view.Where = "on " + strings.Join(g.hosts, ", ")
		}
		list = append(list, g.view)
	}
	return list
}

// hostsOf are the hosts of cells in plan order.
func (r *report) hostsOf(cells []profiles.Cell) []string {
	hosts := []string{}
	for _, c := range cells {
		if !slices.Contains(hosts, c.Host) {
			hosts = append(hosts, c.Host)
		}
	}
	return hosts
}
