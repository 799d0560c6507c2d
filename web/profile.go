package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// profile is the page of one profile, or with .pprof behind its id its bytes.
func (s *Server) profile(c echo.Context) error {
	if bare, ok := strings.CutSuffix(profileID(c), ".pprof"); ok {
		return s.download(c, bare)
	}
	p, err := s.profilePanel(c, readLens)
	if err != nil {
		return err
	}
	if flameAlone(c, p.lens) {
		return s.flameRegion(c, p)
	}
	o, row := p.sides[0], p.sides[0].row
	v := templates.ProfilePage{
		ID: row.ID, Heading: s.profileHeading(c, row), Meta: s.profileMeta(row), Facts: s.profileFacts(c, p),
		Notices: s.profileNotices(c.Request().Context(), o), Tabs: p.tabs(), Types: p.types(), Modes: p.modesApart(), Ops: s.opsForm(c, p), Commands: s.profileCommands(c, row),
	}
	if v.Labels, err = s.slices(c.Request().Context(), p); err != nil {
		return err
	}
	v.Actions = s.profileActions(c, row)
	v.Chrome = s.chrome(c, templates.SectionProfiles, v.Heading.Plain())
	if v.Flame, v.Top, v.Lines, err = s.tabOf(c, p); err != nil {
		return err
	}
	status, err := p.lens.opsStatus(v.Ops)
	if err != nil {
		return err
	}
	return render(c, status, templates.Profile(v))
}

// profileID is the id in the path, below a share too, or that of what is shared.
func profileID(c echo.Context) string {
	if pid := c.Param("profile"); pid != "" {
		return pid
	}
	return id(c)
}

// profilePanel opens the profile that the path names, through the lens that read reads.
func (s *Server) profilePanel(c echo.Context, read func(url.Values) (lens, error)) (panel, error) {
	l, err := read(c.QueryParams())
	if err != nil {
		return panel{}, err
	}
	ctx := c.Request().Context()
	row, err := s.Archive.Profile(ctx, profileID(c))
	if err != nil {
		return panel{}, err
	}
	sc := scopeOf(c)
	if !sc.covers(row) {
		return panel{}, profiles.ErrNotFound
	}
	o, err := s.openSide(ctx, row, l, l.BaseOps, templates.Series{Name: row.ID, Series: 1})
	if err != nil {
		return panel{}, err
	}
	return newPanel(l, []side{o}, sc.profile(row.ID, ""), "", s.loopOf(c, row))
}

// tabOf computes the tab that the lens shows.
func (s *Server) tabOf(c echo.Context, p panel) (*templates.Flame, *templates.TopTable, *templates.Lines, error) {
	switch p.lens.Tab {
	case "top":
		return nil, p.topOf(), nil, nil
	case "lines":
		v, err := p.linesOf()
		if err != nil {
			return nil, nil, nil, err
		}
		v.Switches = append(v.Switches, p.modes())
		return nil, nil, v, nil
	}
	v, err := s.flameTab(c, p)
	return v, nil, nil, err
}

func (s *Server) flameTab(c echo.Context, p panel) (*templates.Flame, error) {
	v, err := s.flameOf(c.Request().Context(), p)
	if err == nil {
		v.Switches = append(v.Switches, p.modes())
		v.FileURL = p.lens.on(p.flameFile(scopeOf(c)), "")
	}
	return v, err
}

// flameRegion answers with the flame graph alone.
func (s *Server) flameRegion(c echo.Context, p panel) error {
	v, err := s.flameTab(c, p)
	if err != nil {
		return err
	}
	choices := templates.FlameChoices{Tabs: p.tabs(), Types: p.types(), Modes: p.modesApart()}
	if choices.Labels, err = s.slices(c.Request().Context(), p); err != nil {
		return err
	}
	return renderAlone(c, v, choices)
}

// profileNotices say what a reader has to know of a profile before its figures.
func (s *Server) profileNotices(ctx context.Context, o side) []templates.Notice {
	list := s.namelessNotices(ctx, o)
	if o.ofDifferences() {
		list = append(list, templates.Notice{Tone: templates.Soft, Text: "This is a profile of differences: it has values below zero, which were subtracted. Boxes are as wide as what was added and what was subtracted together; shares are those of pprof."})
	}
	return list
}

// modesApart are the modes beside the tabs, for the views that do not show them in
// their own heads.
func (p panel) modesApart() templates.Switch {
	switch p.lens.Tab {
	case "top", "waterfall":
		return p.modes()
	}
	return templates.Switch{}
}

