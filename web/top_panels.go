package web

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// topPanel lists the functions of all cells of the group, or of those that the lens
// names; nil while there is no profile.
func (s *Server) topPanel(c echo.Context, r *report, l lens, path string) (*templates.TopTable, error) {
	group, err := r.group(l)
	if err != nil || group == nil {
		return nil, err
	}
	cells := group
	switch {
	case l.Socket != "":
		cells, err = r.single(l, l.Socket)
	case len(group) > maxColumns || l.Base != "" || l.Other != "":
		cells, err = r.pair(group, l)
	}
	if err != nil {
		return nil, err
	}
	sides, err := s.sides(c.Request().Context(), r, cells, l)
	if err != nil || sides == nil {
		return nil, err
	}
	p, err := newPanel(l, sides, path, "", r.spec.Workload.Function(l.Side))
	if err != nil {
		return nil, err
	}
	p.lines, p.flame = scopeOf(c).comparison(r.Comparison.ID, "/lines"), scopeOf(c).comparison(r.Comparison.ID, "/flame")
	v := p.topOf()
	v.Switches = append(r.dimensions(l, path, ""), v.Switches...)
	if len(group) > maxColumns || len(r.sets) > 1 {
		v.Chooser = r.chooser(cells, p, "top")
	}
	v.Switches = slices.Concat(v.Switches, []templates.Switch{sideSwitch(l, path, "")}, r.kindSwitch(cells, l, path, ""), []templates.Switch{p.modes()})
	return v, nil
}

// top is the functions of a comparison by cost, on a page of its own.
func (s *Server) top(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	panel, err := s.topPanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/top"))
	if err != nil {
		return err
	}
	if panel == nil {
		panel = &templates.TopTable{Empty: noProfiles}
	}
	v := templates.TopPage{ID: r.Comparison.ID, URL: scopeOf(c).comparison(r.Comparison.ID, ""), Heading: r.heading(), Top: *panel, Views: r.views(c, l, "/top")}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "top functions · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.TopFull(v))
}
