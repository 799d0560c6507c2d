package web

import (
	"net/url"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// sandwich draws the callers of the pivot above it and its callees below.
func (g grapher) sandwich(v *templates.Flame, t *tree.Tree) []drawing {
	halves := g.evidence.pivot(t, g.key(), g.lens.Pivot)
	callers, callees := halves.callers.Tree, halves.callees.Tree
	v.Title, v.Hint = "Callers and callees of "+shortName(g.lens.Pivot), v.Hint+" · callers above, callees below"
	v.ZoomURL = v.PivotURL
	if callees.Len() < 2 {
		v.Empty = "No sample goes through " + g.lens.Pivot + "."
		return nil
	}
	up, down := g.around(halves.callers), g.around(halves.callees)
	if v.Empty = g.nothing(down[0]); v.Empty != "" && len(up[0].Boxes) < 2 {
		return nil
	}
	v.Empty = ""
	if g.search != nil {
		v.Search.Matched = g.matched(down)
	}
	drawn := []drawing{}
	for s := range up {
		d := drawing{view: down[s], tree: callees, depth: up[s].Depth - 1 + down[s].Depth}
		above := max(up[0].Depth, up[len(up)-1].Depth) - 1 // a pair has the function in one row
		for i := range up[s].Boxes[1:] {
			b := &up[s].Boxes[i+1]
			box := g.box(b, callers)
			box.Depth, box.At = above-b.Depth, pivotAt(b)
			d.boxes = append(d.boxes, box)
		}
		for i := range down[s].Boxes {
			b := &down[s].Boxes[i]
			box := g.box(b, callees)
			box.Depth, box.At = above+b.Depth, pivotAt(b)
			d.boxes = append(d.boxes, box)
		}
		d.depth = above + down[s].Depth
		drawn = append(drawn, d)
	}
	return drawn
}

// sandwichFrames are at most drawn of either half: what stands around one function is
// read near to it, and zooming is turning around another.
const sandwichFrames = 100

// around lays out one half of a sandwich, for each graph.
func (g grapher) around(h half) []flame.View {
	t, o := h.Tree, g.options(h.Tree, h.what)
	o.From, o.At, o.Budget = 0, t.Hash(h.at), max(g.lens.boxes, sandwichFrames)
	if g.pair() {
		o.Budget /= 2
		pair := flame.Pair(t, o)
		return pair[:]
	}
	return []flame.View{flame.Layout(t, o)}
}

func pivotAt(b *flame.Box) string {
	if b.Smaller > 0 {
		return ""
	}
	return url.QueryEscape(b.Name)
}
