package web

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// diff compares any two profiles.
func (s *Server) diff(c echo.Context) error {
	v, p, err := s.diffOf(c)
	if err != nil {
		return err
	}
	p.alone = true
	if flameAlone(c, p.lens) {
		return s.flameRegion(c, p)
	}
	v.Tabs, v.Modes, v.Ops = p.tabs(), p.modes(), opsForm(p)
	v.Actions.Downloads = []templates.DownloadGroup{saves(p.lens.on("/diff.html", ""))}
	v.Chrome = s.chrome(c, templates.SectionProfiles, v.Heading.Plain())
	switch p.lens.Tab {
	case "top":
		v.Top = p.topOf()
	case "lines":
		if v.Lines, err = p.linesOf(); err != nil {
			return err
		}
	case "waterfall":
		v.Waterfall = p.waterfallOf([]templates.Fall{s.faller([]panel{p}).view()})
	default:
		if v.Flame, err = s.flameOf(c.Request().Context(), p); err != nil {
			return err
		}
	}
	return render(c, http.StatusOK, templates.Diff(v))
}

// diffOf is what the page of two profiles and its exports share.
func (s *Server) diffOf(c echo.Context) (v templates.DiffPage, p panel, err error) {
	v = templates.DiffPage{Warnings: []string{}, Commands: []templates.Command{}}
	l, err := lensOf(c.QueryParams())
	if err != nil {
		return v, p, err
	}
	if l.Base == "" || l.Other == "" {
		return v, p, sentence(http.StatusBadRequest, "Which two profiles? Choose them on the page of profiles.")
	}
	ctx := c.Request().Context()
	sides := []side{}
	for i, pid := range []string{l.Base, l.Other} {
		row, err := s.Archive.Profile(ctx, pid)
		if err != nil {
			return v, p, err
		}
		o, err := s.openSide(ctx, row, l, []int64{l.BaseOps, l.OtherOps}[i], templates.Series{Name: row.ID, Series: i + 1, Title: row.Title})
		if err != nil {
			return v, p, err
		}
		sides = append(sides, o)
	}
	if p, err = newPanel(l, sides, "/diff", "", s.loopOf(c, sides[1].row)); err != nil {
		return v, p, err
	}
	if v.Base, err = s.profileRow(c, sides[0].row); err != nil {
		return v, p, err
	}
	if v.Other, err = s.profileRow(c, sides[1].row); err != nil {
		return v, p, err
	}
	v.Heading = templates.Rich{{Text: v.Other.Title, Series: 2}, {Text: " against "}, {Text: v.Base.Title, Series: 1}}
	v.Warnings = differences(sides[0], sides[1])
	origin := s.origin(c.Request())
	v.Commands = append(v.Commands, templates.Command{
		Label: "The same in go tool pprof",
		Text:  "go tool pprof -http=: -diff_base=" + origin + "/profiles/" + l.Base + ".pprof " + origin + "/profiles/" + l.Other + ".pprof",
	})
	return v, p, nil
}

// differences are sentences on what else differs between two profiles, so that
// nobody takes it for the effect that they look for.
func differences(a, b side) []string {
	w := []string{}
	if a.row.SHA256 == b.row.SHA256 {
		w = append(w, "Both are the same profile, so every difference is zero.")
	}
	if x, y := a.decoded.Period, b.decoded.Period; x != y && x > 0 && y > 0 {
		w = append(w, fmt.Sprintf("They were sampled at different periods, %d and %d: their sampling errors differ.", x, y))
	}
	if x, y := a.row.Duration, b.row.Duration; x > 0 && y > 0 && (x > 2*y || y > 2*x) {
		w = append(w, fmt.Sprintf("They lasted %s and %s: compare per request, per share or in cores, not raw.", quantity.Lasting(x), quantity.Lasting(y)))
	}
	if x, y := a.row.Side, b.row.Side; x != y && x != "" && y != "" {
		w = append(w, fmt.Sprintf("One is of a %s and the other of a %s.", x, y))
	}
	return w
}

// opsForm asks for the operations of profiles that do not know them; nil when both
// do.
func opsForm(p panel) *templates.OpsForm {
	ok, why := p.offers(PerOp)
	typed := p.lens.BaseOps > 0 || p.lens.OtherOps > 0
	if ok && !typed {
		return nil
	}
	if why == "" {
		why = "The operations were typed in."
	}
	f := &templates.OpsForm{Action: "/diff", Hidden: []templates.Hidden{}, Why: why}
	for _, h := range p.hidden("") {
		if h.Name != "base_ops" && h.Name != "other_ops" && h.Name != "mode" {
			f.Hidden = append(f.Hidden, h)
		}
	}
	f.Base = opsField("base_ops", "Operations of "+p.sides[0].row.ID, p.sides[0].exposure.ops)
	f.Other = opsField("other_ops", "Operations of "+p.sides[1].row.ID, p.sides[1].exposure.ops)
	return f
}

func opsField(name, label string, ops int64) templates.Field {
	f := templates.Field{Name: name, Label: label}
	if ops > 0 {
		f.Value = strconv.FormatInt(ops, 10)
	}
	return f
}
