package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// cellsOf chooses the cells of the group that the lens names: all of them, or the
// base and the other that it asks for.
func (r *report) cellsOf(l lens) ([]int, error) {
	gs := r.groups()
	if l.Group >= len(gs) {
		return nil, sentence(http.StatusNotFound, "This comparison has no group %d of cells.", l.Group)
	}
	return gs[l.Group], nil
}

func (r *report) find(group []int, socket string) (int, error) {
	for _, i := range group {
		if r.Comparison.Cells[i].Socket == socket {
			return i, nil
		}
	}
	return 0, sentence(http.StatusNotFound, "The socket %q is not in this comparison: it has %v.", clip(socket), r.sockets())
}

// sides opens the merged profiles of some cells; nil when one is missing.
func (s *Server) sides(ctx context.Context, r *report, cells []int, l lens) ([]side, error) {
	sides := []side{}
	for _, i := range cells {
		p, ok := r.merged(i, l.Side, l.Kind)
		if !ok {
			return nil, nil
		}
		o, err := s.openSide(ctx, p, l.Type, 0, r.series(i))
		if err != nil {
			return nil, err
		}
		sides = append(sides, o)
	}
	return sides, nil
}

func sideSwitch(l lens, path, anchor string) templates.Switch {
	sw := templates.Switch{Label: "Side", Links: []templates.Link{}}
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		sw.Links = append(sw.Links, templates.Link{
			Label: string(side), Current: side == l.Side,
			URL: l.with(func(l *lens) { l.Side, l.At, l.From, l.Pivot = side, 0, 0, "" }).on(path, anchor),
		})
	}
	return sw
}

// linesPanel lists the loop, or a function, of all cells of the group; nil while
// there is no profile.
func (s *Server) linesPanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Lines, error) {
	cells, err := r.cellsOf(l)
	if err != nil {
		return nil, err
	}
	if l.Socket != "" && anchor == "" {
		i, err := r.find(cells, l.Socket)
		if err != nil {
			return nil, err
		}
		cells = []int{i}
	}
	sides, err := s.sides(c.Request().Context(), r, cells, l)
	if err != nil || sides == nil {
		return nil, err
	}
	p, err := newPanel(l, sides, path, anchor, r.spec.Workload.Function(l.Side))
	if err != nil {
		return nil, err
	}
	v := p.linesOf()
	v.Switches = append(v.Switches, sideSwitch(l, path, anchor), p.modes())
	return v, nil
}

// flamePanel draws the difference of two cells, or one of them; nil while there is
// no profile.
func (s *Server) flamePanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Flame, error) {
	group, err := r.cellsOf(l)
	if err != nil {
		return nil, err
	}
	cells := []int{group[0]}
	switch {
	case l.Socket != "":
		cells[0], err = r.find(group, l.Socket)
	case l.Base != "" || l.Other != "" || len(group) > 1:
		cells, err = r.pair(group, l)
	}
	if err != nil {
		return nil, err
	}
	sides, err := s.sides(c.Request().Context(), r, cells, l)
	if err != nil || sides == nil {
		return nil, err
	}
	p, err := newPanel(l, sides, path, anchor, r.spec.Workload.Function(l.Side))
	if err != nil {
		return nil, err
	}
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return nil, err
	}
	v.Switches = slices.Concat([]templates.Switch{r.what(group, cells, p), sideSwitch(l, path, anchor)}, v.Switches, []templates.Switch{p.modes()})
	return v, nil
}

// pair are the base and the other that the lens names, by default the group's base
// and the first other.
func (r *report) pair(group []int, l lens) ([]int, error) {
	base, other := group[0], group[min(1, len(group)-1)]
	var err error
	if l.Base != "" {
		if base, err = r.find(group, l.Base); err != nil {
			return nil, err
		}
	}
	if l.Other != "" {
		if other, err = r.find(group, l.Other); err != nil {
			return nil, err
		}
	}
	if base == other {
		return []int{base}, nil
	}
	return []int{base, other}, nil
}

// what switches between the difference to each other socket and each socket alone.
func (r *report) what(group, shown []int, p panel) templates.Switch {
	sw := templates.Switch{Label: "Graph", Links: []templates.Link{}}
	for _, i := range group[1:] {
		socket := r.Comparison.Cells[i].Socket
		label := "difference"
		if len(group) > 2 {
			label = socket + " − " + r.Comparison.Base
		}
		sw.Links = append(sw.Links, templates.Link{
			Label: label, Current: len(shown) == 2 && shown[1] == i,
			URL: p.link(func(l *lens) { l.Socket, l.Base, l.Other = "", "", socket; r.plain(l, group) }),
		})
	}
	for _, i := range group {
		socket := r.Comparison.Cells[i].Socket
		sw.Links = append(sw.Links, templates.Link{
			Label: socket, Current: len(shown) == 1 && shown[0] == i,
			URL: p.link(func(l *lens) { l.Socket, l.Base, l.Other = socket, "", "" }),
		})
	}
	return sw
}

// plain leaves out of a link what is the default.
func (r *report) plain(l *lens, group []int) {
	if len(group) > 1 && l.Other == r.Comparison.Cells[group[1]].Socket {
		l.Other = ""
	}
}
