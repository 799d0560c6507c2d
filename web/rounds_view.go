package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// maxRuns is how many runs one page lists; of more it lists one round.
const maxRuns = 120

// rounds lists every run, or those of one round.
func (s *Server) rounds(c echo.Context) error {
	r, l, err := s.lensed(c)
	if err != nil {
		return err
	}
	sc := scopeOf(c)
	path := sc.comparison(r.Comparison.ID, "/rounds")
	v := templates.RoundsPage{
		ID: r.Comparison.ID, URL: sc.comparison(r.Comparison.ID, ""), Heading: r.heading(), Actions: s.actions(c, r),
		Hint:    fmt.Sprintf("%s in %s; each round runs every cell once, in a fresh random order, with fresh processes", plural(len(r.Runs), "run", "runs"), plural(r.Comparison.Rounds(), "round", "rounds")),
		Metrics: []string{}, Rounds: []templates.RoundRuns{}, Absent: r.absent(),
	}
	shown := r.shownMetrics()
	for _, m := range shown {
		v.Metrics = append(v.Metrics, r.metricLabel(m))
	}
	only, err := r.round(c.QueryParam("round"))
	if err != nil {
		return err
	}
	runs := slices.Clone(r.Runs)
	slices.SortFunc(runs, func(a, b profiles.Run) int { return cmp.Or(a.Round-b.Round, a.Position-b.Position) })
	for _, run := range runs {
		if only > 0 && run.Round != only || run.Cell < 0 || run.Cell >= len(r.Comparison.Cells) {
			continue
		}
		if n := len(v.Rounds); n == 0 || v.Rounds[n-1].Number != run.Round {
			v.Rounds = append(v.Rounds, templates.RoundRuns{Number: run.Round, Runs: []templates.RunRow{}})
		}
		last := &v.Rounds[len(v.Rounds)-1]
		last.Runs = append(last.Runs, r.runRow(run, shown, sc))
	}
	group, err := r.group(l)
	if err != nil {
		return err
	}
	if len(runs) > 0 && group != nil {
		chart := r.roundsChart(group)
		v.Chart, v.Switches = &chart, keepRound(r.dimensions(l, path, ""), c.QueryParam("round"))
	}
	if only > 0 {
		v.Choose = r.roundSwitch(l, only, path)
	}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "rounds · "+v.Heading.Plain())
	return render(c, http.StatusOK, templates.Rounds(v))
}

// round is the round that is listed; 0 for all of them.
func (r *report) round(asked string) (int, error) {
	if asked == "" {
		if len(r.Runs) <= maxRuns {
			return 0, nil
		}
		return 1, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 || n > r.Comparison.Rounds() {
		return 0, sentence(http.StatusNotFound, "There is no round %q: this comparison has 1 to %d.", clip(asked), r.Comparison.Rounds())
	}
	return n, nil
}

// keepRound adds the round that was asked for to links; "" for none.
func keepRound(switches []templates.Switch, asked string) []templates.Switch {
	if asked == "" {
		return switches
	}
	for _, sw := range switches {
		for i := range sw.Links {
			u, err := url.Parse(sw.Links[i].URL)
			if err != nil || sw.Links[i].URL == "" {
				continue
			}
			q := u.Query()
			q.Set("round", asked)
			u.RawQuery = q.Encode()
			sw.Links[i].URL = u.String()
		}
	}
	return switches
}

func (r *report) roundSwitch(l lens, only int, path string) templates.Switch {
	sw := templates.Switch{Label: "Round", Links: []templates.Link{}}
	for n := 1; n <= r.Comparison.Rounds(); n++ {
		q := l.params()
		q.Set("round", strconv.Itoa(n))
		sw.Links = append(sw.Links, templates.Link{Label: strconv.Itoa(n), Title: "round " + strconv.Itoa(n), URL: path + query(q.Encode()) + "#runs", Current: n == only})
	}
	return sw
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
		Values: []string{}, Counters: runFacts(run), Warnings: run.Warnings, Profiles: []templates.Link{},
	}
	cell := r.Comparison.Cells[run.Cell]
	row.What, row.Noisy = r.where(cell), run.Noisy
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
	for _, p := range r.Profiles {
		if p.Run == run.ID && p.Run != 0 {
			row.Profiles = append(row.Profiles, templates.Link{Label: sideAndKind(p), URL: sc.profile(p.ID, ""), Title: plural(int(p.Samples), "sample", "samples")})
		}
	}
	return row
}
