package web

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// minWidth leaves out boxes below half a pixel of a 1,200 pixel wide graph.
const minWidth = 0.5 / 1200

// flameOf lays out the panel's one profile, or its two as a difference.
func (s *Server) flameOf(ctx context.Context, p panel) (*templates.Flame, error) {
	var t *tree.Tree
	if len(p.sides) == 2 {
		t = s.evidence.union(p.sides[0].opened, p.sides[1].opened)
	} else {
		t = s.evidence.tree(p.sides[0].opened)
	}
	re, wrong := compile(p.lens.Search)
	g := grapher{panel: p, diff: len(p.sides) == 2, search: re, counts: map[int64]string{}}
	g.scale.Base, g.scale.Other = p.factor(p.sides[0].exposure), p.factor(p.sides[len(p.sides)-1].exposure)
	v := g.panelView(wrong)
	if t.Total(tree.Base, 0) == 0 && t.Total(tree.Other, 0) == 0 {
		v.Empty = "The profile has no sample, so there is nothing to draw: it was too short, or nothing ran."
		if len(v.Filter.Active) > 0 {
			v.Empty = "No sample is left by the filter: take a part of it back."
		}
		return v, nil
	}
	if p.lens.Pivot != "" {
		g.sandwich(v, s.evidence, t)
	} else {
		g.graph(v, t)
	}
	return v, nil
}

// grapher turns layouts into what the page draws.
type grapher struct {
	panel
	diff   bool
	search *regexp.Regexp
	scale  flame.Scale
	counts map[int64]string // samples in words: many boxes have the same count
}

func (g grapher) samples(count int64) string {
	text, ok := g.counts[count]
	if !ok {
		text = samples(count)
		g.counts[count] = text
	}
	return text
}

func (g grapher) options() flame.Options {
	o := flame.Options{At: g.lens.At, From: g.lens.From, Search: g.search, MinWidth: minWidth, Scale: g.scale}
	if g.lens.boxes > 0 { // an export, which zooms within what it holds
		o.Budget, o.MinWidth = g.lens.boxes, minWidth/10
	}
	return o
}

// panelView is everything around the boxes.
func (g grapher) panelView(wrong string) *templates.Flame {
	v := &templates.Flame{
		Title: "Flame graph", Diff: g.diff, Hint: "width: " + g.per(), Boxes: []templates.FlameBox{}, Ancestors: []templates.Link{},
		ZoomURL: zoomURL(g.lens.with(func(l *lens) { l.At, l.From = 0, 0 }), g.path, "at"),
		Search: &templates.Search{
			Action: g.path, Hidden: g.hidden("search"), Name: "search", Value: g.lens.Search,
			Label: "Search functions", Placeholder: "search (regexp)", Error: wrong,
		},
	}
	v.Filter = g.filter()
	v.Label = "Flame graph of " + g.sides[0].series.Name
	if g.diff {
		v.Hint = "width: " + g.per() + " of both together"
		v.Label = "Differential flame graph: " + g.against()
		v.Legend = templates.Legend{
			Less: "less " + g.per() + " over " + g.sides[1].series.Name, More: "more",
			Gone: "only over " + g.sides[0].series.Name, New: "only over " + g.sides[1].series.Name,
		}
	}
	if g.lens.Search != "" {
		v.Search.ClearURL = g.link(func(l *lens) { l.Search = "" })
	}
	if g.lens.At != 0 || g.lens.Pivot != "" {
		v.ResetURL = g.link(func(l *lens) { l.At, l.From, l.Pivot = 0, 0, "" })
	}
	return v
}

// zoomURL is an address to which the value of one parameter is yet to be added.
func zoomURL(l lens, path, param string) string {
	q := l.params()
	q.Del(param)
	q.Del("from")
	if len(q) == 0 {
		return path + "?" + param + "="
	}
	return path + "?" + q.Encode() + "&" + param + "="
}

