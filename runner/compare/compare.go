// Package compare is a comparison without server or database: it measures, keeps
// the results in memory, and computes the same report that the dashboard shows.
package compare

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/buckets"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/host"
)

// Outcome is what a comparison came to.
type Outcome struct {
	export.Report
	// Deep is what the kernel-deep profiles say about calls on sockets.
	Deep []verdict.Deep
	// Merged are the profiles of each cell and side over all rounds.
	Merged []profiles.Evidence
	// Histograms are the latencies of every run, in the order in which they ran.
	Histograms []export.Histogram
}

// Options of a comparison. The zero value works.
type Options struct {
	// Cells is the plan, with those that cannot be measured here; nil for that of the
	// Spec.
	Cells []profiles.Cell
	// Progress takes lines for people; nil for nobody.
	Progress io.Writer
}

// Run measures spec and returns the outcome.
func Run(ctx context.Context, spec runner.Spec, o Options) (*Outcome, error) {
	spec = spec.WithDefaults()
	if o.Cells == nil {
		o.Cells = spec.Cells()
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	raw, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	f := host.ReadFingerprint()
	fingerprint, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Report: export.Report{Procs: f.CPUs, Comparison: profiles.Comparison{
		Title: spec.Name(), State: profiles.Running, Spec: raw, Base: string(spec.Base), Cells: o.Cells, Host: f.Hostname,
		Fingerprint: fingerprint, Attempt: 1, Total: profiles.Measured(o.Cells) * spec.Rounds, CreatedAt: time.Now(), StartedAt: time.Now(),
	}}}
	parts := map[merge.Key][]merge.Part{}
	err = bench.Compare(ctx, spec, bench.Options{
		Cells:    o.Cells,
		Progress: func(p runner.Progress) { report(o.Progress, p, out.Comparison) },
		Result:   func(r runner.Result) error { return out.take(parts, r) },
	})
	if err != nil {
		return out, err
	}
	out.Comparison.State, out.Comparison.FinishedAt = profiles.Done, time.Now()
	return out, out.compute(spec, parts)
}

// take keeps the result of one run.
func (o *Outcome) take(parts map[merge.Key][]merge.Part, r runner.Result) error {
	r.ID = int64(len(o.Runs) + 1)
	o.Runs = append(o.Runs, r.Run)
	o.Comparison.Done++
	if len(r.Histogram) > 0 { // a stream has no latencies
		o.Histograms = append(o.Histograms, export.Histogram{
			Cell: o.Comparison.Cells[r.Cell], Round: r.Round, Started: r.StartedAt, Elapsed: r.Elapsed, Data: r.Histogram,
		})
	}
	return gather(parts, r)
}

func gather(parts map[merge.Key][]merge.Part, r runner.Result) error {
	for _, p := range r.Profiles {
		decoded, err := guard.DecodeBytes(p.Data, guard.Default())
		if err != nil {
			return fmt.Errorf("decode the %s profile of round %d: %w", p.Side, r.Round, err)
		}
		k := merge.Key{Cell: r.Cell, Side: p.Side, Kind: p.Kind}
		parts[k] = append(parts[k], merge.Part{Profile: decoded, Ops: p.Ops, Duration: p.Duration})
	}
	return nil
}

// compute merges the profiles and says what it all shows.
func (o *Outcome) compute(spec runner.Spec, parts map[merge.Key][]merge.Part) error {
	for cell := range o.Comparison.Cells {
		for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
			for _, kind := range []profiles.Kind{profiles.Go, profiles.Kernel} {
				k := merge.Key{Cell: cell, Side: side, Kind: kind}
				if err := o.merge(spec, k, parts[k]); err != nil {
					return err
				}
			}
		}
	}
	o.Summary = stats.Summarize(o.Comparison, o.Runs)
	o.Verdict = verdict.Of(o.Comparison, o.Summary, o.Lines, o.Deep...)
	return nil
}

// merge makes one profile of the parts. What the lines cost is told by Go's profiles.
func (o *Outcome) merge(spec runner.Spec, k merge.Key, parts []merge.Part) error {
	if len(parts) == 0 {
		return nil
	}
	e, err := merge.Rounds(o.Comparison, k, parts)
	if err != nil {
		return err
	}
	o.Merged = append(o.Merged, e)
	o.Profiles = append(o.Profiles, e.Profile)
	merged, err := guard.DecodeBytes(e.Data, guard.Default())
	if err != nil {
		return err
	}
	if k.Kind == profiles.Kernel {
		cpu := len(merged.SampleType) - 1
		o.Deep = append(o.Deep, verdict.Deep{Cell: k.Cell, Side: k.Side, Ops: e.Ops, Total: buckets.Of(merged, cpu).Total, Calls: buckets.Calls(merged, cpu)})
		return nil
	}
	files := bench.Sources([]*profile.Profile{merged})
	o.Lines = append(o.Lines, verdict.Lines{
		Cell: k.Cell, Side: k.Side, Ops: e.Ops,
		Parts: listing.Breakdown(merged, len(merged.SampleType)-1, spec.Workload.Function(k.Side), files),
	})
	return nil
}

// report writes one line for each phase of each run.
func report(w io.Writer, p runner.Progress, c profiles.Comparison) {
	if p.Round == 0 || p.Cell < 0 || p.Cell >= len(c.Cells) {
		return
	}
	line := fmt.Sprintf("round %d of %d · %s · %s · %d of %d runs", p.Round, c.Rounds(), c.Cells[p.Cell].Name(), p.Phase, p.Done, p.Total)
	if p.Left > 0 {
		line += " · " + quantity.About(p.Left) + " left"
	}
	fmt.Fprintln(w, line)
}
