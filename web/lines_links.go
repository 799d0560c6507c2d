package web

import (
	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/templates"
)

// toggle is the view with an address opened, or closed when it is open; "" for one
// that is too long for a link.
func (w *lister) toggle(address string, open bool) string {
	list, ok := w.opens.toggled(address, open)
	if !ok {
		return ""
	}
	return w.link(func(l *lens) { l.Open = list })
}

// functionURL lists one function; "" for none.
func (w *lister) functionURL(function string) string {
	if function == "" {
		return ""
	}
	return w.link(func(l *lens) { l.Function, l.Whole, l.Open = exactly(function), "", nil })
}

// flameURL is the flame graph of the same profiles: on the comparison's page it
// stands there too, else on a page or a tab of its own.
func (w *lister) flameURL(change func(*lens)) string {
	plain := func(l *lens) {
		l.At, l.From, l.Pivot, l.Whole = 0, 0, "", ""
		if w.anchor == "" {
			l.Open, l.Order = nil, ""
		}
		if len(l.Cells) > 0 { // the graph is of two
			l.Socket, l.Base, l.Other = "", l.Cells[0], none
			if len(l.Cells) > 1 {
				l.Other = l.Cells[1]
			}
			l.Cells = nil
		}
		change(l)
	}
	if w.anchor != "" {
		return w.lens.with(plain).on(w.path, "flame")
	}
	return w.flameLink(plain)
}

func (w *lister) pivotURL(function string) string {
	if function == "" {
		return ""
	}
	return w.flameURL(func(l *lens) { l.Pivot = tree.Clip(function) })
}

// sheetLinks are the links of a sheet's head.
func (w *lister) sheetLinks(v *templates.Sheet, t *listed, alone bool) {
	if t.Function == "" {
		return
	}
	v.FlameURL = w.pivotURL(t.Function)
	if t.Captured && len(t.File) <= maxName {
		v.FileURL = w.link(func(l *lens) { l.Whole, l.Function, l.Open = t.File, "", nil })
	}
	if !alone {
		v.URL = w.functionURL(t.Function)
		return
	}
	dearer, cheaper := w.book.Neighbours(t.Function)
	v.Dearer, v.Cheaper = w.neighbour(dearer, "the function that costs a little more"), w.neighbour(cheaper, "the function that costs a little less")
}

func (w *lister) neighbour(function, title string) *templates.Link {
	if url := w.functionURL(function); url != "" {
		return &templates.Link{Label: cutText(shortName(function), 60), URL: url, Title: title + ": " + cutText(function, maxText)}
	}
	return nil
}
