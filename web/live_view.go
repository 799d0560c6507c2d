package web

import (
	"context"
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// live is a comparison that has more to come.
func (s *Server) live(ctx context.Context, r *report) *templates.Live {
	c := r.Comparison
	p, running := s.Queue.Progress(c.ID)
	v := &templates.Live{Done: c.Done, Total: c.Total, Rounds: r.roundCells(p, running), Now: waiting(c.State)}
	if running && p.Round > 0 && p.Cell >= 0 && p.Cell < len(c.Cells) {
		v.Now = fmt.Sprintf("Round %d of %d · %s · %s", p.Round, c.Rounds(), r.label(p.Cell), p.Phase)
	}
	v.Left = fmt.Sprintf("%d of %s", c.Done, plural(c.Total, "run", "runs"))
	switch {
	case running && p.Left > 0:
		v.Left += " · " + quantity.About(p.Left) + " left"
	case c.State == profiles.Queued:
		if takes := s.queuedTakes(ctx, r.spec); takes > 0 {
			v.Left += " · takes " + quantity.About(takes)
		}
	}
	if len(r.Runs) > 0 && len(r.sets) > 0 {
		group := r.first()
		if tables := r.measured(group); len(tables) > 0 {
			m := tables[0]
			m.Title = "So far"
			if where := r.where(c.Cells[group[0]]); where != "" {
				m.Title += ": " + where
			}
			v.SoFar = &m
		}
		chart := r.roundsChart(group)
		v.Chart = &chart
		if r.many() {
			v.Matrix = r.matrix(lens{Group: -1}, verdict.Metric(c, r.Summary), "")
			v.Matrix.Metrics = nil
		}
	}
	return v
}

// queuedTakes is how long a queued comparison takes, by what its form has said; 0
// where nobody knows the hosts.
func (s *Server) queuedTakes(ctx context.Context, spec runner.Spec) time.Duration {
	ms, err := s.machines(ctx)
	if err != nil {
		s.Log.ErrorContext(ctx, "hosts not read", "err", err)
		return 0
	}
	return s.takes(spec, ms)
}

func waiting(state profiles.State) string {
	switch state {
	case profiles.Queued:
		return "Queued: it starts when those before it are done"
	case profiles.Interrupted:
		return "Interrupted: it goes on as soon as a worker is free"
	}
	return "Starting"
}

func (r *report) roundCells(p runner.Progress, running bool) []templates.RoundCell {
	per := profiles.Measured(r.Comparison.Cells)
	done := map[int]int{}
	for _, run := range r.Runs {
		done[run.Round]++
	}
	cells := []templates.RoundCell{}
	for n := 1; n <= r.Comparison.Rounds(); n++ {
		cell := templates.RoundCell{Number: n, State: "todo", Title: fmt.Sprintf("round %d: %d of %s", n, done[n], plural(per, "run", "runs"))}
		switch {
		case done[n] == per:
			cell.State = "done"
		case running && p.Round == n:
			cell.State = "now"
		}
		cells = append(cells, cell)
	}
	return cells
}
