// Package compare is a comparison without server or database: it measures, keeps
// the results in memory, and computes the same report that the dashboard shows.
package compare

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
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
	// Merged are the profiles of each cell and side over all rounds.
	Merged []profiles.Evidence
}

// Run measures spec and returns the outcome. Progress goes to progress in lines
// for people.
func Run(ctx context.Context, spec runner.Spec, progress io.Writer) (*Outcome, error) {
	raw, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	f := host.ReadFingerprint()
	fingerprint, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	cells := spec.Cells()
	o := &Outcome{Report: export.Report{Procs: f.CPUs, Comparison: profiles.Comparison{
		Title: spec.Name(), State: profiles.Running, Spec: raw, Base: string(spec.Base), Cells: cells, Host: f.Hostname,
		Fingerprint: fingerprint, Attempt: 1, Total: len(cells) * spec.Rounds, CreatedAt: time.Now(), StartedAt: time.Now(),
	}}}
	parts := map[merge.Key][]merge.Part{}
	err = bench.Compare(ctx, spec, bench.Options{
		Progress: func(p runner.Progress) { report(progress, p, o.Comparison) },
		Result: func(r runner.Result) error {
			r.ID = int64(len(o.Runs) + 1)
			o.Runs = append(o.Runs, r.Run)
			o.Comparison.Done++
			return gather(parts, r)
		},
	})
	if err != nil {
		return o, err
	}
	o.Comparison.State, o.Comparison.FinishedAt = profiles.Done, time.Now()
	return o, o.compute(spec, parts)
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
			k := merge.Key{Cell: cell, Side: side, Kind: profiles.Go}
			if len(parts[k]) == 0 {
				continue
			}
			e, err := merge.Rounds(o.Comparison, k, parts[k])
			if err != nil {
				return err
			}
			o.Merged = append(o.Merged, e)
			o.Profiles = append(o.Profiles, e.Profile)
			merged, err := guard.DecodeBytes(e.Data, guard.Default())
			if err != nil {
				return err
			}
			files := bench.Sources([]*profile.Profile{merged})
			o.Lines = append(o.Lines, verdict.Lines{
				Cell: cell, Side: side, Ops: e.Ops,
				Parts: listing.Breakdown(merged, len(merged.SampleType)-1, spec.Workload.Function(side), files),
			})
		}
	}
	o.Summary = stats.Summarize(o.Comparison, o.Runs)
	o.Verdict = verdict.Of(o.Comparison, o.Summary, o.Lines)
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

// Save writes the profiles as <socket>.<client|server>.<kind>.pprof, with the
// whole cell in the name where the socket alone does not tell, and result.json,
// into dir, which is made when it is absent.
func (o *Outcome) Save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the directory of --out: %w", err)
	}
	names := map[string]int{}
	for _, c := range o.Comparison.Cells {
		if !c.AA {
			names[c.Socket]++
		}
	}
	for _, e := range o.Merged {
		c := o.Comparison.Cells[e.Cell]
		name := c.Slug()
		if names[c.Socket] == 1 {
			name = c.Socket
			if c.AA {
				name += "-aa"
			}
		}
		file := filepath.Join(dir, fmt.Sprintf("%s.%s.%s.pprof", name, e.Side, e.Kind))
		if err := os.WriteFile(file, e.Data, 0o644); err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
	}
	raw, err := json.MarshalIndent(o.Document(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "result.json"), append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
