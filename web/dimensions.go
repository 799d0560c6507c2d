package web

import (
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// dimension is one way in which groups differ.
type dimension struct {
	label  string
	varies bool
	text   func(profiles.Cell) string
	take   func(to *profiles.Cell, from profiles.Cell)
}

func (r *report) dims() []dimension {
	return []dimension{
		{"Host", r.varies.host, func(c profiles.Cell) string { return r.hostName(c.Host) }, func(to *profiles.Cell, from profiles.Cell) { to.Host = from.Host }},
		{"Message size", r.varies.size, func(c profiles.Cell) string { return r.size(c.Size) }, func(to *profiles.Cell, from profiles.Cell) { to.Size = from.Size }},
		{"Connections", r.varies.concurrency, func(c profiles.Cell) string { return strconv.Itoa(c.Concurrency) }, func(to *profiles.Cell, from profiles.Cell) { to.Concurrency = from.Concurrency }},
		{"Placement", r.varies.placement, func(c profiles.Cell) string { return c.Placement }, func(to *profiles.Cell, from profiles.Cell) { to.Placement = from.Placement }},
	}
}

// dimensions switch from the group of the lens to those that differ in one thing:
// a switch for each thing that varies.
func (r *report) dimensions(l lens, path, anchor string) []templates.Switch {
	switches := []templates.Switch{}
	if len(r.sets) == 0 || l.Group >= len(r.sets) {
		return switches
	}
	here := r.Comparison.Cells[r.sets[l.Group][0]]
	for _, d := range r.dims() {
		if !d.varies {
			continue
		}
		sw := templates.Switch{Label: d.label, Links: []templates.Link{}}
		seen := map[string]bool{}
		for _, cell := range r.Comparison.Cells {
			text := d.text(cell)
			if seen[text] {
				continue
			}
			seen[text] = true
			wanted := here
			d.take(&wanted, cell)
			link := templates.Link{Label: dimensionLabel(d, cell), Current: text == d.text(here)}
			if n := r.groupLike(wanted); n < 0 {
				link.Off = "nothing is measured with it"
			} else {
				link.URL = l.with(func(l *lens) {
					l.Group, l.At, l.From = n, 0, 0
					if l.far() {
						l.Base, l.Other = "", ""
					}
				}).on(path, anchor)
			}
			sw.Links = append(sw.Links, link)
		}
		switches = append(switches, sw)
	}
	return switches
}

// dimensionLabel names what a bare number counts.
func dimensionLabel(d dimension, c profiles.Cell) string {
	if d.label == "Connections" {
		return "× " + d.text(c)
	}
	return d.text(c)
}

// groupLike finds the group whose cells differ from a cell in socket and variant
// only; -1 for none.
func (r *report) groupLike(c profiles.Cell) int {
	for n, set := range r.sets {
		if r.Comparison.Cells[set[0]].SameButSocket(c) {
			return n
		}
	}
	return -1
}

// hostName is a host's name; that of the server's own is not always known.
func (r *report) hostName(host string) string {
	if host == "" {
		return "this server"
	}
	return host
}
