package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/templates"
)

// beside lays two comparisons side by side. It is no view that can be shared: a
// share is of one comparison, and the other is nobody's business.
func (s *Server) beside(c echo.Context) error {
	a, err := s.report(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	aid := a.Comparison.ID
	v := templates.BesidePage{
		ID: aid, URL: scope{}.comparison(aid, ""), A: a.side(), Action: scope{}.comparison(aid, "/beside"), Rows: []templates.BesideRow{}, Left: []string{},
	}
	v.Chrome = s.chrome(c, templates.SectionComparisons, "Side by side")
	other := strings.TrimSpace(c.QueryParam("other"))
	if v.Choose, err = s.otherField(c, a, other); err != nil {
		return err
	}
	if other == "" {
		return render(c, http.StatusOK, templates.Beside(v))
	}
	if other == aid {
		return sentence(http.StatusBadRequest, "%s beside itself shows nothing: choose another comparison.", aid)
	}
	b, err := s.report(c.Request().Context(), other)
	if err != nil {
		return err
	}
	v.B = b.side()
	v.Warnings = unlike(a, b)
	v.Differences = s.machinesOf(a, b)
	metrics := common(a, b)
	m := chosenMetric(metrics, c.QueryParam("metric"), a)
	v.Metric, v.Hint = besideLabel(a, b, m), besideHint(a, b)
	v.Metrics = templates.Switch{Label: "Metric"}
	for _, x := range metrics {
		q := url.Values{"other": {other}, "metric": {x.Name}}
		v.Metrics.Links = append(v.Metrics.Links, templates.Link{Label: besideLabel(a, b, x), URL: v.Action + "?" + q.Encode(), Current: x.Name == m.Name})
	}
	v.Rows, v.Left = besideRows(a, b, m)
	return render(c, http.StatusOK, templates.Beside(v))
}

// besideChosen leads from the boxes of the list to the two side by side, the older
// one first.
func (s *Server) besideChosen(c echo.Context) error {
	ids := c.QueryParams()["id"]
	switch {
	case len(ids) == 0:
		return s.comparisons(c)
	case len(ids) == 1:
		return c.Redirect(http.StatusSeeOther, scope{}.comparison(ids[0], "/beside"))
	case len(ids) > 2:
		return sentence(http.StatusBadRequest, "%d comparisons are chosen: tick two of them in the list, then lay them side by side.", len(ids))
	}
	a, err := s.Archive.Comparison(c.Request().Context(), ids[0])
	if err != nil {
		return err
	}
	b, err := s.Archive.Comparison(c.Request().Context(), ids[1])
	if err != nil {
		return err
	}
	if b.CreatedAt.Before(a.CreatedAt) {
		a, b = b, a
	}
	return c.Redirect(http.StatusSeeOther, scope{}.comparison(a.ID, "/beside")+"?other="+url.QueryEscape(b.ID))
}

// side is one of the two.
func (r *report) side() templates.BesideSide {
	c := r.Comparison
	return templates.BesideSide{
		ID: c.ID, URL: scope{}.comparison(c.ID, ""), Heading: templates.Rich{{Text: c.Title}},
		Facts: []string{string(c.State), c.Host, plural(r.Summary.Rounds, "round", "rounds"), moment(c.CreatedAt)},
	}
}

// otherField lists what can be laid beside a comparison: those with the same
// workload first, the newest of each first.
func (s *Server) otherField(c echo.Context, a *report, chosen string) (templates.Field, error) {
	const most = 50
	f := templates.Field{Name: "other", Label: "Comparison"}
	list, err := s.Archive.Comparisons(c.Request().Context(), "", most)
	if err != nil {
		return f, err
	}
	workload := func(c profiles.Comparison) string {
		if len(c.Cells) == 0 {
			return ""
		}
		return c.Cells[0].Workload
	}
	own := workload(a.Comparison)
	slices.SortStableFunc(list, func(x, y profiles.Comparison) int {
		return boolOrder(workload(x) == own, workload(y) == own)
	})
	for _, x := range list {
		if x.ID == a.Comparison.ID || x.Done == 0 {
			continue
		}
		f.Options = append(f.Options, templates.Option{
			Value: x.ID, Selected: x.ID == chosen, Label: fmt.Sprintf("%s: %s, %s, %s", x.ID, x.Title, x.Host, quantity.Ago(x.CreatedAt, s.Now())),
		})
	}
	return f, nil
}

// boolOrder puts true first.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// unlike says in what two comparisons were asked to do different things.
func unlike(a, b *report) []string {
	warnings := []string{}
	differ := func(what, x, y string) {
		if x != y {
			warnings = append(warnings, fmt.Sprintf("They were asked for different %s: %s in A, %s in B.", what, x, y))
		}
	}
	x, y := a.spec, b.spec
	differ("workloads", string(x.Workload), string(y.Workload))
	differ("numbers of requests", quantity.Count(int64(x.Requests)), quantity.Count(int64(y.Requests)))
	differ("rates", rateText(x.Rate), rateText(y.Rate))
	differ("placements", words(x.Placements), words(y.Placements))
	differ("time budgets", budgetText(x.Budget), budgetText(y.Budget))
	for _, r := range []*report{a, b} {
		if r.Summary.Indicative {
			warnings = append(warnings, fmt.Sprintf("%s has %s: it is indicative by itself already.", r.Comparison.ID, plural(r.Summary.Rounds, "complete round", "complete rounds")))
		}
		if len(r.Comparison.Parts) > 1 {
			warnings = append(warnings, fmt.Sprintf("%s ran on %d hosts: the machine below is the first of them.", r.Comparison.ID, len(r.Comparison.Parts)))
		}
		if r.Comparison.State != profiles.Done {
			warnings = append(warnings, fmt.Sprintf("%s is %s, so it may be missing rounds.", r.Comparison.ID, r.Comparison.State))
		}
	}
	return warnings
}

func rateText(rate int) string {
	if rate == 0 {
		return "a closed loop"
	}
	return quantity.Count(int64(rate)) + " a second"
}

func budgetText(seconds int) string {
	if seconds == 0 {
		return "none"
	}
	return secondsText(seconds)
}

func words[T ~string](names []T) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = string(n)
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// machinesOf lays the machines of two comparisons side by side; nil when they are
// alike, or when one of them is not known.
func (s *Server) machinesOf(a, b *report) *templates.Differences {
	if len(a.Comparison.Fingerprint) == 0 || len(b.Comparison.Fingerprint) == 0 {
		return nil
	}
	d := templates.Differences{Title: "How the machines differ", Hint: "any of it may be the reason for a ratio below", Columns: []string{"A, " + a.Comparison.ID, "B, " + b.Comparison.ID}}
	for _, x := range host.Differences(s.fingerprint(a), s.fingerprint(b)) {
		d.Rows = append(d.Rows, templates.DifferenceRow{Name: x.Name, Values: []string{x.A, x.B}, Matters: x.Matters})
	}
	if len(d.Rows) == 0 {
		return nil
	}
	return &d
}