func (p panel) tabs() templates.Switch {
	sw := templates.Switch{Label: "View", Links: []templates.Link{}}
	for _, tab := range []struct{ name, label string }{{"", "flame graph"}, {"top", "top functions"}, {"lines", "lines"}, {"waterfall", "waterfall"}} {
		if tab.name == "waterfall" && len(p.sides) != 2 {
			continue // there is no difference to explain
		}
		current := p.lens.Tab == tab.name || tab.name == "" && !slices.Contains([]string{"top", "lines", "waterfall"}, p.lens.Tab)
		sw.Links = append(sw.Links, templates.Link{Label: tab.label, URL: p.link(func(l *lens) { l.Tab = tab.name }), Current: current})
	}
	return sw
}

// loopOf is the measured loop of a profile of a comparison; "" for an upload.
func (s *Server) loopOf(c echo.Context, row profiles.Profile) string {
	if row.Comparison == "" {
		return ""
	}
	cmp, err := s.Archive.Comparison(c.Request().Context(), row.Comparison)
	if err != nil || row.Cell < 0 || row.Cell >= len(cmp.Cells) {
		return ""
	}
	return runner.Workload(cmp.Cells[row.Cell].Workload).Function(row.Side)
}

func (s *Server) profileHeading(c echo.Context, row profiles.Profile) templates.Rich {
	if row.Comparison == "" {
		title := row.Title
		if title == "" {
			title = row.ID
		}
		return templates.Rich{{Text: title}}
	}
	r, err := s.report(c.Request().Context(), row.Comparison)
	if err != nil || row.Cell < 0 || row.Cell >= len(r.Comparison.Cells) {
		return templates.Rich{{Text: row.ID}}
	}
	cell := r.Comparison.Cells[row.Cell]
	what := "all rounds"
	if where := r.where(cell); where != "" {
		what = where + ", " + what
	}
	if row.Round > 0 {
		what = strings.Replace(what, "all rounds", fmt.Sprintf("round %d", row.Round), 1)
	}
	return templates.Rich{
		{Text: cell.Name(), Series: r.series(row.Cell).Series},
		{Text: fmt.Sprintf(" %s — %s, %s", row.Side, r.spec.Workload.Label(), what)},
	}
}

func (s *Server) profileMeta(row profiles.Profile) []string {
	m := []string{row.ID}
	if row.Kind != "" {
		m = append(m, string(row.Side)+" · "+string(row.Kind)+" profile")
	} else {
		m = append(m, "uploaded")
	}
	return append(m, moment(row.CreatedAt))
}

func (s *Server) profileCommands(c echo.Context, row profiles.Profile) []templates.Command {
	address := s.origin(c.Request()) + scopeOf(c).profile(row.ID, ".pprof")
	return []templates.Command{
		{Label: "Open it in go tool pprof", Text: "go tool pprof -http=: " + address},
		{Label: "Download it", Text: "curl -OJ " + address},
	}
}

func (s *Server) profileActions(c echo.Context, row profiles.Profile) templates.Actions {
	sc := scopeOf(c)
	a := templates.Actions{Downloads: []templates.DownloadGroup{{Label: "Profile", Links: []templates.Link{
		{Label: row.ID + ".pprof", URL: sc.profile(row.ID, ".pprof"), Title: quantity.Bytes(row.Bytes)},
	}}}}
	file := "/profiles/" + row.ID + ".html"
	if sc.shared != nil {
		file = "" // a share of a comparison has no file of one profile
		if strings.HasPrefix(sc.shared.root, "/profiles/") {
			file = sc.shared.home + "/page.html"
		}
	}
	if file != "" {
		a.Downloads = append(a.Downloads, saves(file+query(c.QueryString())))
	}
	if sc.shared == nil {
		a.SharesAPI, a.SharePath = "/api/v1/shares", c.Request().URL.Path+query(c.QueryString())
		a.ShareURL = "/shares?path=" + url.QueryEscape(a.SharePath)
		a.CompareURL = "/diff?base=" + row.ID
		if row.Comparison == "" {
			a.DeleteURL = "/profiles/" + row.ID + "/delete"
		}
	}
	return a
}

func (s *Server) deleteProfile(c echo.Context) error {
	if err := s.Desk.DeleteProfile(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/profiles")
}
