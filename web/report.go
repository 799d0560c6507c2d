package web

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
)

func moment(t time.Time) string { return quantity.Moment(t.UTC()) + " UTC" }

func plural(n int, one, many string) string { return quantity.Plural(int64(n), one, many) }

// report is everything that is known of a comparison, computed from what is stored.
type report struct {
	export.Report
	spec    runner.Spec
	sets    [][]int        // groups of cells, see setsOf
	colours map[string]int // by the name of a cell, from 1
	varies  variation
}

// report reads a comparison and computes upon it. Of one that has ended it is
// kept: nothing about it changes any more.
func (s *Server) report(ctx context.Context, cid string) (*report, error) {
	c, err := s.Archive.Comparison(ctx, cid)
	if err != nil {
		return nil, err
	}
	if !c.State.Final() {
		r, _, err := s.compute(ctx, c)
		return r, err
	}
	ctx = context.WithoutCancel(ctx) // it is for all who wait
	return cached(s.evidence.cache, "report "+cid+" "+string(c.State), func() (*report, int64, error) { return s.compute(ctx, c) })
}

func (s *Server) compute(ctx context.Context, c profiles.Comparison) (*report, int64, error) {
	r := &report{Report: export.Report{Comparison: c}}
	if err := json.Unmarshal(c.Spec, &r.spec); err != nil {
		return nil, 0, fmt.Errorf("read the spec of %s: %w", c.ID, err)
	}
	var err error
	if r.Runs, err = s.Archive.Runs(ctx, c.ID); err != nil {
		return nil, 0, err
	}
	if r.Profiles, err = s.Archive.Profiles(ctx, c.ID); err != nil {
		return nil, 0, err
	}
	r.Procs = s.fingerprint(r).CPUs
	r.Summary = stats.Summarize(c, r.Runs)
	r.sets, r.colours, r.varies = setsOf(r.Summary), coloursOf(c), variationOf(c.Cells)
	for _, p := range r.Profiles {
		// What lines cost is told by Go's profiles: every comparison has them.
		if !p.Merged() || p.Kind != profiles.Go || p.Ops <= 0 || p.Cell < 0 || p.Cell >= len(c.Cells) {
			continue
		}
		lines, err := s.costs(ctx, p, r.spec.Workload.Function(p.Side))
		if err != nil {
			return nil, 0, err
		}
		r.Lines = append(r.Lines, lines)
	}
	deep, err := s.deep(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	r.Verdict = verdict.Of(c, r.Summary, r.Lines, deep...)
	const rowBytes = 4096 // a run with its metrics, roughly
	return r, int64(len(r.Runs)+len(r.Profiles)) * rowBytes, nil
}

// costs splits a merged profile by the line of the workload's loop.
func (s *Server) costs(ctx context.Context, p profiles.Profile, function string) (verdict.Lines, error) {
	l := verdict.Lines{Cell: p.Cell, Side: p.Side, Ops: p.Ops}
	decoded, err := s.evidence.profile(ctx, p)
	if err != nil {
		return l, err
	}
	sampleType, err := sampleType(decoded, "")
	if err != nil {
		return l, err
	}
	files, err := s.evidence.files(ctx, p)
	if err != nil {
		return l, err
	}
	l.Parts = listing.Breakdown(decoded, sampleType, function, files)
	return l, nil
}

// merged finds the merge of a cell's profiles of one side.
func (r *report) merged(cell int, side profiles.Side, kind profiles.Kind) (profiles.Profile, bool) {
	for _, p := range r.Profiles {
		if p.Merged() && p.Cell == cell && p.Side == side && p.Kind == kind {
			return p, true
		}
	}
	return profiles.Profile{}, false
}

// sideAndKind names a profile within its cell.
func sideAndKind(p profiles.Profile) string {
	if p.Kind == profiles.Kernel {
		return string(p.Side) + ", with kernel"
	}
	return string(p.Side)
}
