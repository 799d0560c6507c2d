package web

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// side is one profile of a panel, ready to be computed upon.
type side struct {
	opened
	top      func() []listing.Function
	index    func() *listing.Index
	series   templates.Series
	exposure exposure
}

// panel is what the flame graph, the lines and the top table of a page share:
// which profiles, in which figures, seen through which lens, with links to where.
type panel struct {
	lens  lens
	sides []side // base first
	figure
	path   string // of the page that its links lead to
	anchor string // of this panel on that page; "" when it is the page
	lines  string // where the lines are listed; "" for a tab of the path itself
	flame  string // where the flame graph is; "" for a tab
	loop   string // the workload's function; "" for a profile that has none
	// linesPath and flamePath are the pages of these views; "" where they are tabs of
	// this one.
	linesPath, flamePath string
	alone                bool // its flame graph leads to each side alone
}

// linesLink is the address of the lines of the same profiles.
func (p panel) linesLink(change func(*lens)) string {
	return p.elsewhere(p.linesPath, "lines", func(l *lens) {
		l.At, l.From, l.Pivot, l.Search, l.Graphs = 0, 0, "", "", ""
		change(l)
	})
}

// flameLink is the address of the flame graph of the same profiles.
func (p panel) flameLink(change func(*lens)) string { return p.elsewhere(p.flamePath, "", change) }

func (p panel) elsewhere(path, tab string, change func(*lens)) string {
	l := p.lens.with(change)
	if path != "" {
		l.Tab = ""
		return l.on(path, "")
	}
	l.Tab = tab
	return l.on(p.path, p.anchor)
}

// link is the address of the panel after a change of the lens.
func (p panel) link(change func(*lens)) string { return p.lens.with(change).on(p.path, p.anchor) }

// openSide makes a stored profile ready, seen through the lens. ops is what somebody
// typed for a profile that does not know its own; 0 for nothing.
func (s *Server) openSide(ctx context.Context, row profiles.Profile, l lens, ops int64, series templates.Series) (side, error) {
	look, _ := lookOf(l.params()) // what is wrong stands beside the field
	opened, err := s.openRow(ctx, row, l.Type, look)
	if err != nil {
		return side{}, err
	}
	if row.Ops > 0 {
		ops = row.Ops
	}
	return side{
		opened: opened, series: series,
		top:      func() []listing.Function { return s.evidence.top(opened) },
		index:    func() *listing.Index { return s.evidence.index(opened) },
		exposure: exposure{total: opened.total, ops: ops, wall: row.Duration.Seconds(), sample: opened.sample},
	}, nil
}

// newPanel chooses the mode: what the lens asks for, else per operation where all
// sides know their operations, else the share. A mode that a side cannot give is
// refused with what is missing.
func newPanel(l lens, sides []side, path, anchor, loop string) (panel, error) {
	p := panel{lens: l, sides: sides, path: path, anchor: anchor, loop: loop}
	st := sides[0].decoded.SampleType[sides[0].sampleType]
	p.kind, p.unit = st.Type, st.Unit
	for _, o := range sides[1:] {
		if unit := o.decoded.SampleType[o.sampleType].Unit; unit != p.unit {
			return p, sentence(http.StatusUnprocessableEntity, "One profile counts in %s and the other in %s, so they cannot be compared.", clip(p.unit), clip(unit))
		}
	}
	alikeSamples(p.sides)
	p.Mode = l.Mode
	if p.Mode == "" {
		p.Mode = Share
		if ok, _ := p.offers(PerOp); ok {
			p.Mode = PerOp
		} else if len(sides) == 1 {
			p.Mode = Raw
		}
	}
	if ok, why := p.offers(p.Mode); !ok {
		return p, sentence(http.StatusUnprocessableEntity, "%s", why)
	}
	return p, nil
}

// alikeSamples takes a sample of a profile that has none for one of those beside it.
func alikeSamples(sides []side) {
	known := 0.0
	for _, o := range sides {
		known = max(known, o.exposure.sample)
	}
	for i := range sides {
		if e := &sides[i].exposure; e.total == 0 {
			e.sample = known
		}
	}
}

// offers reports whether all sides know what the mode divides by, and if not, why.
func (p panel) offers(m Mode) (ok bool, why string) {
	for _, o := range p.sides {
		switch {
		case m == PerOp && o.exposure.ops <= 0:
			return false, o.row.ID + " does not say how many operations ran while it was taken."
		case m == Cores && (o.exposure.wall <= 0 || p.kind != "cpu" || p.unit != "nanoseconds"):
			return false, o.row.ID + " does not say how long it was taken, or counts no CPU time."
		}
	}
	return true, ""
}

var modeLabels = map[Mode]string{PerOp: "per request", Share: "share", Cores: "cores", Raw: "raw"}

func (p panel) modes() templates.Switch {
	sw := templates.Switch{Label: "Unit", Links: []templates.Link{}}
	for _, m := range Modes {
		link := templates.Link{Label: modeLabels[m], URL: p.link(func(l *lens) { l.Mode = m }), Current: m == p.Mode}
		if ok, why := p.offers(m); !ok {
			link.Off = why
		}
		sw.Links = append(sw.Links, link)
	}
	return sw
}

// types switches between the sample types of the first side. What the other side does
// not have is not offered.
func (p panel) types() templates.Switch {
	sw := templates.Switch{Label: "Sample type", Links: []templates.Link{}}
	names := typeNames(p.sides[0].decoded)
	for i, st := range p.sides[0].decoded.SampleType {
		name := names[i]
		if n, err := sampleType(p.sides[0].decoded, st.Type); err == nil && n == i && st.Type != "" {
			name = st.Type // as short as it is clear
		}
		link := templates.Link{
			Label: clip(strings.ReplaceAll(first(st.Type, "no name"), "_", " ")), Title: "counted in " + clip(first(st.Unit, "no unit")), Current: i == p.sides[0].sampleType,
			URL: p.link(func(l *lens) { l.Type, l.At, l.From = name, 0, 0 }),
		}
		for _, o := range p.sides[1:] {
			if _, err := sampleType(o.decoded, names[i]); err != nil {
				link.Off = o.row.ID + " does not count " + clip(names[i])
			}
		}
		sw.Links = append(sw.Links, link)
	}
	return sw
}

// against heads the column of differences: of two profiles only.
func (p panel) against() string {
	if len(p.sides) != 2 {
		return ""
	}
	return p.sides[1].series.Name + " against " + p.sides[0].series.Name
}

// hidden is the lens as form fields, but for those that the form asks for.
func (p panel) hidden(but ...string) []templates.Hidden {
	fields := []templates.Hidden{}
	params := p.lens.params()
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if slices.Contains(but, name) || name == "at" || name == "from" {
			continue
		}
		for _, v := range params[name] {
			fields = append(fields, templates.Hidden{Name: name, Value: v})
		}
	}
	return fields
}

func count(n int) string { return quantity.Count(int64(n)) }
