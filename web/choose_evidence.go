package web

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/advice"
	"github.com/sockscope/sockscope/runner"
)

// How far back evidence is looked for: of so many comparisons the plan is read, and
// of one or two the runs.
const (
	lookBack = 300
	lookPage = 100
)

// settings are what was measured on a host, the newest first.
func (s *Server) settings(ctx context.Context, m machine) ([]advice.Setting, error) {
	all := []advice.Setting{}
	before := ""
	for seen := 0; seen < lookBack; seen += lookPage {
		list, err := s.Archive.Comparisons(ctx, before, lookPage)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if c.State != profiles.Done {
				continue
			}
			var spec runner.Spec
			if json.Unmarshal(c.Spec, &spec) != nil {
				continue
			}
			for _, setting := range advice.SettingsOf(c, spec.Rate) {
				if setting.Host == m.Name || setting.Host == "" && m.own {
					all = append(all, setting)
				}
			}
		}
		if len(list) < lookPage {
			break
		}
		before = list[len(list)-1].ID
	}
	return all, nil
}

// nearest finds the setting of a workload that says most about a case: it covers
// sockets to choose from, the base among them, then it is near, then it covers more,
// then it is newer. One of the comparison that somebody came from goes before. base
// is the socket to compare with; "" for any. ok is false where none covers any.
func nearest(all []advice.Setting, a asked, workload, base string, candidates []advice.Candidate) (best advice.Setting, ok bool) {
	most := rank{}
	for _, s := range all {
		if s.Workload != workload || base != "" && s.Sockets[0] != base {
			continue
		}
		r := rankOf(s, a, candidates)
		if r.covers > 0 && (!ok || r.above(most)) {
			best, most, ok = s, r, true
		}
	}
	return best, ok
}

// rank orders settings.
type rank struct {
	asked    bool
	compares bool // it compares two sockets that can be chosen, one of them the base
	distance float64
	covers   int
}

func rankOf(s advice.Setting, a asked, candidates []advice.Candidate) rank {
	r := rank{asked: a.comparison != "" && s.Comparison == a.comparison, distance: math.Round(2*a.Distance(s)) / 2}
	base := false
	for i, name := range s.Sockets {
		for _, c := range candidates {
			if c.Name == name && c.Standing != advice.Out && a.Elsewhere(c.Socket) == "" {
				r.covers++
				base = base || i == 0
			}
		}
	}
	r.compares = base && r.covers > 1
	return r
}

// above reports whether r goes before o; the newer of two equal ones came first.
func (r rank) above(o rank) bool {
	switch {
	case r.asked != o.asked:
		return r.asked
	case r.compares != o.compares:
		return r.compares
	case r.distance != o.distance:
		return r.distance < o.distance
	}
	return r.covers > o.covers
}

// evidenceFor finds what answers for each part of a case, nothing where one of them
// was never measured; the differences of all are from the same base.
func (s *Server) evidenceFor(ctx context.Context, a asked, m machine, candidates []advice.Candidate) ([]advice.Evidence, error) {
	all, err := s.settings(ctx, m)
	if err != nil {
		return nil, err
	}
	found, base := []advice.Evidence{}, ""
	for _, p := range a.Parts() {
		setting, ok := nearest(all, a, p.Workload, base, candidates)
		if !ok {
			return nil, nil
		}
		e, ok, err := s.measuredIn(ctx, setting)
		if err != nil || !ok {
			return nil, err
		}
		found, base = append(found, e), setting.Sockets[0]
	}
	return found, nil
}

// measuredIn computes what a setting's comparison measured; nothing about one that is
// done changes any more. ok is false where it was deleted in between, or has no
// figures.
func (s *Server) measuredIn(ctx context.Context, setting advice.Setting) (e advice.Evidence, ok bool, err error) {
	c, err := s.Archive.Comparison(ctx, setting.Comparison)
	if errors.Is(err, profiles.ErrNotFound) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	ctx = context.WithoutCancel(ctx) // it is for all who wait
	e, err = cached(s.evidence.cache, "advice "+c.ID+" "+strconv.Itoa(setting.Base), func() (advice.Evidence, int64, error) {
		runs, err := s.Archive.Runs(ctx, c.ID)
		if err != nil {
			return advice.Evidence{}, 0, err
		}
		e, _ := advice.EvidenceOf(c, runs, setting)
		const socketBytes = 4096 // its estimates with their rounds, roughly
		return e, int64(len(e.Took)+1) * socketBytes, nil
	})
	return e, len(e.Took) > 0, err
}
