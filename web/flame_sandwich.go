package web

import (
	"fmt"
	"net/url"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// sandwich draws the callers of the pivot above it and its callees below.
func (g grapher) sandwich(v *templates.Flame, e *evidence, t *tree.Tree) {
	callers, callees := e.pivot(t, g.key(), g.lens.Pivot)
	v.Title, v.Hint = "Callers and callees of "+shortName(g.lens.Pivot), v.Hint+" · callers above, callees below"
	v.ZoomURL = zoomURL(g.lens, g.path, "pivot")
	v.Switches = append(v.Switches, templates.Switch{Label: "Direction", Links: []templates.Link{
		{Label: "callees", URL: v.ResetURL}, {Label: "sandwich", URL: g.link(func(*lens) {}), Current: true},
	}})
	if callees.Len() < 2 {
		v.Empty = "No sample goes through " + g.lens.Pivot + "."
		return
	}
	o := g.options()
	o.From = 0
	o.At = callers.Hash(1)
	up := flame.Layout(callers, o)
	o.At = callees.Hash(1)
	down := flame.Layout(callees, o)
	for _, b := range up.Boxes[1:] {
		box := g.box(b)
		box.Depth, box.At = up.Depth-1-b.Depth, pivotAt(b)
		v.Boxes = append(v.Boxes, box)
	}
	for _, b := range down.Boxes {
		box := g.box(b)
		box.Depth, box.At = up.Depth-1+b.Depth, pivotAt(b)
		v.Boxes = append(v.Boxes, box)
	}
	v.Depth = up.Depth - 1 + down.Depth
	if !g.diff {
		v.Legend.Packages = packageLegend(v.Boxes)
	}
}

func pivotAt(b flame.Box) string {
	if b.Smaller > 0 {
		return ""
	}
	return url.QueryEscape(b.Name)
}

func (g grapher) key() string {
	k := ""
	for _, o := range g.sides {
		k += fmt.Sprintf("%s %d ", o.key, o.sampleType)
	}
	return k
}
