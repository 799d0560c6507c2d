package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/templates"
)

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
	if name == bucketsPicture {
		file = r.Comparison.ID + "." + string(l.Side) + "." + name + ".svg"
		v, err := s.bucketsPanel(c, r, l)
		if err != nil {
			return err
		}
		if v != nil {
			bars = append(bars, templates.Breakdown{Name: name, Title: v.Title, Hint: v.Hint, Bars: v.Bars})
		}
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
