package web

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// singleProfile is a profile as one file: flame graph, functions, lines.
func (s *Server) singleProfile(c echo.Context) error {
	p, err := s.profilePanel(c, lensOf)
	if err != nil {
		return err
	}
	row := p.sides[0].row
	return s.single(c, row.ID, func(boxes int) (templates.SinglePage, error) {
		v := templates.SinglePage{
			Heading: s.profileHeading(c, row), Meta: s.profileMeta(row), Source: s.source(c, p.lens.on(p.path, "")),
		}
		v.Body.Notices = s.profileNotices(c.Request().Context(), p.sides[0])
		v.Body.Facts, v.Body.Commands = s.profileFacts(c, p), s.profileCommands(c, row)
		return v, s.viewsOf(c.Request().Context(), p, boxes, &v)
	})
}

// singleDiff is the difference of two profiles as one file.
func (s *Server) singleDiff(c echo.Context) error {
	page, p, err := s.diffOf(c)
	if err != nil {
		return err
	}
	name := p.sides[0].row.ID + "-" + p.sides[1].row.ID + ".diff"
	return s.single(c, name, func(boxes int) (templates.SinglePage, error) {
		v := templates.SinglePage{Heading: page.Heading, Meta: []string{}, Source: s.source(c, p.lens.on(p.path, ""))}
		v.Body.Sides = []templates.DiffSide{page.Base, page.Other}
		v.Body.Warnings, v.Body.Commands = page.Warnings, page.Commands
		return v, s.viewsOf(c.Request().Context(), p, boxes, &v)
	})
}

// viewsOf are all views of a panel: the graph, that of each side of a difference,
// the functions and the lines.
func (s *Server) viewsOf(ctx context.Context, p panel, boxes int, v *templates.SinglePage) error {
	v.Title = v.Heading.Plain() + " · sockscope"
	p.lens = p.lens.whole()
	shown := []panel{p}
	if len(p.sides) == 2 {
		base, other := p, p
		base.sides, other.sides = p.sides[:1], p.sides[1:]
		shown = append(shown, base, other)
	}
	for i, q := range shown {
		q.lens.boxes = boxes / len(shown)
		flame, err := s.flameOf(ctx, q)
		if err != nil {
			return err
		}
		name := q.against()
		if name == "" {
			name = q.sides[0].series.Name
		}
		v.Body.Flames = append(v.Body.Flames, singleFlame(i+1, name, flame))
	}
	v.Body.Top = p.topOf()
	lines, err := p.linesOf()
	if err != nil {
		return err
	}
	if len(lines.Sheets) > 0 {
		v.Body.Lines = append(v.Body.Lines, *lines)
	}
	return nil
}
