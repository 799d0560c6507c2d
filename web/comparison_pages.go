package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// lines is the per-line timings on a page of their own.
func (s *Server) lines(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	panel, err := s.linesPanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/lines"), "")
	if err != nil {
		return err
	}
	if panel == nil {
		panel = &templates.Lines{Title: "Per-line timings", Empty: noProfiles}
	}
	v := templates.LinesPage{ID: r.Comparison.ID, URL: scopeOf(c).comparison(r.Comparison.ID, ""), Heading: r.heading(), Lines: *panel, Views: r.views(c, l, "/lines")}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "lines · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.LinesFull(v))
}

// flame is the flame graph on a page of its own.
func (s *Server) flame(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	panel, err := s.flamePanel(c, r, l, scopeOf(c).comparison(r.Comparison.ID, "/flame"), "")
	if err != nil {
		return err
	}
	if panel == nil {
		panel = &templates.Flame{Title: "Flame graph", Empty: noProfiles}
	}
	if flameAlone(c, l) {
		return renderAlone(c, panel, templates.FlameChoices{})
	}
	v := templates.FlamePage{ID: r.Comparison.ID, URL: scopeOf(c).comparison(r.Comparison.ID, ""), Heading: r.heading(), Flame: *panel, Views: r.views(c, l, "/flame")}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "flame graph · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.FlameFull(v))
}

// views are the ways to look at a comparison's profiles.
func (r *report) views(c echo.Context, l lens, current string) templates.Switch {
	sw := templates.Switch{Label: "View", Links: []templates.Link{}}
	for _, v := range [...]struct{ below, label string }{
		{"/lines", "lines"}, {"/flame", "flame graph"}, {"/top", "top functions"}, {"/waterfall", "waterfall"},
	} {
		sw.Links = append(sw.Links, templates.Link{
			Label: v.label, URL: l.with(func(l *lens) { l.At, l.From = 0, 0 }).on(scopeOf(c).comparison(r.Comparison.ID, v.below), ""), Current: v.below == current,
		})
	}
	return sw
}

const noProfiles = "There is no profile yet: they are merged when the comparison ends. The profiles of finished runs are on the page of its rounds."

func (s *Server) lensed(c echo.Context) (*report, lens, error) {
	l, err := lensOf(c.QueryParams())
	if err != nil {
		return nil, l, err
	}
	r, err := s.report(c.Request().Context(), id(c))
	return r, l, err
}

// comparisons lists them all, the newest first.
func (s *Server) comparisons(c echo.Context) error {
	const page = 25
	list, err := s.Archive.Comparisons(c.Request().Context(), c.QueryParam("before"), page+1)
	if err != nil {
		return err
	}
	v := templates.ComparisonsPage{Chrome: s.chrome(c, templates.SectionComparisons, "Comparisons"), Rows: []templates.ComparisonRow{}}
	if len(list) > page {
		list = list[:page]
		v.Pager.OlderURL = "/comparisons?before=" + list[page-1].ID
	}
	if c.QueryParam("before") != "" {
		v.Pager.NewerURL = "/comparisons"
	}
	v.Rows, err = s.comparisonRows(c, list)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, templates.Comparisons(v))
}

func (s *Server) comparisonRows(c echo.Context, list []profiles.Comparison) ([]templates.ComparisonRow, error) {
	rows := []templates.ComparisonRow{}
	for _, cmp := range list {
		r, err := s.report(c.Request().Context(), cmp.ID)
		if errors.Is(err, profiles.ErrNotFound) {
			continue // deleted since the list was read
		}
		if err != nil {
			return nil, err
		}
		row := templates.ComparisonRow{
			ID: cmp.ID, URL: "/comparisons/" + cmp.ID, Heading: r.heading(), State: stateView(cmp), Host: cmp.Host,
			When: quantity.Ago(cmp.CreatedAt, s.Now()), Exact: moment(cmp.CreatedAt),
		}
		r.ratioOf(&row)
		rows = append(rows, row)
	}
	return rows, nil
}

// ratioOf fills in the row's ratio, of the other against the base.
func (r *report) ratioOf(row *templates.ComparisonRow) {
	h := r.Verdict.Headline
	if h == nil || !h.Ratio.Interval {
		return
	}
	tone, ratio := templates.Worse, h.Ratio
	if r.Comparison.BaseOf(h.Costlier) < 0 { // the base is the costlier one
		tone, ratio = templates.Better, ratio.Inverse()
	}
	if !h.Clear {
		tone, row.Verdict = templates.Unclear, "no difference shown"
	}
	bar := templates.NewRatioBar(ratio.Estimate, ratio.Low, ratio.High, tone)
	row.Ratio = &bar
}
