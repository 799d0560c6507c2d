package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// maxColumns is how many cells one listing shows side by side where none are chosen.
// Of larger groups it shows two.
const maxColumns = 4

// group is the group that the lens names; nil for a comparison that has none.
func (r *report) group(l lens) ([]int, error) {
	if len(r.sets) == 0 {
		return nil, nil
	}
	if l.Group >= len(r.sets) {
		return nil, sentence(http.StatusNotFound, "This comparison has no group %d of cells.", l.Group)
	}
	return r.sets[l.Group], nil
}

// sides opens the merged profiles of some cells; nil when one is missing.
func (s *Server) sides(ctx context.Context, r *report, cells []int, l lens) ([]side, error) {
	sides := []side{}
	far := slices.ContainsFunc(cells, func(i int) bool { return r.groupOf(i) != l.Group })
	for _, i := range cells {
		p, ok := r.merged(i, l.Side, l.Kind)
		if !ok && l.Kind == profiles.Kernel {
			return nil, sentence(http.StatusNotFound, "%s has no kernel-deep profile; its warnings say why none could be taken.", r.label(i))
		}
		if !ok {
			return nil, nil
		}
		series := r.series(i)
		if far {
			series = r.full(i)
		}
		o, err := s.openSide(ctx, p, l, 0, series)
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

// kindSwitch chooses between Go's profiles and those that go down into the kernel;
// none where the cells have no such.
func (r *report) kindSwitch(cells []int, l lens, path, anchor string) []templates.Switch {
	for _, i := range cells {
		if _, ok := r.merged(i, l.Side, profiles.Kernel); !ok {
			return nil
		}
	}
	sw := templates.Switch{Label: "Profile", Links: []templates.Link{}}
	for _, kind := range []struct {
		kind         profiles.Kind
		label, title string
	}{
		{profiles.Go, "Go", "Go's own CPU profile: 100 samples a second, a system call is one frame"},
		{profiles.Kernel, "Go + kernel", "sampled down into the kernel, 997 times a second: what the system calls do"},
	} {
		sw.Links = append(sw.Links, templates.Link{
			Label: kind.label, Title: kind.title, Current: kind.kind == l.Kind,
			URL: l.with(func(l *lens) { l.Kind, l.At, l.From, l.Open = kind.kind, 0, 0, nil }).on(path, anchor),
		})
	}
	return []templates.Switch{sw}
}

// linesPanel lists the loop, or a function, of all cells of the group, or of those
// that the lens names; nil while there is no profile.
func (s *Server) linesPanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Lines, error) {
	group, err := r.group(l)
	if err != nil || group == nil {
		return nil, err
	}
	cells, err := r.columns(group, l, anchor == "")
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
	p.flamePath = scopeOf(c).comparison(r.Comparison.ID, "/flame")
	v, err := p.linesOf()
	if err != nil {
		return nil, err
	}
	if anchor == "" {
		v.Switches = append(v.Switches, r.dimensions(l, path, anchor)...)
	}
	v.Cells = r.cellChooser(cells, p)
	v.Switches = slices.Concat(v.Switches, []templates.Switch{sideSwitch(l, path, anchor)}, r.kindSwitch(cells, l, path, anchor), []templates.Switch{p.modes()})
	return v, nil
}

// flamePanel draws the difference of two cells, or one of them; nil while there is
// no profile.
func (s *Server) flamePanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Flame, error) {
	group, err := r.group(l)
	if err != nil || group == nil {
		return nil, err
	}
	var cells []int
	if l.Socket != "" {
		cells, err = r.single(l, l.Socket)
	} else {
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
	p.linesPath = scopeOf(c).comparison(r.Comparison.ID, "/lines")
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return nil, err
	}
	v.FileURL = l.on(scopeOf(c).comparison(r.Comparison.ID, "/flame.svg"), "")
	own := []templates.Switch{}
	if anchor == "" {
		own = r.dimensions(l, path, anchor)
	}
	if len(group) > maxColumns || anchor == "" && len(r.sets) > 1 {
		v.Chooser = r.chooser(cells, p, "flame")
	} else {
		own = append(own, r.what(group, cells, p))
	}
	v.Switches = slices.Concat(own, []templates.Switch{sideSwitch(l, path, anchor)}, r.kindSwitch(cells, l, path, anchor), v.Switches, []templates.Switch{p.modes()})
	return v, nil
}

