package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
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
	v := templates.ComparisonPage{
		ID: r.Comparison.ID, Heading: r.heading(), Meta: r.meta(s.fingerprint(r)), State: stateView(r.Comparison),
		Notices: s.notices(r), Actions: s.actions(c, r),
	}
	v.Chrome = s.chrome(c, templates.SectionComparisons, v.Heading.Plain())
	if !r.Comparison.State.Final() {
		v.Chrome.Refresh = refresh
		v.Chrome.Title = v.State.Label + " · " + v.Chrome.Title
		v.EventsURL = "/api/v1/comparisons/" + r.Comparison.ID + "/events"
		if sh := sharedOf(c); sh != nil {
			v.EventsURL = sh.home + "/events"
		}
		v.Live = s.live(r)
		return render(c, http.StatusOK, templates.Comparison(v))
	}
	if r.Comparison.State == profiles.Failed {
		v.Failure = &templates.Failure{Sentence: r.Comparison.Failure, Mend: "What was measured before is kept below. Run it again once the cause is mended."}
	}
	if len(r.Runs) > 0 {
		if v.Answer, err = s.answer(c, r, l); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, templates.Comparison(v))
}

// fingerprint is that of the machine that ran it, or before that of this one.
func (s *Server) fingerprint(r *report) host.Fingerprint {
	var f host.Fingerprint
	if len(r.Comparison.Fingerprint) > 0 && json.Unmarshal(r.Comparison.Fingerprint, &f) == nil {
		return f
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

func (s *Server) actions(c echo.Context, r *report) templates.Actions {
	sc, cid := scopeOf(c), r.Comparison.ID
	a := templates.Actions{RoundsURL: sc.comparison(cid, "/rounds"), SharesAPI: "/api/v1/shares", Downloads: []templates.DownloadGroup{}}
	if sc.shared == nil {
		a.SharePath = c.Request().URL.Path + query(c.QueryString())
		a.ShareURL = "/shares?path=" + url.QueryEscape(a.SharePath)
		a.AgainURL = "/comparisons/new?again=" + cid
		if r.Comparison.State.Final() {
			a.DeleteURL = "/comparisons/" + cid + "/delete"
		} else {
			a.CancelURL = "/comparisons/" + cid + "/cancel"
		}
		api := "/api/v1/comparisons/" + cid
		a.Downloads = append(a.Downloads, templates.DownloadGroup{Label: "Results", Links: []templates.Link{
			{Label: "JSON", URL: api + ".json"},
			{Label: "CSV", URL: api + ".csv"},
			{Label: "Go benchmark format", URL: api + ".bench"},
			{Label: "Markdown", URL: api + ".md"},
		}})
	}
	merged := templates.DownloadGroup{Label: "Profiles", Links: []templates.Link{}}
	for _, p := range r.Profiles {
		if p.Merged() {
			merged.Links = append(merged.Links, templates.Link{
				Label: fmt.Sprintf("%s · %s", r.Comparison.Cells[p.Cell].Name(), p.Side),
				Title: fmt.Sprintf("%s, %s", plural(int(p.Samples), "sample", "samples"), quantity.Bytes(p.Bytes)),
				URL:   sc.profile(p.ID, ".pprof"),
			})
		}
	}
	if len(merged.Links) > 0 {
		merged.Links = append(merged.Links, templates.Link{Label: "all, and those of each round (.zip)", URL: sc.comparison(cid, "/profiles.zip")})
		a.Downloads = append(a.Downloads, merged)
	}
	return a
}

// answer is what a comparison found. Its panels are left out where there is no
// profile yet to draw them from.
func (s *Server) answer(c echo.Context, r *report, l lens) (*templates.Answer, error) {
	gs := r.groups()
	l.Group = min(l.Group, len(gs)-1)
	path := scopeOf(c).comparison(r.Comparison.ID, "")
	a := &templates.Answer{
		Verdict: r.verdictView(), Measured: r.measured(), Charts: r.charts(gs[l.Group]), Commands: s.commands(c, r),
		Warnings: r.Verdict.Notes,
	}
	a.Breakdowns = r.breakdowns(gs[l.Group], func(side profiles.Side) string {
		return l.with(func(l *lens) { l.Side = side }).on(path, "lines")
	})
	lines, err := s.linesPanel(c, r, l, path, "lines")
	if err != nil || lines == nil {
		return a, err
	}
	a.Lines = lines
	a.Lines.FullURL = l.on(scopeOf(c).comparison(r.Comparison.ID, "/lines"), "")
	if a.Flame, err = s.flamePanel(c, r, l, path, "flame"); err != nil {
		return nil, err
	}
	a.Flame.FullURL = l.on(scopeOf(c).comparison(r.Comparison.ID, "/flame"), "")
	return a, nil
}

func (s *Server) commands(c echo.Context, r *report) []templates.Command {
	cmds := []templates.Command{{Label: "The same comparison without the dashboard", Text: command(r.spec)}}
	g := r.groups()[0]
	if len(g) < 2 {
		return cmds
	}
	base, ok := r.merged(g[0], profiles.Client, profiles.Go)
	other, ok2 := r.merged(g[1], profiles.Client, profiles.Go)
	if ok && ok2 {
		sc, origin := scopeOf(c), s.origin(c.Request())
		cmds = append(cmds, templates.Command{
			Label: "The difference of the two clients in go tool pprof",
			Text:  "go tool pprof -http=: -diff_base=" + origin + sc.profile(base.ID, ".pprof") + " " + origin + sc.profile(other.ID, ".pprof"),
		})
	}
	return cmds
}

// cellsOf chooses the cells of the group that the lens names: all of them, or the
// base and the other that it asks for.
func (r *report) cellsOf(l lens) ([]int, error) {
	gs := r.groups()
	if l.Group >= len(gs) {
		return nil, sentence(http.StatusNotFound, "This comparison has no group %d of cells.", l.Group)
	}
	return gs[l.Group], nil
}

func (r *report) find(group []int, socket string) (int, error) {
	for _, i := range group {
		if r.Comparison.Cells[i].Socket == socket {
			return i, nil
		}
	}
	return 0, sentence(http.StatusNotFound, "The socket %q is not in this comparison: it has %v.", clip(socket), r.sockets())
}

// sides opens the merged profiles of some cells; nil when one is missing.
func (s *Server) sides(ctx context.Context, r *report, cells []int, l lens) ([]side, error) {
	sides := []side{}
	for _, i := range cells {
		p, ok := r.merged(i, l.Side, l.Kind)
		if !ok {
			return nil, nil
		}
		o, err := s.openSide(ctx, p, l.Type, 0, r.series(i))
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

// linesPanel lists the loop, or a function, of all cells of the group; nil while
// there is no profile.
func (s *Server) linesPanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Lines, error) {
	cells, err := r.cellsOf(l)
	if err != nil {
		return nil, err
	}
	if l.Socket != "" && anchor == "" {
		i, err := r.find(cells, l.Socket)
		if err != nil {
			return nil, err
		}
		cells = []int{i}
	}
	sides, err := s.sides(c.Request().Context(), r, cells, l)
	if err != nil || sides == nil {
		return nil, err
	}
	p, err := newPanel(l, sides, path, anchor, r.spec.Workload.Function(l.Side))
	if err != nil {
		return nil, err
	}
	v := p.linesOf()
	v.Switches = append(v.Switches, sideSwitch(l, path, anchor), p.modes())
	return v, nil
}

// flamePanel draws the difference of two cells, or one of them; nil while there is
// no profile.
func (s *Server) flamePanel(c echo.Context, r *report, l lens, path, anchor string) (*templates.Flame, error) {
	group, err := r.cellsOf(l)
	if err != nil {
		return nil, err
	}
	cells := []int{group[0]}
	switch {
	case l.Socket != "":
		cells[0], err = r.find(group, l.Socket)
	case l.Base != "" || l.Other != "" || len(group) > 1:
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
	v, err := s.flameOf(c.Request().Context(), p)
	if err != nil {
		return nil, err
	}
	v.Switches = slices.Concat([]templates.Switch{r.what(group, cells, p), sideSwitch(l, path, anchor)}, v.Switches, []templates.Switch{p.modes()})
	return v, nil
}

// pair are the base and the other that the lens names, by default the group's base
// and the first other.
func (r *report) pair(group []int, l lens) ([]int, error) {
	base, other := group[0], group[min(1, len(group)-1)]
	var err error
	if l.Base != "" {
		if base, err = r.find(group, l.Base); err != nil {
			return nil, err
		}
	}
	if l.Other != "" {
		if other, err = r.find(group, l.Other); err != nil {
			return nil, err
		}
	}
	if base == other {
		return []int{base}, nil
	}
	return []int{base, other}, nil
}

// what switches between the difference to each other socket and each socket alone.
func (r *report) what(group, shown []int, p panel) templates.Switch {
	sw := templates.Switch{Label: "Graph", Links: []templates.Link{}}
	for _, i := range group[1:] {
		socket := r.Comparison.Cells[i].Socket
		label := "difference"
		if len(group) > 2 {
			label = socket + " − " + r.Comparison.Base
		}
		sw.Links = append(sw.Links, templates.Link{
			Label: label, Current: len(shown) == 2 && shown[1] == i,
			URL: p.link(func(l *lens) { l.Socket, l.Base, l.Other = "", "", socket; r.plain(l, group) }),
		})
	}
	for _, i := range group {
		socket := r.Comparison.Cells[i].Socket
		sw.Links = append(sw.Links, templates.Link{
			Label: socket, Current: len(shown) == 1 && shown[0] == i,
			URL: p.link(func(l *lens) { l.Socket, l.Base, l.Other = socket, "", "" }),
		})
	}
	return sw
}

// plain leaves out of a link what is the default.
func (r *report) plain(l *lens, group []int) {
	if len(group) > 1 && l.Other == r.Comparison.Cells[group[1]].Socket {
		l.Other = ""
	}
}
