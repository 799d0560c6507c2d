package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/google/pprof/profile"
	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// diff compares any two profiles. Without both it asks for them.
func (s *Server) diff(c echo.Context) error {
	if q := c.QueryParams(); sharedOf(c) == nil && (q.Get("base") == "" || q.Get("other") == "") {
		return s.chooseTwo(c)
	}
	p, err := s.diffPanel(c, readLens)
	var u *unlikeKinds
	if errors.As(err, &u) && sharedOf(c) == nil {
		return s.chooseAgain(c, u)
	}
	if err != nil {
		return err
	}
	if flameAlone(c, p.lens) {
		return s.flameRegion(c, p)
	}
	v, err := s.diffHead(c, p)
	if err != nil {
		return err
	}
	v.Tabs, v.Types, v.Modes, v.Ops = p.tabs(), p.types(), p.modesApart(), s.opsForm(c, p)
	v.SwapURL = p.link(func(l *lens) { l.Base, l.Other, l.BaseOps, l.OtherOps = l.Other, l.Base, l.OtherOps, l.BaseOps })
	v.Actions = s.diffActions(c, p)
	v.Chrome = s.chrome(c, templates.SectionProfiles, v.Heading.Plain())
	if v.Labels, err = s.slices(c.Request().Context(), p); err != nil {
		return err
	}
	if p.lens.Tab == "waterfall" {
		v.Waterfall = s.waterfallOfTwo(p)
		v.Waterfall.FileURL = p.lens.on(scopeOf(c).diff()+"/waterfall.svg", "")
	} else if v.Flame, v.Top, v.Lines, err = s.tabOf(c, p); err != nil {
		return err
	}
	status, err := p.lens.opsStatus(v.Ops)
	if err != nil {
		return err
	}
	return render(c, status, templates.Diff(v))
}

// diffOf is what the page of two profiles and its exports share.
func (s *Server) diffOf(c echo.Context) (v templates.DiffPage, p panel, err error) {
	if p, err = s.diffPanel(c, lensOf); err != nil {
		return v, p, err
	}
	v, err = s.diffHead(c, p)
	return v, p, err
}

// diffPanel opens the two profiles that the query names, which read reads.
func (s *Server) diffPanel(c echo.Context, read func(url.Values) (lens, error)) (panel, error) {
	l, err := read(c.QueryParams())
	if err != nil {
		return panel{}, err
	}
	sc := scopeOf(c)
	if sh := sc.shared; sh != nil && l.Base == "" && l.Other == "" {
		l.Base, l.Other = sh.pair[0], sh.pair[1]
	}
	switch {
	case l.Base != "" && l.Other != "":
	case sc.shared != nil:
		return panel{}, profiles.ErrNotFound
	default:
		return panel{}, sentence(http.StatusBadRequest, "Which two profiles? Choose them on the page of profiles.")
	}
	sides, err := s.openPair(c.Request().Context(), sc, l)
	if err != nil {
		return panel{}, err
	}
	p, err := newPanel(l, sides, sc.diff(), "", s.loopOf(c, sides[1].row))
	p.alone = true
	return p, err
}

// diffHead is what stands around the views of two profiles.
func (s *Server) diffHead(c echo.Context, p panel) (v templates.DiffPage, err error) {
	for i, side := range []*templates.DiffSide{&v.Base, &v.Other} {
		if side.ProfileRow, err = s.profileRow(c, p.sides[i].row); err != nil {
			return v, err
		}
		if side.Facts = p.sums(i); p.sides[i].row.Comparison == "" {
			side.Of = "" // it names the type that the file shows first
		}
	}
	v.Heading = templates.Rich{{Text: v.Other.Title, Series: 2}, {Text: " against "}, {Text: v.Base.Title, Series: 1}}
	v.Commands = s.diffCommands(c, p.lens)
	v.Warnings, err = s.differences(c.Request().Context(), p)
	return v, err
}

// openPair opens the two profiles that the lens names, base first.
func (s *Server) openPair(ctx context.Context, sc scope, l lens) ([]side, error) {
	rows, decoded := [2]profiles.Profile{}, [2]*profile.Profile{}
	for i, pid := range []string{l.Base, l.Other} {
		var err error
		if rows[i], err = s.Archive.Profile(ctx, pid); err != nil {
			return nil, err
		}
		if !sc.covers(rows[i]) {
			return nil, profiles.ErrNotFound
		}
		if decoded[i], err = s.evidence.profile(ctx, rows[i]); err != nil {
			return nil, err
		}
	}
	types := typesOf(decoded[0], decoded[1], l.Type)
	sides := []side{}
	for i, row := range rows {
		l.Type = types[i]
		o, err := s.openSide(ctx, row, l, []int64{l.BaseOps, l.OtherOps}[i], templates.Series{Name: row.ID, Series: i + 1, Title: row.Title})
		if err != nil {
			return nil, err
		}
		sides = append(sides, o)
	}
	return sides, nil
}

// diff is the address of the difference of two profiles.
func (s scope) diff() string {
	if s.shared != nil {
		return s.shared.home + "/diff"
	}
	return "/diff"
}

func (s *Server) diffCommands(c echo.Context, l lens) []templates.Command {
	at := s.origin(c.Request())
	sc := scopeOf(c)
	base, other := at+sc.profile(l.Base, ".pprof"), at+sc.profile(l.Other, ".pprof")
	return []templates.Command{
		{Label: "The same in go tool pprof", Text: "go tool pprof -http=: -diff_base=" + base + " " + other},
		{Label: "Its lines, as text", Text: "go tool pprof -list=. -diff_base=" + base + " " + other},
	}
}

func (s *Server) diffActions(c echo.Context, p panel) templates.Actions {
	sc := scopeOf(c)
	a := templates.Actions{}
	group := templates.DownloadGroup{Label: "Profiles", Links: []templates.Link{}}
	for _, o := range p.sides {
		group.Links = append(group.Links, templates.Link{Label: o.row.ID + ".pprof", URL: sc.profile(o.row.ID, ".pprof"), Title: clip(o.row.Title)})
	}
	a.Downloads = []templates.DownloadGroup{group}
	a.Downloads = append(a.Downloads, saves(p.lens.on(sc.diff()+".html", "")))
	if sc.shared == nil {
		a.SharesAPI, a.SharePath = "/api/v1/shares", c.Request().URL.Path+query(c.QueryString())
		a.ShareURL = "/shares?path=" + url.QueryEscape(a.SharePath)
	}
	return a
}
