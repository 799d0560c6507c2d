package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/templates"
)

// takes is how long a spec takes: hosts work at the same time, so as long as on
// the slowest of them.
func (s *Server) takes(spec runner.Spec, ms machines) time.Duration {
	longest := time.Duration(0)
	for _, name := range spec.HostNames() {
		longest = max(longest, s.Estimate(ms.onHost(spec, name)))
	}
	return longest
}

// plan says what a spec that is not wrong does, before it is done.
func (s *Server) plan(spec runner.Spec, ms machines) templates.Plan {
	cells := spec.CellsWhere(ms.missing)
	measured := profiles.Measured(cells)
	unbound := spec
	unbound.Budget = 0
	full, takes := s.takes(unbound, ms), s.takes(spec, ms)
	p := templates.Plan{Notes: []string{}, Skipped: skipped(cells)}
	p.Text = plural(measured, "cell", "cells") + " with the A/A cell"
	if groups := groupsOf(cells); groups > 1 {
		p.Text = plural(measured, "cell", "cells") + " with the A/A cells"
	}
	if n := len(cells) - measured; n > 0 {
		p.Text += fmt.Sprintf(", %d more n/a", n)
	}
	p.Text += " · " + plural(measured*spec.Rounds, "run", "runs") + " · " + quantity.About(takes)
	p.Notes = append(p.Notes, budgetNote(spec, full)...)
	p.Notes = append(p.Notes, gradeNote(spec)...)
	return withHosts(p, ms.of(spec))
}

// budgetNote says what the time budget does; full is the time without one.
func budgetNote(spec runner.Spec, full time.Duration) []string {
	switch budget := time.Duration(spec.Budget) * time.Second; {
	case budget == 0:
		return nil
	case full > budget:
		return []string{fmt.Sprintf("In full it would take %s: to keep the time budget of %s, passes are cut shorter. Shorter passes mean wider intervals; no round is left out.", quantity.About(full), quantity.Lasting(budget))}
	default:
		return []string{fmt.Sprintf("It keeps within the time budget of %s; should the machine be slower than that, passes are cut shorter.", quantity.Lasting(budget))}
	}
}

func gradeNote(spec runner.Spec) []string {
	if spec.Rounds < runner.QuickRounds {
		return []string{fmt.Sprintf("With fewer than %d rounds there is no 95 %% interval, so no difference can be called.", runner.QuickRounds)}
	}
	return nil
}

// withHosts adds what is to be known about the hosts: who is away, and that they
// are not alike.
func withHosts(p templates.Plan, chosen machines) templates.Plan {
	for i, m := range chosen {
		if !m.online() {
			p.Notes = append(p.Notes, fmt.Sprintf("The host %s is not online: its part waits until its worker is back.", m.Name))
		}
		if i == 0 {
			continue
		}
		differ := []string{}
		for _, d := range host.Differences(chosen[0].print, m.print) {
			differ = append(differ, d.Name)
		}
		if n := len(differ); n > 4 {
			differ = append(differ[:3], fmt.Sprintf("%d more", n-3))
		}
		if len(differ) > 0 {
			p.Notes = append(p.Notes, fmt.Sprintf("%s and %s are not alike (%s): each host is compared with its own base.", chosen[0].Name, m.Name, strings.Join(differ, ", ")))
		}
	}
	if len(chosen) > 1 {
		p.Text += " on " + plural(len(chosen), "host", "hosts") + " at once"
	}
	return p
}

func groupsOf(cells []profiles.Cell) int {
	n := 0
	for _, c := range cells {
		if c.AA {
			n++
		}
	}
	return n
}

// skipped gathers the cells that are not measured by their reason.
func skipped(cells []profiles.Cell) []templates.Skipped {
	out := []templates.Skipped{}
	at := map[string]int{}
	names := [][]string{}
	for _, c := range cells {
		if c.NA == "" {
			continue
		}
		i, ok := at[c.NA]
		if !ok {
			i = len(out)
			at[c.NA] = i
			out, names = append(out, templates.Skipped{Reason: c.NA}), append(names, nil)
		}
		name := c.Name()
		if c.Host != "" {
			name += " on " + c.Host
		}
		if !slices.Contains(names[i], name) {
			names[i] = append(names[i], name)
		}
	}
	for i := range out {
		out[i].Cells = strings.Join(names[i], ", ")
	}
	return out
}

// check is what is wrong with a spec here, beside what could not even be read.
func (s *Server) check(ctx context.Context, spec runner.Spec, unread runner.FieldErrors) (runner.FieldErrors, error) {
	ms, err := s.machines(ctx)
	if err != nil {
		return nil, err
	}
	return s.wrong(spec, unread, ms), nil
}

func (s *Server) wrong(spec runner.Spec, unread runner.FieldErrors, ms machines) runner.FieldErrors {
	var es runner.FieldErrors
	errors.As(spec.Validate(), &es)
	if len(es) == 0 || !slices.ContainsFunc(es, func(e runner.FieldError) bool { return e.Field == "base" || e.Field == "hosts" || e.Field == "host" }) {
		es = append(es, ms.wrong(spec)...)
	}
	if own := ms.find(""); len(es) == 0 && s.Obstacles != nil && slices.ContainsFunc(ms.of(spec), func(m machine) bool { return m.own }) {
		for _, o := range s.Obstacles(ms.onHost(spec, own.Name)) {
			es = append(es, runner.FieldError{Field: "sockets", Sentence: o})
		}
	}
	if spec.Kernel == runner.KernelRequire && s.Host.Kernel != "" && slices.ContainsFunc(ms.of(spec), func(m machine) bool { return m.own }) {
		es = append(es, runner.FieldError{Field: "kernel", Sentence: s.Host.Kernel})
	}
	if len(es) == 0 {
		es = s.tooShort(spec, ms)
	}
	return slices.DeleteFunc(es, func(e runner.FieldError) bool {
		return slices.ContainsFunc(unread, func(u runner.FieldError) bool { return u.Field == e.Field })
	})
}

// tooShort is what is wrong with a time budget that even the shortest passes do not
// keep.
func (s *Server) tooShort(spec runner.Spec, ms machines) runner.FieldErrors {
	budget := time.Duration(spec.Budget) * time.Second
	takes := s.takes(spec, ms)
	if budget == 0 || takes <= budget {
		return nil
	}
	runs := profiles.Measured(spec.CellsWhere(ms.missing)) * spec.Rounds
	return runner.FieldErrors{{Field: "budget_s", Sentence: fmt.Sprintf("%s take %s even with the shortest passes, which is more than the time budget of %s; give it more time, or ask for fewer cells or rounds.",
		plural(runs, "run", "runs"), quantity.About(takes), quantity.Lasting(budget))}}
}
