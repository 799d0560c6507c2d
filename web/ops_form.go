package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// opsForm asks for the operations of profiles that do not know them: figures per
// request need them, and nobody guesses. What is typed stands in the address; who
// holds the token may keep it with an upload. nil where there is nothing to ask.
func (s *Server) opsForm(c echo.Context, p panel) *templates.OpsForm {
	if p.stock() {
		return nil
	}
	ok, why := p.offers(PerOp)
	typed, uploads := false, 0
	for i, o := range p.sides {
		typed = typed || []int64{p.lens.BaseOps, p.lens.OtherOps}[i] > 0 && o.row.Ops == 0
		if o.row.Comparison == "" {
			uploads++
		}
	}
	mayKeep := s.Key.holds(c.Request()) && sharedOf(c) == nil && uploads > 0
	if ok && !typed && !mayKeep {
		return nil
	}
	f := &templates.OpsForm{Operation: p.operation, Action: p.path, Known: ok && !typed, Fields: []templates.Field{}}
	switch {
	case why != "":
		f.Why = why + " With them, figures are per " + p.operation + "."
	case typed:
		f.Why = "The operations were typed in: they stand in the address of this page."
	default:
		f.Why = "Type others to correct what was said when it was uploaded."
	}
	f.Hidden = p.hidden("base_ops", "other_ops", "mode")
	for i, o := range p.sides {
		if o.row.Comparison != "" && o.row.Ops > 0 || f.Known && o.row.Comparison != "" {
			continue // counted when it was measured
		}
		f.Fields = append(f.Fields, p.lens.opsField([]string{"base_ops", "other_ops"}[i], "Operations of "+o.row.ID, o.exposure.ops))
	}
	if mayKeep {
		keep := url.Values{}
		for i, o := range p.sides {
			keep.Set([]string{"keep_base", "keep_other"}[i], o.row.ID)
		}
		plain := p.lens.with(func(l *lens) { l.BaseOps, l.OtherOps, l.Mode = 0, 0, "" })
		keep.Set("next", plain.on(p.path, ""))
		f.KeepAction = "/profiles/ops?" + keep.Encode()
	}
	return f
}

func (l lens) opsField(name, label string, ops int64) templates.Field {
	f := templates.Field{Name: name, Label: label, Hint: "how many ran while it was taken: requests, jobs, iterations of a benchmark"}
	if ops > 0 {
		f.Value = strconv.FormatInt(ops, 10)
	}
	if typed, wrong := l.wrongOps[name]; wrong {
		f.Value = clip(typed)
		_, err := operations(typed)
		f.Error = faultOf(err).sentence
	}
	return f
}

// opsStatus is the status of a page with this form, which shows what is wrong in it;
// an error where it does not ask for what is wrong.
func (l lens) opsStatus(f *templates.OpsForm) (int, error) {
	if len(l.wrongOps) == 0 {
		return http.StatusOK, nil
	}
	if f != nil && slices.ContainsFunc(f.Fields, func(f templates.Field) bool { return f.Error != "" }) {
		return http.StatusBadRequest, nil
	}
	return 0, l.opsError()
}

// keepOps stores the operations that somebody typed with their uploads. Those of a
// comparison were counted, and stay. What cannot be read goes back to the page, which
// says so beside the field.
func (s *Server) keepOps(c echo.Context) error {
	ctx := c.Request().Context()
	next := ownPath(c.FormValue("next"))
	for _, name := range []string{"base", "other"} {
		if _, err := operations(c.FormValue(name + "_ops")); err != nil {
			for _, name := range []string{"base_ops", "other_ops"} {
				next = withParam(next, name) + url.QueryEscape(c.FormValue(name))
			}
			return c.Redirect(http.StatusSeeOther, next)
		}
	}
	for _, name := range []string{"base", "other"} {
		pid, typed := c.FormValue("keep_"+name), strings.TrimSpace(c.FormValue(name+"_ops"))
		if pid == "" || typed == "" {
			continue
		}
		ops, err := operations(typed)
		if err != nil {
			return err
		}
		row, err := s.Archive.Profile(ctx, pid)
		if err != nil {
			return err
		}
		if row.Comparison != "" || row.Ops == ops {
			continue
		}
		if err := s.Desk.SetOps(ctx, pid, ops); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, next)
}
