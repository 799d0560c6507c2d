package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// singleComparison is a comparison that has ended as one file.
func (s *Server) singleComparison(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	if !r.Comparison.State.Final() {
		return sentence(http.StatusConflict, "%s is still %s: save it when it has ended.", r.Comparison.ID, r.Comparison.State)
	}
	return s.single(c, r.Comparison.ID, func(boxes int) (templates.SinglePage, error) {
		return s.comparisonFile(c, r, l, boxes)
	})
}

func (s *Server) comparisonFile(c echo.Context, r *report, l lens, boxes int) (templates.SinglePage, error) {
	page := scopeOf(c).comparison(r.Comparison.ID, "")
	v := templates.SinglePage{
		Heading: r.heading(), Meta: r.meta(s.fingerprint(r)), State: stateView(r.Comparison), Source: s.source(c, l.on(page, "")),
	}
	v.Title = v.Heading.Plain() + " · sockscope"
	v.Body.Notices = s.notices(r)
	v.Body.Hosts = s.hostParts(c.Request().Context(), r, false)
	if r.Comparison.State == profiles.Failed {
		v.Body.Failure = &templates.Failure{Sentence: r.Comparison.Failure}
	}
	if len(r.Runs) == 0 {
		return v, nil
	}
	a, err := s.answer(c, r, l)
	if err != nil {
		return v, err
	}
	v.Body.Commands, v.Body.Absent = a.Commands, a.Absent
	a.Commands, a.Absent, a.Lines, a.Flame = nil, nil, nil, nil
	v.Body.Answer = a
	return v, s.panelsOf(c, r, l, boxes, &v.Body)
}

// panelsOf adds the lines and the flame graphs of client and server: the difference,
// and each side of it.
func (s *Server) panelsOf(c echo.Context, r *report, l lens, boxes int, v *templates.SingleBody) error {
	group, err := r.group(l)
	if err != nil || group == nil {
		return err
	}
	shown, err := r.pair(group, l)
	if err != nil {
		return err
	}
	l = l.whole()
	page := scopeOf(c).comparison(r.Comparison.ID, "")
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		l.Side = side
		lines, err := s.linesPanel(c, r, l, page, "lines")
		if err != nil {
			return err
		}
		if lines != nil && len(lines.Sheets) > 0 {
			lines.Title += " of the " + string(side)
			v.Lines = append(v.Lines, *lines)
		}
	}
	names := []string{r.series(shown[0]).Name}
	if len(shown) == 2 {
		names = []string{r.series(shown[1]).Name + " against " + names[0], names[0], r.series(shown[1]).Name}
	}
	for n, name := range names {
		for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
			at := l
			at.Side, at.boxes = side, boxes/(2*len(names)) // half for each side of the socket
			if len(names) > 1 && n > 0 {
				at.Socket, at.Base, at.Other = r.address(shown[n-1], l.Group), "", ""
			}
			flame, err := s.flamePanel(c, r, at, page, "flame")
			if err != nil {
				return err
			}
			if flame != nil {
				v.Flames = append(v.Flames, singleFlame(len(v.Flames)+1, string(side)+" · "+name, flame))
			}
		}
	}
	return nil
}
