package web

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/sampling"
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
		exposure: exposure{total: opened.total, ops: ops, wall: row.Duration.Seconds(), sample: opened.sample, scale: 1, census: sampling.Of(opened.decoded, opened.sampleType).Census},
	}, nil
}

// newPanel puts profiles side by side in one unit and one mode: what the lens asks
// for, else the first that suits them. A mode that a side cannot give is refused with
// what is missing.
func newPanel(l lens, sides []side, path, anchor, loop string) (panel, error) {
	p := panel{lens: l, sides: sides, path: path, anchor: anchor, loop: loop}
	st := sides[0].decoded.SampleType[sides[0].sampleType]
	p.kind, p.unit, p.operation = st.Type, st.Unit, operationOf(sides)
	for _, o := range sides {
		p.census = p.census || o.exposure.census
	}
	if err := p.oneUnit(); err != nil {
		return p, err
	}
	alikeSamples(p.sides)
	if p.Mode = l.Mode; p.Mode == "" {
		p.Mode = p.suits()
	}
	if ok, why := p.offers(p.Mode); !ok && p.stock() { // a link that was made for another type
		p.Mode = p.suits()
	} else if !ok {
		return p, sentence(http.StatusUnprocessableEntity, "%s", why)
	}
	return p, nil
}

// oneUnit has the values of all sides count in one unit: nanoseconds, bytes, or that
// of the first.
func (p *panel) oneUnit() error {
	switch ns, bytes := unitOf(p.unit); {
	case ns > 0:
		p.unit = "nanoseconds"
	case bytes > 0:
		p.unit = "bytes"
	}
	for i := range p.sides {
		o := &p.sides[i]
		scale, ok := inUnitOf(o.decoded.SampleType[o.sampleType].Unit, p.unit)
		if !ok {
			return &unlikeKinds{[2]profiles.Profile{p.sides[0].row, o.row}, sentence(http.StatusUnprocessableEntity,
				"%s counts %s and %s counts %s, which cannot be compared: choose two profiles that count the same.",
				p.sides[0].row.ID, clip(typeOf(p.sides[0])), o.row.ID, clip(typeOf(*o)))}
		}
		o.exposure.scale = scale
		o.exposure.base = float64(p.sides[0].exposure.total) * p.sides[0].exposure.scale
	}
	return nil
}

// unlikeKinds is the error of two profiles that count different things.
type unlikeKinds struct {
	rows [2]profiles.Profile // base first
	error
}

func (u *unlikeKinds) Unwrap() error { return u.error }

// against heads the column of differences: of two profiles only.
func (p panel) against() string {
	if len(p.sides) != 2 {
		return ""
	}
	return p.sides[1].series.Name + " against " + p.sides[0].series.Name
}

// sums are what a side sums to, as recorded, whatever the mode and the filter: where
// two profiles are compared by their shares nothing else says that one is ten times
// as large.
func (p panel) sums(i int) []string {
	o, raw := p.sides[i], p.figure
	raw.Mode = Raw
	total := func(o side) float64 { return float64(o.net) * raw.factor(o.exposure) }
	text := raw.text(total(o))
	if p.unit == "count" || o.net == 0 {
		text = quantity.Count(o.net)
	}
	text += " " + raw.counted()
	if base := total(p.sides[0]); i > 0 && base > 0 {
		text += ", " + quantity.Change(total(o)/base)
	}
	facts := []string{text}
	if o.samples > 0 && !p.ofSamples() {
		facts = append(facts, quantity.Plural(o.samples, "sample", "samples"))
	}
	if o.exposure.ops > 0 {
		facts = append(facts, quantity.Plural(o.exposure.ops, p.operation, p.operation+"s"))
	}
	return facts
}

// ofDifferences reports whether a profile holds values below zero: it is the
// difference of two, and what it sums to says little.
func (o opened) ofDifferences() bool { return o.net != o.total }

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
