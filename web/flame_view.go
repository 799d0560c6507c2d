package web

import (
	"context"
	"fmt"
	"regexp"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// minWidth leaves out boxes below three pixels of a 1,200 pixel wide graph: hardly
// anybody hits them. Zooming shows them.
const minWidth = 3.0 / 1200

// flameOf lays out the panel's one profile, or its two: their union, or one under
// the other, or one of them.
func (s *Server) flameOf(_ context.Context, p panel) (*templates.Flame, error) {
	g := newGrapher(p, s.evidence)
	t := g.tree()
	v := g.panelView()
	g.views(v, t)
	if t.Weight(tree.Base, 0) == 0 && t.Weight(tree.Other, 0) == 0 {
		v.Empty = g.blank(len(v.Filter.Active) > 0)
		return v, nil
	}
	var drawn []drawing
	if g.lens.Pivot != "" {
		drawn = g.sandwich(v, t)
	} else {
		drawn = g.graph(v, t)
	}
	if len(drawn) == 0 {
		return v, nil
	}
	g.put(v, drawn)
	v.Selected = g.card(drawn[0])
	v.Table = g.table(drawn)
	return v, nil
}

// blank says why there is nothing to draw of what a filter, or none, leaves.
func (g grapher) blank(filtered bool) string {
	if filtered {
		return "No sample is left by the filter: take a part of it back."
	}
	for _, o := range g.sides {
		if len(o.decoded.Sample) > 0 {
			return "The values (" + g.counted() + ") add up to zero in every stack, so there is nothing to draw."
		}
	}
	return "The profile has no sample, so there is nothing to draw: it was too short, or nothing ran."
}

// grapher turns layouts into what the page draws.
type grapher struct {
	panel
	whole    []side // of the page, where the graph is of one of them
	evidence *evidence
	diff     bool // of two profiles
	search   *regexp.Regexp
	wrong    string // why the search cannot be done
	scale    flame.Scale
	words    phrases
}

func newGrapher(p panel, e *evidence) grapher {
	g := grapher{panel: p, whole: p.sides, evidence: e, words: newPhrases()}
	if len(p.sides) == 2 && (p.lens.Graphs == "base" || p.lens.Graphs == "other") {
		at := map[string]int{"base": 0, "other": 1}[p.lens.Graphs]
		g.sides = p.sides[at : at+1]
	}
	g.diff = len(g.sides) == 2
	g.search, g.wrong = compile(p.lens.Search)
	g.scale.Base, g.scale.Other = p.factor(g.sides[0].exposure), p.factor(g.sides[len(g.sides)-1].exposure)
	return g
}

func (g grapher) tree() *tree.Tree {
	if g.diff {
		return g.evidence.union(g.sides[0].opened, g.sides[1].opened)
	}
	return g.evidence.tree(g.sides[0].opened)
}

// pair reports whether the two sides are drawn one under the other.
func (g grapher) pair() bool { return g.diff && g.lens.Graphs == "pair" }

// key names the tree among all that are kept.
func (g grapher) key() string {
	k := ""
	for _, o := range g.sides {
		k += fmt.Sprintf("%s %d ", o.key, o.sampleType)
	}
	return k
}

// options of a layout of t, which is named by g.key() and what it is for.
func (g grapher) options(t *tree.Tree, what string) flame.Options {
	o := flame.Options{
		At: g.lens.At, From: g.lens.From, Search: g.search, Budget: g.lens.boxes, MinWidth: minWidth, Scale: g.scale,
		Only: flame.Only(g.lens.Only), Delta: flame.Delta(g.lens.Delta),
	}
	if g.lens.boxes > 0 { // an export, which zooms within what it holds
		o.MinWidth = minWidth / 10
	}
	if g.search != nil {
		o.Matches = g.evidence.matches(g.key(), g.search, t)
	}
	if g.diff && o.Only != "" {
		o.Marks = g.evidence.marks(apart(g.key(), what), t, g.scale, o.Delta)
	}
	return o
}

// panelView is everything around the boxes.
func (g grapher) panelView() *templates.Flame {
	v := &templates.Flame{
		Title: "Flame graph", Diff: g.colour() == byDifference, Hint: "width: " + g.per(), Boxes: []templates.FlameBox{}, Ancestors: []templates.Link{},
		ZoomURL: zoomURL(g.lens.with(func(l *lens) { l.At, l.From = 0, 0 }), g.path, "at"),
		Flip:    g.lens.Orient == "flame" && g.lens.Pivot == "",
		Search: &templates.Search{
			Action: g.path, Hidden: g.hidden("search"), Name: "search", Value: g.lens.Search,
			Label: "Search functions", Placeholder: "search (regexp)", Error: g.wrong,
		},
	}
	if g.lens.At != 0 { // a search stays where it is
		v.Search.Hidden = append(v.Search.Hidden, templates.Hidden{Name: "at", Value: place(g.lens.At)})
	}
	v.Filter = g.filter()
	v.LinesURL = withParam(g.linesLink(func(l *lens) { l.Function = "" }), "function")
	v.PivotURL = zoomURL(g.lens.with(func(l *lens) { l.At, l.From = 0, 0 }), g.path, "pivot")
	v.Label = "Flame graph of " + g.sides[0].series.Name
	if g.diff {
		v.Hint = "width: " + g.per() + " of both together"
		v.Label = "Differential flame graph: " + g.against()
	}
	if g.pair() {
		v.Hint = "width: " + g.per() + ", on one scale"
	}
	if g.lens.Search != "" {
		v.Search.ClearURL = g.link(func(l *lens) { l.Search = "" })
	}
	if g.lens.At != 0 || g.lens.Pivot != "" {
		v.ResetURL = g.link(func(l *lens) { l.At, l.From, l.Pivot = 0, 0, "" })
	}
	return v
}

// drawing is one graph: a layout, and that of callers above it in a sandwich.
type drawing struct {
	boxes []templates.FlameBox
	depth int
	view  flame.View
	tree  *tree.Tree
}

// graph draws the tree from the zoomed frame on.
func (g grapher) graph(v *templates.Flame, t *tree.Tree) []drawing {
	o := g.options(t, "")
	views := []flame.View{}
	if g.pair() {
		o.Budget = max(g.lens.boxes, flame.DefaultBudget) / 2
		pair := flame.Pair(t, o)
		views = pair[:]
	} else {
		views = append(views, flame.Layout(t, o))
	}
	for _, b := range views[0].Ancestors {
		v.Ancestors = append(v.Ancestors, templates.Link{
			Label: shortName(b.Name), Title: b.Name,
			URL: g.link(func(l *lens) { l.At, l.From = b.Hash, 0; atRoot(l, b.Node) }),
		})
	}
	v.Note = g.note(views[0])
	if g.search != nil {
		v.Search.Matched = g.matched(views)
	}
	if v.Empty = g.nothing(views[0]); v.Empty != "" {
		return nil
	}
	drawn := []drawing{}
	for _, view := range views {
		d := drawing{view: view, tree: t, depth: view.Depth, boxes: make([]templates.FlameBox, 0, len(view.Boxes))}
		for i := range view.Boxes {
			b := &view.Boxes[i]
			box := g.box(b, t)
			box.At = place(b.Hash)
			if b.Smaller > 0 {
				box.At += "&from=" + count0(b.From)
			}
			d.boxes = append(d.boxes, box)
		}
		drawn = append(drawn, d)
	}
	return drawn
}

// atRoot makes a link to the root the plain view.
func atRoot(l *lens, node int) {
	if node == 0 {
		l.At = 0
	}
}

// put fills in one graph, or two under each other.
func (g grapher) put(v *templates.Flame, drawn []drawing) {
	v.Boxes, v.Depth = drawn[0].boxes, drawn[0].depth
	all := v.Boxes
	if len(drawn) == 2 {
		below := *v
		below.Boxes, below.Depth = drawn[1].boxes, drawn[1].depth
		v.Pair = &below
		for s, f := range []*templates.Flame{v, v.Pair} {
			series := g.sides[s].series
			f.Label = "Flame graph of " + series.Name
			root := drawn[s].view.Boxes[0]
			f.Caption = &templates.FlameCaption{Series: series, Total: g.text(root.Total[s])}
			if drawn[s].view.Absent {
				f.Caption.Absent = series.Name + " has no sample of this frame"
			}
		}
		all = append(append([]templates.FlameBox{}, all...), below.Boxes...)
	}
	v.Legend = g.legend(all...)
}

func (g grapher) note(view flame.View) string {
	note, smaller, folded := "", 0, 0
	for i := range view.Boxes {
		if n := view.Boxes[i].Smaller; n > 0 {
			smaller++
			folded += n
		}
	}
	if view.Missing {
		note = "The frame of this link is not in these profiles; the whole graph is shown. "
	}
	if smaller > 0 {
		note += fmt.Sprintf("%s of %s frames are folded into %s; each opens. ", count(folded), count(view.Frames), quantity.Plural(int64(smaller), "box", "boxes"))
	}
	if view.Filtered > 0 {
		note += fmt.Sprintf("%s of %s frames are filtered out.", count(view.Filtered), count(view.Frames))
	}
	return note
}