func (g grapher) graph(v *templates.Flame, t *tree.Tree) {
	view := flame.Layout(t, g.options())
	v.Boxes = slices.Grow(v.Boxes, len(view.Boxes)+len(view.Ancestors))
	smaller, folded := 0, 0
	for _, b := range view.Ancestors {
		v.Ancestors = append(v.Ancestors, templates.Link{
			Label: shortName(b.Name), Title: b.Name,
			URL: g.link(func(l *lens) { l.At, l.From = b.Hash, 0; atRoot(l, b.Depth) }),
		})
	}
	for _, b := range view.Boxes {
		if b.Smaller > 0 {
			smaller++
			folded += b.Smaller
		}
		box := g.box(b)
		box.At = place(b.Hash)
		if b.Smaller > 0 {
			box.At += fmt.Sprintf("&from=%d", b.From)
		}
		v.Boxes = append(v.Boxes, box)
	}
	v.Depth = view.Depth
	v.Note = g.note(view, smaller, folded)
	if g.search != nil {
		v.Search.Matched = fmt.Sprintf("%s of the width matches, in %s", quantity.Percent(view.Matched), quantity.Plural(int64(view.MatchedNames), "function", "functions"))
	}
	zoomed := view.Boxes[0].Name
	sandwich := templates.Link{Label: "sandwich", Title: "callers above, callees below " + zoomed, URL: g.link(func(l *lens) { l.Pivot, l.At, l.From = zoomed, 0, 0 })}
	if g.lens.At == 0 || view.Missing {
		sandwich.Off = "zoom to a function first: its callers are then drawn above it"
		if g.loop != "" {
			sandwich.Off, sandwich.URL = "", g.link(func(l *lens) { l.Pivot, l.At, l.From = g.loop, 0, 0 })
		}
	}
	v.Switches = append(v.Switches, templates.Switch{Label: "Direction", Links: []templates.Link{
		{Label: "callees", URL: g.link(func(l *lens) { l.Pivot = "" }), Current: true}, sandwich,
	}})
	if !g.diff {
		v.Legend.Packages = packageLegend(v.Boxes)
	}
}

// atRoot makes a link to the root the plain view.
func atRoot(l *lens, depth int) {
	if depth == 0 {
		l.At = 0
	}
}

func (g grapher) note(view flame.View, smaller, folded int) string {
	note := ""
	if view.Missing {
		note = "The frame of this link is not in these profiles; the whole graph is shown. "
	}
	if smaller > 0 {
		note += fmt.Sprintf("%s of %s frames are folded into %s; each opens.", count(folded), count(view.Frames), quantity.Plural(int64(smaller), "box", "boxes"))
	}
	return note
}

// box is what is drawn of a layout's box.
func (g grapher) box(b flame.Box) templates.FlameBox {
	v := templates.FlameBox{
		X: b.X, Width: b.Width, Depth: b.Depth, Name: shortName(b.Name), Smaller: b.Smaller,
		Matched: b.Matched, Dim: g.search != nil && !b.Matched, New: b.New, Gone: b.Gone,
	}
	if b.Smaller > 0 {
		v.Name = count(b.Smaller) + " smaller"
	}
	if g.diff {
		v.Fill = templates.DiffFill(b.Change, b.Noise)
		v.Facts = g.facts(b)
		return v
	}
	v.Fill = packageFill(b.Name)
	if b.Smaller > 0 || b.Name == tree.Root {
		v.Fill = templates.FillSmaller
	}
	v.Facts = g.text(b.Total[0]) + " · self " + g.text(b.Self[0]) + "\n" + g.samples(b.Count[0])
	if b.Smaller == 0 && v.Name != b.Name {
		v.Facts = b.Name + "\n" + v.Facts
	}
	return v
}

// facts are the lines of the tooltip of a difference.
func (g grapher) facts(b flame.Box) string {
	s := ""
	if b.Smaller == 0 && shortName(b.Name) != b.Name {
		s = b.Name + "\n"
	}
	s += g.sides[0].series.Name + " " + g.text(b.Total[0]) + " · " + g.sides[1].series.Name + " " + g.text(b.Total[1]) +
		" · " + g.signed(b.Total[1]-b.Total[0])
	switch {
	case b.New:
		s += " (new)"
	case b.Gone:
		s += " (gone)"
	case b.Total[0] != 0:
		s += " (" + quantity.Change(b.Total[1]/b.Total[0]) + ")"
	}
	if b.Count[0] > 0 || b.Count[1] > 0 {
		s += "\n" + quantity.Count(b.Count[0]) + " and " + quantity.Count(b.Count[1]) + " samples"
		if b.Noise {
			s += " · within sampling noise"
		}
	}
	return s
}
