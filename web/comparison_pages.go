package web

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

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
	v := templates.LinesPage{ID: r.Comparison.ID, URL: scopeOf(c).comparison(r.Comparison.ID, ""), Heading: r.heading(), Lines: *panel}
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
	v := templates.FlamePage{ID: r.Comparison.ID, URL: scopeOf(c).comparison(r.Comparison.ID, ""), Heading: r.heading(), Flame: *panel}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "flame graph · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.FlameFull(v))
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

// rounds lists every run.
func (s *Server) rounds(c echo.Context) error {
	r, _, err := s.lensed(c)
	if err != nil {
		return err
	}
	sc := scopeOf(c)
	v := templates.RoundsPage{
		ID: r.Comparison.ID, URL: sc.comparison(r.Comparison.ID, ""), Heading: r.heading(), Actions: s.actions(c, r),
		Hint:    fmt.Sprintf("%s in %s; each round runs every cell once, in a fresh random order, with fresh processes", plural(len(r.Runs), "run", "runs"), plural(r.Comparison.Rounds(), "round", "rounds")),
		Metrics: []string{}, Rounds: []templates.RoundRuns{},
	}
	shown := r.shownMetrics()
	for _, m := range shown {
		v.Metrics = append(v.Metrics, m.Label)
	}
	runs := slices.Clone(r.Runs)
	slices.SortFunc(runs, func(a, b profiles.Run) int { return (a.Round-b.Round)*1000 + a.Position - b.Position })
	for _, run := range runs {
		if n := len(v.Rounds); n == 0 || v.Rounds[n-1].Number != run.Round {
			v.Rounds = append(v.Rounds, templates.RoundRuns{Number: run.Round, Runs: []templates.RunRow{}})
		}
		last := &v.Rounds[len(v.Rounds)-1]
		last.Runs = append(last.Runs, r.runRow(run, shown, sc))
	}
	if len(runs) > 0 {
		chart := r.roundsChart(r.groups()[0])
		v.Chart = &chart
	}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "rounds · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.Rounds(v))
}

func (r *report) shownMetrics() []profiles.Metric {
	shown := []profiles.Metric{}
	for _, m := range profiles.Metrics {
		if m.Minor {
			continue
		}
		if slices.ContainsFunc(r.Runs, func(run profiles.Run) bool { _, ok := run.Metrics[m.Name]; return ok }) {
			shown = append(shown, m)
		}
	}
	return shown
}

func (r *report) runRow(run profiles.Run, shown []profiles.Metric, sc scope) templates.RunRow {
	row := templates.RunRow{
		Order: run.Position + 1, Cell: r.series(run.Cell), Started: run.StartedAt.UTC().Format("15:04:05"), Elapsed: quantity.Lasting(run.Elapsed),
		Values: []string{}, Counters: []templates.Fact{}, Warnings: run.Warnings, Profiles: []templates.Link{},
	}
	cell := r.Comparison.Cells[run.Cell]
	if len(r.groups()) > 1 {
		row.What = fmt.Sprintf("%s · %d · %s", quantity.Bytes(int64(cell.Size)), cell.Concurrency, cell.Placement)
	}
	for _, m := range shown {
		text := quantity.Missing
		if v, ok := run.Metrics[m.Name]; ok {
			text = quantity.Of(m.Unit, v)
		}
		row.Values = append(row.Values, text)
	}
	if run.ProfilingEffect > 0 {
		row.Effect = quantity.Ratio(run.ProfilingEffect) + "×"
	}
	for _, name := range slices.Sorted(maps.Keys(run.Counters)) {
		row.Counters = append(row.Counters, templates.Fact{Label: strings.ReplaceAll(name, "_", " "), Value: quantity.Count(run.Counters[name])})
	}
	for _, p := range r.Profiles {
		if p.Run == run.ID && p.Run != 0 {
			row.Profiles = append(row.Profiles, templates.Link{Label: string(p.Side), URL: sc.profile(p.ID, ""), Title: plural(int(p.Samples), "sample", "samples")})
		}
	}
	return row
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
