package templates

import (
	"strconv"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/quantity"
)

// FlameNames say how the boxes of a layout are written.
type FlameNames struct {
	// Base and Other name the sides of a difference; Other is "" for one profile.
	Base, Other string
	// Format writes a scaled value, Signed a difference of two.
	Format, Signed func(float64) string
	// Kernel reports whether a function is the kernel's; nil for none.
	Kernel func(function string) bool
	// Searched is set when the layout was made with a search: what does not match
	// is dimmed.
	Searched bool
	// ZoomURL as in Flame; it leads to the ancestors too.
	ZoomURL string
}

// Fill puts a layout into the view: its boxes, ancestors, depth and, for one
// profile, the legend.
func (v *Flame) Fill(layout flame.View, n FlameNames) {
	v.ZoomURL = n.ZoomURL
	v.Diff = n.Other != ""
	v.Depth = layout.Depth
	v.Boxes = make([]FlameBox, 0, len(layout.Boxes))
	for _, b := range layout.Boxes {
		v.Boxes = append(v.Boxes, n.box(b))
		if v.Diff && b.Gone {
			v.Legend.Gone = "only over " + n.Base
		}
		if v.Diff && b.New {
			v.Legend.New = "only over " + n.Other
		}
	}
	v.Ancestors = []Link{}
	for _, a := range layout.Ancestors {
		b := n.box(a)
		v.Ancestors = append(v.Ancestors, Link{Label: b.Name, URL: v.zoom(b), Title: b.Facts})
	}
	if !v.Diff {
		v.Legend.Packages = PackageLegend(v.Boxes)
	}
}

func (n FlameNames) box(b flame.Box) FlameBox {
	box := FlameBox{
		X: b.X, Width: b.Width, Depth: b.Depth, Name: b.Name, Smaller: b.Smaller,
		At: strconv.FormatUint(b.Hash, 16), Facts: n.facts(b), Fill: n.fill(b),
		Matched: b.Matched, Dim: n.Searched && !b.Matched,
	}
	if n.Other != "" {
		box.New, box.Gone = b.New, b.Gone
	}
	if b.Smaller > 0 {
		box.Name = quantity.Count(int64(b.Smaller)) + " smaller"
		if b.From > 0 {
			box.At += "&from=" + strconv.Itoa(b.From)
		}
	}
	return box
}

func (n FlameNames) fill(b flame.Box) Fill {
	switch {
	case n.Other != "":
		return DiffFill(b.Change, b.Noise)
	case b.Smaller > 0:
		return FillSmaller
	case n.Kernel != nil && n.Kernel(b.Name):
		return FillKernel
	}
	return PackageFill(b.Name)
}

// facts are the lines of the tooltip below the name. They are on each of 2,000
// boxes, so they are terse.
func (n FlameNames) facts(b flame.Box) string {
	if n.Other == "" {
		s := n.Format(b.Total[0]) + ", self " + n.Format(b.Self[0])
		if b.Count[0] > 0 {
			s += "\n" + quantity.Plural(b.Count[0], "sample", "samples")
		}
		return s
	}
	s := n.Base + " " + n.Format(b.Total[0]) + ", " + n.Other + " " + n.Format(b.Total[1])
	switch {
	case b.New, b.Gone:
		// the sign says nothing that the two figures do not
	case b.Total[0] > 0:
		s += ", " + n.Signed(b.Total[1]-b.Total[0]) + " (" + quantity.Change(b.Total[1]/b.Total[0]) + ")"
	}
	if b.Count[0]+b.Count[1] > 0 {
		s += "\n" + quantity.Count(b.Count[0]) + " and " + quantity.Count(b.Count[1]) + " samples"
	}
	if b.Noise {
		s += ", within sampling noise"
	}
	return s
}
