package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// maxQueued is how many comparisons may wait.
const maxQueued = 100

// check is what is wrong with a spec here, on this host, beside what could not
// even be read.
func (s *Server) check(spec runner.Spec, unread runner.FieldErrors) runner.FieldErrors {
	var wrong, es runner.FieldErrors
	errors.As(spec.Validate(), &es)
	if spec.Host != "" && spec.Host != s.Host.Name {
		es = append(es, runner.FieldError{Field: "host", Sentence: fmt.Sprintf("There is no host %q; this server runs comparisons on %s.", clip(spec.Host), s.Host.Name)})
	}
	if len(es) == 0 && s.Obstacles != nil {
		for _, o := range s.Obstacles(spec) {
			es = append(es, runner.FieldError{Field: "sockets", Sentence: o})
		}
	}
	for _, e := range es {
		told := false
		for _, u := range unread {
			told = told || u.Field == e.Field
		}
		if !told {
			wrong = append(wrong, e)
		}
	}
	return wrong
}

// queueUp stores a comparison and hands it to the queue. Once it is stored it is
// not lost: should the order not go out, the next start sends it.
func (s *Server) queueUp(c echo.Context, spec runner.Spec) (profiles.Comparison, error) {
	n, err := s.Archive.Counts(c.Request().Context())
	if err != nil {
		return profiles.Comparison{}, err
	}
	if queued := n[profiles.Queued] + n[profiles.Interrupted]; queued >= maxQueued {
		c.Response().Header().Set("Retry-After", "60")
		return profiles.Comparison{}, sentence(http.StatusTooManyRequests, "%d comparisons wait already: cancel some, or try again when they are done.", queued)
	}
	raw, err := json.Marshal(spec)
	if err != nil {
		return profiles.Comparison{}, err
	}
	cells := spec.Cells()
	host := spec.Host
	if host == "" {
		host = s.Host.Name
	}
	ctx := c.Request().Context()
	created, err := s.Desk.CreateComparison(ctx, profiles.Comparison{
		Title: spec.Name(), State: profiles.Queued, Spec: raw, Base: string(spec.Base), Cells: cells, Host: host,
		Total: len(cells) * spec.Rounds, CreatedAt: s.Now(),
	})
	if err != nil {
		return created, fmt.Errorf("store the comparison: %w", err)
	}
	if err := s.Queue.Submit(ctx, created.ID); err != nil {
		s.Log.ErrorContext(ctx, "order not published; it goes out at the next start", "comparison", created.ID, "err", err)
	}
	return created, nil
}

// estimate says how long a spec takes, in words and as what the script needs to
// say it again while people type.
func (s *Server) estimate(spec runner.Spec) templates.Estimate {
	cells := len(spec.Cells())
	runs := cells * spec.Rounds
	e := templates.Estimate{Text: fmt.Sprintf("%s with the A/A cell · %s · %s", plural(cells, "cell", "cells"), plural(runs, "run", "runs"), quantity.About(s.Estimate(spec)))}
	if runs == 0 {
		return e
	}
	// The estimate is linear in the requests: two points give both terms.
	few, many := spec, spec
	few.Requests, many.Requests = 10_000, 1_000_000
	a, b := s.Estimate(few).Seconds()/float64(runs), s.Estimate(many).Seconds()/float64(runs)
	e.PerRequest = (b - a) / 990_000
	e.PerRun = a - e.PerRequest*10_000
	return e
}

// fieldsOf gives access to the fields of a form by name.
func fieldsOf(f *templates.NewForm) map[string]*templates.Field {
	return map[string]*templates.Field{
		"title": &f.Title, "workload": &f.Workload, "sockets": &f.Sockets, "base": &f.Base, "sizes": &f.Sizes,
		"concurrency": &f.Concurrency, "placements": &f.Placements, "requests": &f.Requests, "rounds": &f.Rounds,
		"kernel": &f.Kernel, "host": &f.Host,
	}
}

// mark puts each sentence at its field.
func mark(f *templates.NewForm, wrong runner.FieldErrors) {
	fields := fieldsOf(f)
	for _, e := range wrong {
		if field := fields[e.Field]; field != nil && field.Error == "" {
			field.Error = e.Sentence
		} else if field == nil {
			f.Error = e.Sentence
		}
	}
}

// keepTyped gives texts back as they were typed, also what could not be read.
func keepTyped(f *templates.NewForm, typed url.Values) {
	for name, field := range fieldsOf(f) {
		if len(field.Options) == 0 && typed.Has(name) {
			field.Value = typed.Get(name)
		}
	}
}

func (s *Server) cancelComparison(c echo.Context) error {
	if _, err := s.Queue.Cancel(c.Request().Context(), c.Param("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/comparisons/"+url.PathEscape(c.Param("id")))
}

func (s *Server) deleteComparison(c echo.Context) error {
	if err := s.remove(c, c.Param("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/comparisons")
}

// remove deletes a comparison that has ended: one that runs is canceled first.
func (s *Server) remove(c echo.Context, cid string) error {
	cmp, err := s.Archive.Comparison(c.Request().Context(), cid)
	if err != nil {
		return err
	}
	if !cmp.State.Final() {
		return sentence(http.StatusConflict, "%s has not ended: cancel it first, then delete it.", cmp.ID)
	}
	if err := s.Desk.DeleteComparison(c.Request().Context(), cid); err != nil {
		return err
	}
	s.Queue.Deleted(cid)
	return nil
}
