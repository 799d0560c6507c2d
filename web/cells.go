package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// setsOf are the groups: the cells of each size, concurrency, placement and host, as
// indices, the base first where it is measured, then the others. A/A cells and
// cells that are not measured are in none; a group without any cell is left out.
// There may be no group at all.
func setsOf(s stats.Summary) [][]int {
	sets := [][]int{}
	at := map[int]int{} // by base
	for i := range s.Cells {
		c := &s.Cells[i]
		if c.Cell.AA || c.Cell.NA != "" {
			continue
		}
		base := c.Base
		if base < 0 {
			base = i
		}
		n, ok := at[base]
		if !ok {
			n = len(sets)
			at[base] = n
			sets = append(sets, nil)
		}
		if base == i {
			sets[n] = append([]int{i}, sets[n]...)
			continue
		}
		sets[n] = append(sets[n], i)
	}
	return sets
}

// first is the group that answers for the whole comparison; nil for none.
func (r *report) first() []int {
	if len(r.sets) == 0 {
		return nil
	}
	return r.sets[0]
}

// groupOf is the group that a cell is in, or -1.
func (r *report) groupOf(cell int) int {
	for n, g := range r.sets {
		for _, i := range g {
			if i == cell {
				return n
			}
		}
	}
	return -1
}

// variation says in what the cells of a comparison differ beside the socket.
type variation struct{ size, concurrency, placement, host bool }

func variationOf(cells []profiles.Cell) (v variation) {
	for _, c := range cells {
		first := cells[0]
		v.size = v.size || c.Size != first.Size
		v.concurrency = v.concurrency || c.Concurrency != first.Concurrency
		v.placement = v.placement || c.Placement != first.Placement
		v.host = v.host || c.Host != first.Host
	}
	return v
}

// where is what sets a cell apart from those of other groups: "64 KiB, 8
// connections"; "" where there is one group.
func (r *report) where(c profiles.Cell) string {
	parts := []string{}
	if r.varies.size {
		parts = append(parts, r.size(c.Size))
	}
	if r.varies.concurrency {
		parts = append(parts, plural(c.Concurrency, "connection", "connections"))
	}
	if r.varies.placement {
		parts = append(parts, c.Placement)
	}
	if r.varies.host {
		parts = append(parts, r.hostName(c.Host))
	}
	return strings.Join(parts, ", ")
}

// size is the size of a message, in full where another one of the comparison would
// read the same.
func (r *report) size(n int) string {
	text := quantity.Bytes(int64(n))
	for _, other := range r.spec.Sizes {
		if other != n && quantity.Bytes(int64(other)) == text {
			return quantity.Count(int64(n)) + " B"
		}
	}
	return text
}

// label is a cell in words, unique in the comparison: "tcp4 with Nagle on · 64 KiB".
func (r *report) label(cell int) string {
	c := r.Comparison.Cells[cell]
	if where := r.where(c); where != "" {
		return verdict.CellName(c) + " · " + where
	}
	return verdict.CellName(c)
}

// handle is a cell as links name it within its group: "tcp4", "tcp4-nagle".
func handle(c profiles.Cell) string {
	h := c.Socket
	if c.Variant != "" {
		h += "-" + c.Variant
	}
	return h
}

// address is a cell as links of a page of one group name it: a cell of another
// group carries that group's number.
func (r *report) address(cell, group int) string {
	h := handle(r.Comparison.Cells[cell])
	if n := r.groupOf(cell); n != group {
		h += "@" + strconv.Itoa(n)
	}
	return h
}

// find reads an address.
func (r *report) find(group int, address string) (int, error) {
	name, elsewhere, far := strings.Cut(address, "@")
	if far {
		n, err := strconv.Atoi(elsewhere)
		if err != nil || n < 0 || n >= len(r.sets) {
			return 0, sentence(http.StatusNotFound, "This comparison has no group %q of cells.", clip(elsewhere))
		}
		group = n
	}
	for _, i := range r.sets[group] {
		if handle(r.Comparison.Cells[i]) == name {
			return i, nil
		}
	}
	for _, c := range r.Comparison.Cells {
		if handle(c) == name && c.NA != "" && !c.AA {
			return 0, sentence(http.StatusNotFound, "%s is not measured here: %s", verdict.CellName(c), c.NA)
		}
	}
	return 0, sentence(http.StatusNotFound, "The socket %q is not in this comparison: it has %v.", clip(name), r.sockets())
}

// coloursOf numbers sockets and their variants: 1 for the base, then the others in
// plan order. A socket of which there are variants only has the colour of its first.
func coloursOf(c profiles.Comparison) map[string]int {
	colours := map[string]int{c.Base: 1}
	n := 1
	for _, measured := range []bool{true, false} { // a colour of its own first for what is drawn
		for _, cell := range c.Cells {
			if (cell.NA == "") != measured {
				continue
			}
			cell.AA = false
			name := cell.Name()
			if colours[name] == 0 {
				n++
				colours[name] = n
			}
			if colours[cell.Socket] == 0 {
				colours[cell.Socket] = n
			}
		}
	}
	return colours
}

// colour is the number of a socket's colour, or of a socket's with its variant; 0
// for one that is not in the comparison.
func (r *report) colour(name string) int { return r.colours[name] }

func (r *report) series(cell int) templates.Series {
	c := r.Comparison.Cells[cell]
	s := templates.Series{Name: verdict.CellName(c), Hollow: c.AA, Title: variantTitle(c)}
	if c.AA {
		s.Title = "the base measured a second time: its difference from the base is noise"
	}
	c.AA = false
	s.Series = r.colour(c.Name())
	return s
}

// full is a series whose name says what varies too.
func (r *report) full(cell int) templates.Series {
	s := r.series(cell)
	s.Name = r.label(cell)
	return s
}

// variantTitle says what a variant changes; "" for a plain cell.
func variantTitle(c profiles.Cell) string {
	if c.Variant == "" {
		return ""
	}
	return runner.Variant(c.Variant).Label()
}
