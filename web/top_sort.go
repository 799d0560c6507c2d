package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/templates"
)

// The columns that a top table is sorted by: of one profile flat and cum, of its
// difference to the base diff (of flat) and cumdiff.
const (
	byName    = "name"
	byFlat    = "flat"
	byCum     = "cum"
	byDiff    = "diff"
	byCumDiff = "cumdiff"
)

// ranking is what the rows of a top table are sorted by: a column of one of the
// profiles, and the order.
type ranking struct {
	column string
	of     int // index into the panel's sides
	// order is "up" or "down"; "" is by size, whatever the sign.
	order string
}

// rankingOf reads the sort of a lens: "flat", "cum.2.up", "diff.down". What it does
// not name is of the first other profile and the largest first; what is not known is the
// default, the largest difference or the largest flat.
func rankingOf(text string, sides int) ranking {
	r := ranking{column: byFlat, of: min(1, sides-1)}
	if sides > 1 {
		r.column = byDiff
	}
	words := strings.Split(text, ".")
	switch column := words[0]; {
	case column == byName, column == byFlat, column == byCum, sides > 1 && (column == byDiff || column == byCumDiff):
		r.column = column
	default:
		return r
	}
	for _, word := range words[1:] {
		n, err := strconv.Atoi(word)
		switch {
		case word == "up" || word == "down":
			r.order = word
		case err == nil && n >= 1 && n <= sides && !(r.differs() && n == 1):
			r.of = n - 1
		}
	}
	return r
}

// differs reports whether it is by a difference.
func (r ranking) differs() bool { return r.column == byDiff || r.column == byCumDiff }

// text is the sort of a lens that reads as r.
func (r ranking) text(sides int) string {
	s := r.column
	if r.of != min(1, sides-1) && r.column != byName {
		s += "." + strconv.Itoa(r.of+1)
	}
	if r.order != "" {
		s += "." + r.order
	}
	return s
}

// value is what a row is sorted by.
func (r ranking) value(row functionRow) float64 {
	switch r.column {
	case byCum:
		return row.all[r.of]
	case byDiff:
		return row.self[r.of] - row.self[0]
	case byCumDiff:
		return row.all[r.of] - row.all[0]
	}
	return row.self[r.of]
}

func (r ranking) sort(rows []functionRow) {
	slices.SortFunc(rows, func(a, b functionRow) int {
		d := 0
		switch x, y := r.value(a), r.value(b); {
		case r.column == byName:
			d = cmp.Compare(a.name, b.name)
			if r.order == "down" {
				d = -d
			}
		case r.order == "up":
			d = cmp.Compare(x, y)
		case r.order == "down":
			d = cmp.Compare(y, x)
		default:
			d = cmp.Compare(math.Abs(y), math.Abs(x))
		}
		return cmp.Or(d, cmp.Compare(a.name, b.name))
	})
}

// head is a column's head: the aria-sort of the column that the rows are sorted by,
// and the link that sorts by it, or turns the order.
func (r ranking) head(h templates.TopHead, p panel, column string, of int) templates.TopHead {
	own := ranking{column: column, of: of}
	current := r.column == column && (column == byName || r.of == of)
	if current {
		h.Sort = map[string]string{"up": "ascending", "down": "descending"}[r.order]
		switch {
		case h.Sort == "" && own.differs():
			h.Sort = "other"
		case h.Sort == "" && column == byName:
			h.Sort = "ascending"
		case h.Sort == "":
			h.Sort = "descending"
		}
	}
	switch {
	case column == byName && h.Sort == "ascending", own.differs() && current && h.Sort != "descending":
		own.order = "down"
	case current && h.Sort != "ascending":
		own.order = "up"
	}
	h.URL = p.link(func(l *lens) { l.Sort, l.Rows = own.text(len(p.sides)), 0 })
	return h
}