// far reports whether a cell of another group is asked for.
func (l lens) far() bool { return strings.Contains(l.Base+l.Other, "@") }

func (r *report) single(l lens, address string) ([]int, error) {
	i, err := r.find(l.Group, address)
	return []int{i}, err
}

// pair are the base and the other that the lens names, by default the group's base
// and the first other; one cell where there is no other.
func (r *report) pair(group []int, l lens) ([]int, error) {
	base, other := group[0], group[min(1, len(group)-1)]
	var err error
	if l.Base != "" {
		if base, err = r.find(l.Group, l.Base); err != nil {
			return nil, err
		}
	}
	if l.Other != "" && l.Other != none {
		if other, err = r.find(l.Group, l.Other); err != nil {
			return nil, err
		}
	}
	if base == other || l.Other == none {
		return []int{base}, nil
	}
	return []int{base, other}, nil
}

// what switches between the difference to each other cell of a small group and each
// cell alone.
func (r *report) what(group, shown []int, p panel) templates.Switch {
	sw := templates.Switch{Label: "Graph", Links: []templates.Link{}}
	for _, i := range group[1:] {
		label := "difference"
		if len(group) > 2 {
			label = r.series(i).Name + " − " + r.series(group[0]).Name
		}
		sw.Links = append(sw.Links, templates.Link{
			Label: label, Current: len(shown) == 2 && shown[1] == i,
			URL: p.link(func(l *lens) {
				l.Socket, l.Base, l.Other = "", "", handle(r.Comparison.Cells[i])
				if i == group[1] {
					l.Other = "" // the default
				}
			}),
		})
	}
	for _, i := range group {
		sw.Links = append(sw.Links, templates.Link{
			Label: r.series(i).Name, Current: len(shown) == 1 && shown[0] == i,
			URL: p.link(func(l *lens) { l.Socket, l.Base, l.Other = handle(r.Comparison.Cells[i]), "", "" }),
		})
	}
	return sw
}

// chooser lets people choose the base and the other among all cells that are
// measured.
func (r *report) chooser(shown []int, p panel, name string) *templates.Chooser {
	v := &templates.Chooser{
		Action: p.path, Anchor: p.anchor, Name: name, Hidden: p.hidden("base", "other", "socket"),
		Base:  templates.Choice{Name: "base", Label: "Base", Groups: []templates.ChoiceGroup{}},
		Other: templates.Choice{Name: "other", Label: "Other", Groups: []templates.ChoiceGroup{}},
	}
	for n, set := range r.sets {
		base := templates.ChoiceGroup{Label: r.where(r.Comparison.Cells[set[0]]), Options: []templates.ChoiceOption{}}
		other := base
		for _, i := range set {
			o := templates.ChoiceOption{Value: r.address(i, p.lens.Group), Label: r.series(i).Name, Detail: base.Label}
			o.Current = shown[0] == i
			base.Options = append(base.Options, o)
			o.Current = len(shown) == 2 && shown[1] == i
			other.Options = append(other.Options, o)
		}
		if n == 0 {
			alone := templates.ChoiceOption{Value: none, Label: "nothing: the base alone", Current: len(shown) == 1}
			v.Other.Groups = append(v.Other.Groups, templates.ChoiceGroup{Options: []templates.ChoiceOption{alone}})
		}
		v.Base.Groups, v.Other.Groups = append(v.Base.Groups, base), append(v.Other.Groups, other)
	}
	return v
}
