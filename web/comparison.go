package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/templates"
)

// refresh is how often a browser without script asks for a running comparison.
const refresh = 3 // seconds

// comparison is the page of a comparison: live while it runs, then the answer.
func (s *Server) comparison(c echo.Context) error {
	l, err := lensOf(c.QueryParams())
	if err != nil {
		return err
	}
	r, err := s.report(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	if flameAlone(c, l) && r.Comparison.State.Final() && len(r.Runs) > 0 {
		path := scopeOf(c).comparison(r.Comparison.ID, "")
		l.Group = max(0, min(l.Group, len(r.sets)-1))
		v, err := s.flamePanel(c, r, l, path, "flame")
		if err != nil || v != nil {
			return s.alone(c, r, l, v, err)
		}
	}
	v := templates.ComparisonPage{
		ID: r.Comparison.ID, Heading: r.heading(), Meta: r.meta(s.fingerprint(r)), State: stateView(r.Comparison),
		Notices: s.notices(r), Actions: s.actions(c, r),
	}
	v.Hosts = s.hostParts(c.Request().Context(), r, sharedOf(c) == nil)
	v.Chrome = s.chrome(c, templates.SectionComparisons, v.Heading.Plain())
	if !r.Comparison.State.Final() {
		v.Chrome.Refresh = refresh
		v.Chrome.Title = v.State.Label + " · " + v.Chrome.Title
		v.EventsURL = "/api/v1/comparisons/" + r.Comparison.ID + "/events"
		if sh := sharedOf(c); sh != nil {
			v.EventsURL = sh.home + "/events"
		}
		v.Live = s.live(c.Request().Context(), r)
		return render(c, http.StatusOK, templates.Comparison(v))
	}
	if r.Comparison.State == profiles.Failed {
		f := failureView(r.Comparison.Failure, len(r.Runs) > 0)
		v.Failure = &f
	}
	if len(r.Runs) > 0 {
		if v.Answer, err = s.answer(c, r, l); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, templates.Comparison(v))
}

// alone answers with the flame graph of the page alone.
func (s *Server) alone(c echo.Context, r *report, l lens, v *templates.Flame, err error) error {
	if err != nil {
		return err
	}
	v.FullURL = fullFlame(c, r, l)
	return renderAlone(c, v, templates.FlameChoices{})
}

func fullFlame(c echo.Context, r *report, l lens) string {
	return l.on(scopeOf(c).comparison(r.Comparison.ID, "/flame"), "")
}

// fingerprint is that of the machine that ran it, the first of several. Before it is
// known it is this one's, if this one is to run it; otherwise it is empty.
func (s *Server) fingerprint(r *report) host.Fingerprint {
	var f host.Fingerprint
	if len(r.Comparison.Fingerprint) > 0 && json.Unmarshal(r.Comparison.Fingerprint, &f) == nil {
		return f
	}
	ran := r.Comparison.Host
	if len(r.Comparison.Parts) > 0 {
		ran = r.Comparison.Parts[0].Host
	}
	if ran != "" && ran != s.Host.Name {
		return host.Fingerprint{}
	}
	return s.Host.Fingerprint
}

func (s *Server) notices(r *report) []templates.Notice {
	ns := []templates.Notice{}
	c := r.Comparison
	if !c.InterruptedAt.IsZero() {
		text := "It was interrupted at " + quantity.Moment(c.InterruptedAt.UTC()) + " UTC, when sockscope stopped"
		if c.State == profiles.Interrupted {
			text += ", and waits to go on: the finished runs are kept."
		} else {
			text += fmt.Sprintf(", and went on in attempt %d with the runs that were missing.", c.Attempt)
		}
		ns = append(ns, templates.Notice{Tone: templates.Busy, Text: text})
	}
	switch {
	case c.State == profiles.Canceled && len(r.Runs) == 0:
		ns = append(ns, templates.Notice{Tone: templates.Soft, Text: "It was canceled before its first run had ended, so nothing was measured. Run it again when you like."})
	case c.State == profiles.Canceled:
		ns = append(ns, templates.Notice{Tone: templates.Soft, Text: fmt.Sprintf("It was canceled after %d of %d runs; what they measured is below.", c.Done, c.Total)})
	}
	return ns
}

// answer is what a comparison found. Its panels are left out where there is no
// profile yet to draw them from.
func (s *Server) answer(c echo.Context, r *report, l lens) (*templates.Answer, error) {
	path := scopeOf(c).comparison(r.Comparison.ID, "")
	a := &templates.Answer{Verdict: r.verdictView(), Absent: r.absent(), Commands: s.commands(c, r, l), Warnings: r.Verdict.Notes}
	l.Group = max(0, min(l.Group, len(r.sets)-1))
	group, err := r.group(l)
	if err != nil || group == nil {
		return a, err
	}
	if sharedOf(c) == nil && r.Comparison.State == profiles.Done {
		a.Verdict.CaseURL = r.caseLink(group[0])
	}
	if r.many() {
		m, err := r.metric(l)
		if err != nil {
			return nil, err
		}
		a.Matrix, a.Curves = r.matrix(l, m, path), r.curves(l, m)
	}
	if len(r.sets) > 1 {
		a.Configuration = s.configuration(c, r, l, path)
	}
	a.Measured, a.Charts, a.Beside = r.measured(group), r.charts(group), r.beside(group)
	a.Breakdowns = r.breakdowns(group, func(side profiles.Side) string {
		return l.with(func(l *lens) { l.Side = side }).on(path, "lines")
	})
	if a.Buckets, err = s.bucketsPanel(c, r, l); err != nil {
		return nil, err
	}
	if a.Buckets == nil {
		a.Counted = r.countedPanel(group, l, path)
	}
	if a.Waterfall, err = s.waterfallPanel(c, r, l, path, "waterfall"); err != nil {
		return nil, err
	}
	s.offerSVG(c, r, l, a)
	lines, err := s.linesPanel(c, r, l, path, "lines")
	if err != nil || lines == nil {
		return a, err
	}
	a.Lines = lines
	a.TopURL = l.on(scopeOf(c).comparison(r.Comparison.ID, "/top"), "")
	a.Lines.FullURL = l.on(scopeOf(c).comparison(r.Comparison.ID, "/lines"), "")
	if a.Flame, err = s.flamePanel(c, r, l, path, "flame"); err != nil || a.Flame == nil {
		return a, err
	}
	a.Flame.FullURL = fullFlame(c, r, l)
	return a, nil
}

// configuration heads what is of one group only.
func (s *Server) configuration(c echo.Context, r *report, l lens, path string) *templates.Configuration {
	cell := r.Comparison.Cells[r.sets[l.Group][0]]
	v := &templates.Configuration{Title: r.where(cell), Switches: r.dimensions(l, path, "configuration")}
	if sharedOf(c) == nil {
		v.AgainURL = alone(r.spec, cell)
	}
	return v
}

// alone is the form filled in for one group of a comparison, with as many rounds as
// are worth publishing.
func alone(s runner.Spec, cell profiles.Cell) string {
	q := url.Values{"custom": {"1"}, "workload": {string(s.Workload)}, "base": {string(s.Base)}, "placements": {cell.Placement}}
	for _, k := range s.Sockets {
		q.Add("sockets", string(k))
	}
	for _, v := range s.Variants {
		q.Add("variants", string(v))
	}
	q.Set("sizes", strconv.Itoa(cell.Size))
	q.Set("concurrency", strconv.Itoa(cell.Concurrency))
	q.Set("rounds", strconv.Itoa(max(s.Rounds, runner.PublishedRounds)))
	q.Set("requests", strconv.Itoa(s.Requests))
	if s.Rate > 0 {
		q.Set("rate", strconv.Itoa(s.Rate))
	}
	if s.Ports != "" {
		q.Set("ports", string(s.Ports))
	}
	if s.Kernel != "" {
		q.Set("kernel", string(s.Kernel))
	}
	if s.Budget > 0 {
		q.Set("budget", secondsText(s.Budget))
	}
	if host := cmp.Or(cell.Host, s.Host); host != "" {
		q.Set("hosts", host)
	}
	return "/comparisons/new?" + q.Encode()
}
