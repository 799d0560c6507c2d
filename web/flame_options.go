package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/flame"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// views are the choices of what is drawn and how.
func (g grapher) views(v *templates.Flame, t *tree.Tree) {
	v.Options = []templates.Switch{}
	if len(g.whole) == 2 {
		v.Options = append(v.Options, g.graphs())
	}
	v.Options = append(v.Options, g.direction(), g.orientation())
	if g.diff {
		v.Options = append(v.Options, g.onlySwitch(t))
	}
	v.Options = append(v.Options, g.colours())
	if g.colour() == byDifference {
		v.Options = append(v.Options, g.deltas())
	}
}

// choice is a link that sets one part of the lens.
func (g grapher) choice(label, title string, current bool, change func(*lens)) templates.Link {
	return templates.Link{Label: label, Title: title, Current: current, URL: g.link(change)}
}

func (g grapher) graphs() templates.Switch {
	now := g.lens.Graphs
	set := func(to string) func(*lens) { return func(l *lens) { l.Graphs, l.From = to, 0 } }
	sw := templates.Switch{Label: "Graphs", Links: []templates.Link{
		g.choice("one", "both profiles merged: each frame stands once, as wide as in both together", now == "", set("")),
		g.choice("two", "one under the other, on one scale", now == "pair", set("pair")),
	}}
	if g.alone {
		for i, to := range []string{"base", "other"} {
			sw.Links = append(sw.Links, g.choice(g.whole[i].series.Name, "this profile alone", now == to, set(to)))
		}
	}
	return sw
}

func (g grapher) direction() templates.Switch {
	around := g.loop
	if g.lens.Pivot != "" {
		around = g.lens.Pivot
	}
	sandwich := g.choice("callers and callees", "", g.lens.Pivot != "", func(l *lens) { l.Pivot, l.At, l.From = around, 0, 0 })
	switch {
	case around == "":
		sandwich.Off = "zoom to a function first: its card leads to its callers and callees"
	default:
		sandwich.Title = "callers above, callees below " + around
	}
	return templates.Switch{Label: "Direction", Links: []templates.Link{
		g.choice("callees", "what calls what, from the root on", g.lens.Pivot == "", func(l *lens) { l.Pivot = "" }), sandwich,
	}}
}

func (g grapher) orientation() templates.Switch {
	sw := templates.Switch{Label: "Root", Links: []templates.Link{
		g.choice("above", "icicle: callers above what they call", g.lens.Orient == "", func(l *lens) { l.Orient = "" }),
		g.choice("below", "flame: callers below what they call", g.lens.Orient == "flame", func(l *lens) { l.Orient = "flame" }),
	}}
	if g.lens.Pivot != "" {
		for i := range sw.Links {
			sw.Links[i].Off = "callers stand above and callees below the function"
		}
	}
	return sw
}

func (g grapher) onlySwitch(t *tree.Tree) templates.Switch {
	marks := g.evidence.marks(g.key(), t, g.scale, flame.Delta(g.lens.Delta))
	base, other := g.sides[0].series.Name, g.sides[1].series.Name
	sw := templates.Switch{Label: "Frames", Links: []templates.Link{g.choice("all", "", g.lens.Only == "", func(l *lens) { l.Only, l.From = "", 0 })}}
	for _, o := range []struct {
		only  flame.Only
		title string
	}{
		{flame.Changed, "their difference is beyond sampling noise"}, {flame.New, "only " + other + " has them"}, {flame.Gone, "only " + base + " has them"},
	} {
		link := g.choice(string(o.only)+" "+count(marks.Count(o.only)), o.title, g.lens.Only == string(o.only), func(l *lens) { l.Only, l.From = string(o.only), 0 })
		sw.Links = append(sw.Links, link)
	}
	return sw
}

func (g grapher) colours() templates.Switch {
	sw := templates.Switch{Label: "Colour", Links: []templates.Link{}}
	add := func(name, title, otherwise string) {
		to := name
		if name == otherwise {
			to = ""
		}
		sw.Links = append(sw.Links, g.choice(name, title, g.colour() == name, func(l *lens) { l.Colour = to }))
	}
	otherwise := byPackage
	if g.diff {
		otherwise = byDifference
		add(byDifference, "less or more than over "+g.sides[0].series.Name, otherwise)
	}
	add(byPackage, "of the function", otherwise)
	add(byLayer, "user code, libraries, runtime, system calls, kernel", otherwise)
	return sw
}

func (g grapher) deltas() templates.Switch {
	return templates.Switch{Label: "Change of", Links: []templates.Link{
		g.choice("total", "the frame with all that it calls", g.lens.Delta == "", func(l *lens) { l.Delta = "" }),
		g.choice("self", "the frame without what it calls", g.lens.Delta == string(flame.OfSelf), func(l *lens) { l.Delta = string(flame.OfSelf) }),
	}}
}

// nothing is why a filter leaves nothing to draw below the zoomed frame; "" when it
// leaves something.
func (g grapher) nothing(view flame.View) string {
	if !g.diff || g.lens.Only == "" || len(view.Boxes) > 1 || view.Boxes[0].Depth == 0 && !view.Boxes[0].Dim {
		return ""
	}
	base, other, where := g.sides[0].series.Name, g.sides[1].series.Name, ""
	if g.lens.At != 0 && !view.Missing {
		where = " below " + shortName(view.Boxes[0].Name)
	}
	switch flame.Only(g.lens.Only) {
	case flame.New:
		return fmt.Sprintf("No frame%s is new: %s has each that %s has.", where, base, other)
	case flame.Gone:
		return fmt.Sprintf("No frame%s is gone: %s has each that %s has.", where, other, base)
	}
	return "No frame" + where + " differs beyond sampling noise."
}

// matched is what a search found: its share of each side.
func (g grapher) matched(views []flame.View) string {
	view := views[0]
	functions := quantity.Plural(int64(view.MatchedNames), "function", "functions")
	if !g.diff {
		return quantity.Percent(view.Matched) + " of the width matches, in " + functions
	}
	parts := []string{}
	for s, o := range g.sides {
		share := 0.0
		if whole := view.Boxes[0].Total[s]; whole != 0 {
			share = view.MatchedTotal[s] / whole
		}
		parts = append(parts, quantity.Percent(share)+" of "+o.series.Name)
	}
	return strings.Join(parts, " and ") + " matches, in " + functions + g.ofWhat()
}

// ofWhat says what the shares of a search are of, where that is not a whole profile.
func (g grapher) ofWhat() string {
	switch {
	case g.lens.Pivot != "":
		return ", of what goes through " + shortName(g.lens.Pivot)
	case g.lens.At != 0:
		return ", of the frame that is shown"
	case len(g.filter().Active) > 0:
		return ", of what the filter leaves"
	}
	return ""
}

// zoomURL is an address to which the value of one parameter is yet to be added.
func zoomURL(l lens, path, param string) string {
	q := l.params()
	q.Del(param)
	q.Del("from")
	return path + "?" + rest(q) + param + "="
}

func rest(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return q.Encode() + "&"
}

// withParam is an address to which the value of a parameter that it does not have
// is yet to be added.
func withParam(address, param string) string {
	address, _, _ = strings.Cut(address, "#")
	if strings.Contains(address, "?") {
		return address + "&" + param + "="
	}
	return address + "?" + param + "="
}

// count0 is a number as links write it.
func count0(n int) string { return strconv.Itoa(n) }
