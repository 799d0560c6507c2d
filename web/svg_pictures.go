package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

// comparisonFlameSVG is the flame graph of a comparison's page as a picture.
func (s *Server) comparisonFlameSVG(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	v, err := s.flamePanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/flame"), "")
	if err != nil {
		return err
	}
	if v == nil {
		return sentence(http.StatusNotFound, "%s has no profile to draw.", r.Comparison.ID)
	}
	return s.flameSVG(c, r.Comparison.ID+"."+string(l.Side)+".flame.svg", r.heading().Plain()+" · "+string(l.Side), v)
}

// profileFlameSVG is the flame graph of a profile as a picture.
func (s *Server) profileFlameSVG(c echo.Context) error {
	p, err := s.profilePanel(c)
	if err != nil {
		return err
	}
	row := p.sides[0].row
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return err
	}
	return s.flameSVG(c, row.ID+".flame.svg", s.profileHeading(c, row).Plain(), v)
}

// flameFile is where the graph of one profile or of two is as a picture.
func (p panel) flameFile(sc scope) string {
	pid, sh := p.sides[0].row.ID, sc.shared
	switch {
	case sh == nil && len(p.sides) == 2:
		return "/diff/flame.svg"
	case sh == nil:
		return "/profiles/" + pid + "/flame.svg"
	case len(p.sides) == 2 || strings.HasPrefix(sh.root, "/profiles/"):
		return sh.home + "/flame.svg"
	}
	return sh.home + "/profiles/" + pid + "/flame.svg"
}

// diffFile is where the page of two profiles is as one file.
func (s scope) diffFile() string {
	if s.shared != nil {
		return s.shared.home + "/page.html"
	}
	return "/diff.html"
}

// sharedFlameSVG is the flame graph of what is shared.
func (s *Server) sharedFlameSVG(c echo.Context) error {
	switch root := sharedOf(c).root; {
	case root == diffRoot:
		return s.diffFlameSVG(c)
	case strings.HasPrefix(root, "/profiles/"):
		return s.profileFlameSVG(c)
	}
	return s.comparisonFlameSVG(c)
}

// diffFlameSVG is the flame graph of two profiles as a picture.
func (s *Server) diffFlameSVG(c echo.Context) error {
	page, p, err := s.diffOf(c)
	if err != nil {
		return err
	}
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return err
	}
	return s.flameSVG(c, p.sides[0].row.ID+"-"+p.sides[1].row.ID+".flame.svg", page.Heading.Plain(), v)
}

func (s *Server) flameSVG(c echo.Context, name, title string, v *templates.Flame) error {
	width, err := widthOf(c)
	if err != nil {
		return err
	}
	p := templates.Picture{Width: width, Title: title, Hint: v.Hint, Desc: v.Label + ". " + v.Note}
	if len(v.Ancestors) > 0 {
		p.Hint += " · zoomed to " + v.Boxes[0].Name
	}
	return s.drawn(c, name, templates.FlameSVG(templates.NewFlamePicture(p, *v)))
}

// chartSVG is one of a comparison's charts or bars as a picture: its name stands
// before ".svg".
func (s *Server) chartSVG(c echo.Context) error {
	name, ok := strings.CutSuffix(c.Param("chart"), ".svg")
	if !ok {
		return echo.ErrNotFound
	}
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	width, err := widthOf(c)
	if err != nil {
		return err
	}
	group, err := r.group(l)
	if err != nil {
		return err
	}
	p := templates.Picture{Width: width, Title: r.heading().Plain()}
	file := r.Comparison.ID + "." + name + ".svg"
	charts, bars, err := s.pictures(r, l, group)
	if err != nil {
		return err
	}
	for _, v := range charts {
		if v.Name == name {
			p.Hint, p.Desc = v.Title+" · "+v.Hint, v.Label
			if where := r.whereOf(group); where != "" && v.XTitle == "" { // not of a sweep
				p.Title += " · " + where
			}
			return s.drawn(c, file, templates.ChartSVG(templates.NewChartPicture(p, v)))
		}
	}
	for _, v := range bars {
		if v.Name == name {
			p.Hint, p.Desc = v.Title+" · "+v.Hint, v.Title
			if where := r.whereOf(group); where != "" {
				p.Title += " · " + where
			}
			return s.drawn(c, file, templates.BarsSVG(templates.NewBarsPicture(p, v)))
		}
	}
	return sentence(http.StatusNotFound, "%s has no picture %q: follow a link of its page.", r.Comparison.ID, clip(name))
}

// pictures are the charts and the bars of a comparison's page.
func (s *Server) pictures(r *report, l lens, group []int) ([]templates.Chart, []templates.Breakdown, error) {
	if len(group) == 0 || len(r.Runs) == 0 {
		return nil, nil, nil
	}
	charts := r.charts(group)
	if r.many() {
		m, err := r.metric(l)
		if err != nil {
			return nil, nil, err
		}
		charts = append(charts, r.curves(l, m)...)
	}
	return charts, r.breakdowns(group, func(profiles.Side) string { return "" }), nil
}

// whereOf says of which size, concurrency, placement and host a group is, where they
// vary.
func (r *report) whereOf(group []int) string {
	if len(group) == 0 || len(r.sets) < 2 {
		return ""
	}
	return r.where(r.Comparison.Cells[group[0]])
}

// offerSVG writes behind each chart where it is as a file.
func (s *Server) offerSVG(c echo.Context, r *report, l lens, a *templates.Answer) {
	at := func(name string) string {
		if name == "" {
			return ""
		}
		return l.on(scopeOf(c).comparison(r.Comparison.ID, "/charts/"+name+".svg"), "")
	}
	for _, list := range [][]templates.Chart{a.Charts, a.Curves} {
		for i := range list {
			list[i].FileURL = at(list[i].Name)
		}
	}
	for i := range a.Breakdowns {
		a.Breakdowns[i].FileURL = at(a.Breakdowns[i].Name)
	}
}
