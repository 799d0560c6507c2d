package web

import (
	"cmp"
	"slices"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// maxFrames is how many frames are told in words under the graph.
const maxFrames = 50

// card tells of the frame that is zoomed to, or of the function of a sandwich.
func (g grapher) card(d drawing) *templates.FlameCard {
	b := &d.view.Boxes[0]
	v := &templates.FlameCard{Name: b.Name, Facts: []templates.Fact{}, Links: []templates.Link{}}
	if b.Smaller > 0 {
		v.Name = count(b.Smaller) + " smaller frames below " + b.Name
	}
	fact := func(label, value, title string) {
		v.Facts = append(v.Facts, templates.Fact{Label: label, Value: value, Title: title})
	}
	for s, o := range g.sides {
		fact(o.series.Name, g.value(b.Total[s])+" · "+g.portion(b.Total[s], g.all(s))+" of all", g.per()+", with all that it calls")
	}
	if g.diff {
		base, other := g.compared(b)
		fact(map[bool]string{false: "difference", true: "difference, self"}[g.ofSelf(b)], g.signed(other-base)+g.relative(b), g.against())
	}
	for s, o := range g.sides {
		if b.Smaller == 0 {
			fact(o.series.Name+", self", g.value(b.Self[s]), "without what it calls")
		}
	}
	for s, o := range g.sides {
		fact(o.series.Name+", samples", o.exposure.samples(b.Count[s]), "the error is half of the 95 % interval that so many samples give")
	}
	if b.Noise {
		v.Noise = "The difference is within sampling noise."
	}
	if b.Smaller > 0 || b.Name == tree.Root {
		return v
	}
	if d.tree.Nameless(b.Node) {
		v.What = "It has no function name, so no filter finds it by one, and it has no lines."
		v.Links = g.turned(b.Name)
		return v
	}
	v.Links = g.cardLinks(b.Name)
	return v
}

// turned is the link that turns the graph around a frame; none where it is.
func (g grapher) turned(name string) []templates.Link {
	if g.lens.Pivot == name {
		return []templates.Link{}
	}
	return []templates.Link{g.choice("callers and callees", "callers above, callees below", false, func(l *lens) { l.Pivot, l.At, l.From = name, 0, 0 })}
}

// cardLinks lead from a function to its other views.
func (g grapher) cardLinks(name string) []templates.Link {
	links := []templates.Link{{Label: "lines of this function", URL: g.linesLink(func(l *lens) { l.Function = exactly(name) })}}
	links = append(links, g.turned(name)...)
	if tree.Clipped(name) {
		return links // no filter finds it by what is left of its name
	}
	hide := exactly(name)
	if g.lens.Hide != "" {
		hide = g.lens.Hide + "|" + hide
	}
	return append(links,
		g.choice("focus on it", "only samples that go through it", false, func(l *lens) { l.Focus = exactly(name) }),
		g.choice("hide it", "what it calls moves up to its callers", false, func(l *lens) { l.Hide, l.At, l.From, l.Pivot = hide, 0, 0, "" }),
	)
}

// table tells of the heaviest frames that are drawn, in the order of the picture.
func (g grapher) table(drawn []drawing) *templates.FlameTable {
	boxes := g.heaviest(drawn)
	v := &templates.FlameTable{Columns: make([]templates.Series, 0, len(g.sides)), Rows: make([]templates.FlameRow, 0, len(boxes))}
	for _, o := range g.sides {
		v.Columns = append(v.Columns, o.series)
	}
	v.Caption = "The same as a table: " + quantity.Plural(int64(len(boxes)), "frame", "frames")
	if len(boxes) == maxFrames {
		v.Caption = "The same as a table: the " + count(maxFrames) + " widest frames"
	}
	if g.diff {
		v.Against = g.against()
		if g.lens.Delta == string(flame.OfSelf) {
			v.Against += ", self"
		}
	}
	for _, b := range boxes {
		row := templates.FlameRow{Name: b.Name, Depth: b.Depth, Values: make([]templates.FlameValue, 0, len(g.sides))}
		if g.lens.Pivot == "" {
			row.URL = g.link(func(l *lens) { l.At, l.From = b.Hash, 0; atRoot(l, b.Node) })
		}
		for s := range g.sides {
			row.Values = append(row.Values, templates.FlameValue{Total: g.value(b.Total[s]), Self: g.value(b.Self[s]), Samples: samplesOf(b.Count[s], b.Total[s])})
		}
		if g.diff {
			row.Diff = g.difference(b)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// samplesOf is the number of samples behind a value; 0 behind one that is not 0 is not
// known.
func samplesOf(n int64, value float64) string {
	if n == 0 && value != 0 {
		return quantity.Missing
	}
	return quantity.Count(n)
}

// heaviest are the widest frames of the graphs, each once, in the order of the tree.
func (g grapher) heaviest(drawn []drawing) []*flame.Box {
	seen, boxes := map[uint64]bool{}, []*flame.Box{}
	for _, d := range drawn {
		for i := range d.view.Boxes {
			if b := &d.view.Boxes[i]; b.Smaller == 0 && !seen[b.Hash] {
				seen[b.Hash] = true
				boxes = append(boxes, b)
			}
		}
	}
	slices.SortStableFunc(boxes, func(a, b *flame.Box) int { return cmp.Compare(b.Width, a.Width) })
	boxes = boxes[:min(len(boxes), maxFrames)]
	slices.SortStableFunc(boxes, func(a, b *flame.Box) int { return cmp.Compare(a.Node, b.Node) })
	return boxes
}

func (g grapher) difference(b *flame.Box) templates.Difference {
	base, other := g.compared(b)
	d := other - base
	switch {
	case d == 0:
		return templates.Difference{Text: "·", Tone: templates.Unclear}
	case b.Noise:
		return templates.Difference{Text: "≈", Tone: templates.Unclear, Title: g.signed(d) + ", within sampling noise"}
	case d < 0:
		return templates.Difference{Text: g.signed(d), Tone: templates.Better, Title: g.relative(b)}
	}
	return templates.Difference{Text: g.signed(d), Tone: templates.Worse, Title: g.relative(b)}
}
