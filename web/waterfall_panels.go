package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/templates"
)

// bothSides is the lens's Sum for client and server together.
const bothSides = "sides"

const waterfallTitle = "Where the difference comes from"

// parts is a profile split into parts; what says by what.
func (e *evidence) parts(o opened, what string, split func() []listing.Part) []listing.Part {
	const partBytes = 96
	parts, _ := cached(e.cache, "parts "+apart(fmt.Sprintf("%s %d", o.key, o.sampleType), what), func() ([]listing.Part, int64, error) {
		parts := split()
		return parts, int64(len(parts)) * partBytes, nil
	}) // never an error
	return parts
}

// side is whose profiles the panel shows.
func (p panel) side() profiles.Side { return p.lens.Side }

// waterfallOf is the panel around waterfalls; its links are those of p.
func (p panel) waterfallOf(falls []templates.Fall) *templates.Waterfall {
	v := &templates.Waterfall{
		Title: waterfallTitle, Hint: p.per() + ", step by step", Switches: []templates.Switch{}, Falls: falls, Filter: p.filter(),
		Note: "Grey: within sampling noise. ± is the sampling error, at 95 %. The last digits are rounded so that they add up.",
	}
	if p.Mode == Share && p.divided() != byCall && len(v.Filter.Active) == 0 {
		v.Note += " Shares always add up to no difference: what one gains the others lose."
	}
	switch p.divided() {
	case byLine:
		v.Hint = p.per() + ", by line of " + shortName(p.loop)
	case byCall:
		v.Hint = p.per() + ", by what " + clip(p.lens.Function) + " calls"
	}
	if p.anchor == "" {
		v.Search = &templates.Search{
			Action: p.path, Hidden: p.hidden("function"), Name: "function", Value: p.lens.Function,
			Label: "Function whose calls are the steps (regular expression)", Placeholder: "calls of (regexp)",
		}
		if _, v.Search.Error = compile(p.lens.Function); p.lens.Function != "" && v.Search.Error == "" {
			v.Search.Matched = "The steps are what " + clip(p.lens.Function) + " calls."
			v.Search.ClearURL = p.link(func(l *lens) { l.Function = "" })
		}
	}
	for _, f := range falls {
		if len(f.Steps) > 0 {
			return v
		}
	}
	v.Falls, v.Empty = []templates.Fall{}, "No sample is left to explain a difference with."
	if v.Search != nil && v.Search.Error != "" {
		v.Empty = v.Search.Error
	}
	return v
}

// waterfallPanel explains the difference of each other cell of the group to the
// base; nil while there is no profile or nothing to compare.
func (s *Server) waterfallPanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Waterfall, error) {
	group, err := r.group(l)
	if err != nil || group == nil {
		return nil, err
	}
	cells := group
	if len(group) > maxColumns || l.far() {
		if cells, err = r.pair(group, l); err != nil {
			return nil, err
		}
	}
	if len(cells) < 2 {
		return nil, nil
	}
	falls, first := []templates.Fall{}, panel{}
	for _, other := range cells[1:] {
		panels, err := s.pairOf(c.Request().Context(), r, []int{cells[0], other}, l, path, anchor)
		if err != nil || panels == nil {
			return nil, err
		}
		for i := range panels {
			panels[i].lines = scopeOf(c).comparison(r.Comparison.ID, "/lines")
		}
		if first.sides == nil {
			first = panels[0]
		}
		if l.Sum != bothSides || first.Mode != Share {
			falls = append(falls, s.faller(panels).view())
		}
	}
	first.lens = l
	v := first.waterfallOf(falls)
	if l.Sum == bothSides && first.Mode == Share {
		v.Empty = sharesDoNotAdd
	}
	if anchor == "" {
		v.Switches = append(v.Switches, r.dimensions(l, path, anchor)...)
	}
	if len(group) > maxColumns || anchor == "" && len(r.sets) > 1 {
		v.Chooser = r.chooser(cells, first, "waterfall")
	}
	v.Switches = append(v.Switches, sumSwitch(first), first.fallModes())
	full := scopeOf(c).comparison(r.Comparison.ID, "/waterfall")
	if anchor != "" {
		l.Function = "" // of the lines beside it
		v.FullURL = l.on(full, "")
	}
	v.FileURL = l.on(full+".svg", "")
	return v, nil
}

// waterfallOfTwo explains the difference of any two profiles.
func (s *Server) waterfallOfTwo(p panel) *templates.Waterfall {
	return p.waterfallOf([]templates.Fall{s.faller([]panel{p}).view()})
}

// pairOf makes the panels of two cells: of the lens's side, or of both that are
// added up; nil where a profile is missing.
func (s *Server) pairOf(ctx context.Context, r *report, cells []int, l lens, path, anchor string) ([]panel, error) {
	sides := []profiles.Side{l.Side}
	if l.Sum == bothSides {
		sides = []profiles.Side{profiles.Client, profiles.Server}
	}
	panels := []panel{}
	for _, side := range sides {
		own := l.with(func(l *lens) { l.Side = side })
		opened, err := s.sides(ctx, r, cells, own)
		if err != nil || opened == nil {
			return nil, err
		}
		p, err := newPanel(own, opened, path, anchor, r.spec.Workload.Function(side))
		if err != nil {
			return nil, err
		}
		panels = append(panels, p)
	}
	return panels, nil
}

// sharesDoNotAdd is why both sides have no waterfall of shares.
const sharesDoNotAdd = "The shares of two profiles do not add up: choose another unit, or one side."

// sumSwitch chooses whose CPU is explained.
func sumSwitch(p panel) templates.Switch {
	sw := templates.Switch{Label: "Side", Links: []templates.Link{}}
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		sw.Links = append(sw.Links, templates.Link{
			Label: string(side), Current: p.lens.Sum == "" && side == p.lens.Side,
			URL: p.link(func(l *lens) { l.Sum, l.Side, l.At, l.From, l.Pivot = "", side, 0, 0, "" }),
		})
	}
	return templates.Switch{Label: sw.Label, Links: append(sw.Links, templates.Link{
		Label: "both", Title: "client and server together", Current: p.lens.Sum == bothSides,
		URL: p.link(func(l *lens) {
			if l.Sum = bothSides; l.Mode == Share {
				l.Mode = ""
			}
		}),
	})}
}

// fallModes are the panel's modes; shares of two profiles do not add up.
func (p panel) fallModes() templates.Switch {
	sw := p.modes()
	for i, m := range Modes {
		if m == Share && p.lens.Sum == bothSides {
			sw.Links[i].Off = sharesDoNotAdd
		}
	}
	return sw
}

// waterfall is the difference of a comparison step by step, on a page of its own.
func (s *Server) waterfall(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	panel, err := s.waterfallPanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/waterfall"), "")
	if err != nil {
		return err
	}
	if panel == nil {
		panel = &templates.Waterfall{Title: waterfallTitle, Empty: noProfiles}
	}
	v := templates.WaterfallPage{ID: r.Comparison.ID, URL: scopeOf(c).comparison(r.Comparison.ID, ""), Heading: r.heading(), Waterfall: *panel, Views: r.views(c, l, "/waterfall")}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "waterfall · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.WaterfallFull(v))
}
