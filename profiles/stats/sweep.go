package stats

import (
	"cmp"
	"slices"

	"github.com/sockscope/sockscope/profiles"
)

// Axis is what a sweep varies.
type Axis string

// The axes.
const (
	BySize        Axis = "size"
	ByConcurrency Axis = "concurrency"
)

// of is where a cell stands on the axis.
func (a Axis) of(c profiles.Cell) int {
	if a == BySize {
		return c.Size
	}
	return c.Concurrency
}

// without is the cell with its place on the axis, and what tells the lines of a
// sweep apart, left out: equal for all cells of one sweep.
func (a Axis) without(c profiles.Cell) profiles.Cell {
	if a == BySize {
		c.Size = 0
	} else {
		c.Concurrency = 0
	}
	c.Socket, c.Variant, c.AA, c.NA = "", "", false, ""
	return c
}

// Sweep is the cells that differ in one axis, socket and variant only.
type Sweep struct {
	Axis Axis
	// Like is what all cells of the sweep have in common; the axis, socket and
	// variant are zero.
	Like profiles.Cell
	// Values are the places on the axis, ascending: two at the least.
	Values []int
	// Lines are the base, its A/A cell, then the others in plan order.
	Lines []Line
}

// Line is one socket with its variant along a sweep.
type Line struct {
	Socket, Variant string
	AA              bool
	// Cells are indices into the comparison's cells, by the sweep's values; -1 where
	// the plan has none. Cells that are not measured are among them.
	Cells []int
}

// Name is the line in words: "tcp4 nagle".
func (l Line) Name() string {
	return profiles.Cell{Socket: l.Socket, Variant: l.Variant, AA: l.AA}.Name()
}

// Sweeps finds all sweeps of a comparison: those over the size of messages first,
// in plan order.
func Sweeps(cells []profiles.Cell) []Sweep {
	sweeps := []Sweep{}
	for _, axis := range []Axis{BySize, ByConcurrency} {
		var found []*Sweep
		for _, c := range cells {
			like := axis.without(c)
			at := slices.IndexFunc(found, func(s *Sweep) bool { return s.Like == like })
			if at < 0 {
				found = append(found, &Sweep{Axis: axis, Like: like})
				at = len(found) - 1
			}
			s := found[at]
			if i, ok := slices.BinarySearch(s.Values, axis.of(c)); !ok {
				s.Values = slices.Insert(s.Values, i, axis.of(c))
			}
		}
		for _, s := range found {
			if len(s.Values) > 1 {
				s.fill(cells)
				sweeps = append(sweeps, *s)
			}
		}
	}
	return sweeps
}

func (s *Sweep) fill(cells []profiles.Cell) {
	for i, c := range cells {
		if s.Axis.without(c) != s.Like {
			continue
		}
		at := slices.IndexFunc(s.Lines, func(l Line) bool {
			return l.Socket == c.Socket && l.Variant == c.Variant && l.AA == c.AA
		})
		if at < 0 {
			at = len(s.Lines)
			s.Lines = append(s.Lines, Line{Socket: c.Socket, Variant: c.Variant, AA: c.AA, Cells: slices.Repeat([]int{-1}, len(s.Values))})
		}
		v, _ := slices.BinarySearchFunc(s.Values, s.Axis.of(c), cmp.Compare[int])
		s.Lines[at].Cells[v] = i
	}
}
