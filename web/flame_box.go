package web

import (
	"strings"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// phrases remembers figures in words: thousands of boxes have the same few.
type phrases struct {
	samples map[int64]string
	values  map[float64]string
	shares  map[float64]string
	facts   map[int]string // by node, of frames: a pair shows each twice
}

func newPhrases() phrases {
	return phrases{map[int64]string{}, map[float64]string{}, map[float64]string{}, map[int]string{}}
}

func remember[K comparable](known map[K]string, key K, write func(K) string) string {
	text, ok := known[key]
	if !ok {
		text = write(key)
		known[key] = text
	}
	return text
}

func (g grapher) value(v float64) string { return remember(g.words.values, v, g.text) }
func (g grapher) share(v float64) string { return remember(g.words.shares, v, quantity.Percent) }
func (g grapher) samples(n int64) string {
	return remember(g.words.samples, n, g.sides[0].exposure.samples)
}

func (g grapher) portion(v, all float64) string {
	if all == 0 {
		return "·"
	}
	return g.share(v / all)
}

// box is what is drawn of a layout's box.
func (g grapher) box(b *flame.Box, t *tree.Tree) templates.FlameBox {
	v := templates.FlameBox{
		X: b.X, Width: b.Width, Depth: b.Depth, Smaller: b.Smaller, Fill: g.fill(*b, t),
		Matched: b.Matched, Dim: g.search != nil && !b.Matched || b.Dim && !b.Matched,
		New: b.New && g.diff, Gone: b.Gone && g.diff,
	}
	if b.Smaller > 0 {
		v.Name = count(b.Smaller) + " smaller"
		v.Facts = g.facts(b)
		return v
	}
	v.Name = shortName(b.Name)
	if v.Name != b.Name {
		v.Full = b.Name
	}
	facts, ok := g.words.facts[b.Node]
	if !ok {
		facts = g.facts(b)
		if g.pair() && g.lens.Pivot == "" {
			g.words.facts[b.Node] = facts
		}
	}
	v.Facts = facts
	return v
}

// facts are the lines of the tooltip below the name.
func (g grapher) facts(b *flame.Box) string {
	var s strings.Builder
	s.Grow(160)
	add := func(texts ...string) {
		for _, text := range texts {
			s.WriteString(text)
		}
	}
	all := g.all(0)
	if !g.diff {
		add(g.value(b.Total[0]), " · ", g.portion(b.Total[0], all), " of all")
		if b.Smaller == 0 {
			add(" · self ", g.value(b.Self[0]))
		}
		add("\n", g.samples(b.Count[0]))
		return s.String()
	}
	add(g.sides[0].series.Name, " ", g.value(b.Total[0]), " · ", g.sides[1].series.Name, " ", g.value(b.Total[1]), " · ")
	if g.ofSelf(b) {
		add("self ")
	}
	base, other := g.compared(b)
	add(g.signed(other-base), g.relative(b))
	add("\n", g.portion(b.Total[0], all), " and ", g.portion(b.Total[1], g.all(1)), " of all")
	if b.Smaller == 0 {
		add(" · self ", g.value(b.Self[0]), " and ", g.value(b.Self[1]))
	}
	if b.Count[0] > 0 || b.Count[1] > 0 {
		add("\n", quantity.Count(b.Count[0]), " and ", quantity.Count(b.Count[1]), " samples")
		if b.Noise {
			add(" · within sampling noise")
		}
	}
	return s.String()
}

// all is what a whole profile has in the figures of the graph, whatever is filtered
// out of it and whatever function the graph is turned around.
func (g grapher) all(side int) float64 {
	return float64(g.sides[side].exposure.total) * usable([]float64{g.scale.Base, g.scale.Other}[side])
}

// ofSelf reports whether the change of a box is that of its self value.
func (g grapher) ofSelf(b *flame.Box) bool {
	return g.lens.Delta == string(flame.OfSelf) && b.Smaller == 0
}

// compared are the figures that the change of a box is of.
func (g grapher) compared(b *flame.Box) (base, other float64) {
	if g.ofSelf(b) {
		return b.Self[0], b.Self[1]
	}
	return b.Total[0], b.Total[1]
}

// relative is the change in parts of the base's value, in brackets.
func (g grapher) relative(b *flame.Box) string {
	base, other := g.compared(b)
	switch {
	case b.New:
		return " (new)"
	case b.Gone:
		return " (gone)"
	case base != 0:
		return " (" + quantity.Change(other/base) + ")"
	}
	return ""
}

// usable is the factor that a layout uses for one that is not known.
func usable(scale float64) float64 {
	if scale > 0 {
		return scale
	}
	return 1
}
