package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// maxQueued is how many comparisons may wait.
const maxQueued = 100

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
	ctx := c.Request().Context()
	ms, err := s.machines(ctx)
	if err != nil {
		return profiles.Comparison{}, err
	}
	cells := spec.CellsWhere(ms.missing)
	created, err := s.Desk.CreateComparison(ctx, profiles.Comparison{
		Title: spec.Name(), State: profiles.Queued, Spec: raw, Base: string(spec.Base), Cells: cells,
		Host: strings.Join(ms.of(spec).names(), ", "), Total: profiles.Measured(cells) * spec.Rounds, CreatedAt: s.Now(),
	})
	if err != nil {
		return created, fmt.Errorf("store the comparison: %w", err)
	}
	if err := s.Queue.Submit(ctx, created.ID); err != nil {
		s.Log.ErrorContext(ctx, "order not published; it goes out at the next start", "comparison", created.ID, "err", err)
	}
	return created, nil
}

// fieldsOf gives access to the fields of a form by name.
func fieldsOf(f *templates.NewForm) map[string]*templates.Field {
	return map[string]*templates.Field{
		"title": &f.Title, "workload": &f.Workload, "sockets": &f.Sockets, "base": &f.Base, "sizes": &f.Sizes,
		"concurrency": &f.Concurrency, "placements": &f.Placements, "requests": &f.Requests, "rounds": &f.Rounds,
		"kernel": &f.Kernel, "host": &f.Hosts, "hosts": &f.Hosts, "variants": &f.Variants, "rate": &f.Rate, "budget_s": &f.Budget, "ports": &f.Ports,
	}
}

// mark puts each sentence at its field; one about a field that the form does not
// show, such as the host where there is one only, is about the whole form.
func mark(f *templates.NewForm, wrong runner.FieldErrors) {
	fields := fieldsOf(f)
	for _, e := range wrong {
		switch field := fields[e.Field]; {
		case field == nil || field.Name == "":
			if f.Error == "" {
				f.Error = e.Sentence
			}
		case field.Error == "":
			field.Error = e.Sentence
		}
	}
}

// keepTyped gives texts back as they were typed, also what could not be read.
func keepTyped(f *templates.NewForm, typed url.Values) {
	for _, field := range fieldsOf(f) {
		if len(field.Options) == 0 && typed.Has(field.Name) {
			field.Value = typed.Get(field.Name)
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
