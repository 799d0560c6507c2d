// Package bench measures: one run, one round, one whole comparison.
//
// A comparison is made of rounds; a round runs every cell of the plan once, in a
// fresh random order; a run is one cell in one round, with a fresh server process
// and a fresh client process:
//
//  1. both start, each tied to its CPUs, and open the socket;
//  2. warm-up, thrown away;
//  3. the timing pass: exactly the requests of the Spec, no profiler. All
//     published latencies, rates and CPU times come from here;
//  4. the profiled pass: the same loop in the same processes with the CPU profiler
//     on at both sides. Its latency is used only to tell the profiler's effect.
//
// The round is the datum: what varies from run to run (placement in memory, hash
// seeds, neighbours) varies between processes, so statistics inside one run would
// promise too much.
package bench

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

// Options of a comparison. The zero value works; then nobody hears of it.
// The functions are called one at a time, from the goroutine of Compare.
type Options struct {
	// Skip reports that a run is done already, as after an interruption. Rounds
	// count from 1, cells index the plan of the Spec.
	Skip func(round, cell int) bool
	// Result takes each run as soon as it is done. An error ends the comparison.
	Result func(runner.Result) error
	// Progress is told of each phase of each run.
	Progress func(runner.Progress)
	// RunDir is where run directories are made; "" for [DefaultRunDir]. It must be
	// private, and short: the path of a unix socket has 107 bytes.
	RunDir string
	Log    *slog.Logger // nil for none
	// Seed of the random order within rounds; 0 for a fresh one. An interrupted
	// comparison that goes on with its old seed keeps the order of its rounds.
	Seed uint64
	// Profile is how long the profiled pass is at the least; 0 for the default.
	Profile time.Duration
	// Env is added to the environment of the children.
	Env []string
}

// Compare makes all runs of a comparison, round by round. When ctx ends it kills
// the children and returns the cause, well within a second. It leaves no process
// and no file behind in any case.
func Compare(ctx context.Context, spec runner.Spec, o Options) error {
	spec = spec.WithDefaults()
	if err := spec.Validate(); err != nil {
		return err
	}
	c, err := newComparison(spec, o)
	if err != nil {
		return err
	}
	for round := 1; round <= spec.Rounds; round++ {
		for position, cell := range order(c.seed, round, len(c.cells)) {
			if o.Skip != nil && o.Skip(round, cell) {
				continue
			}
			if err := c.one(ctx, round, position, cell); err != nil {
				return err
			}
		}
	}
	c.report(runner.Progress{})
	return nil
}

// comparison is one call of Compare.
type comparison struct {
	spec   runner.Spec
	o      Options
	seed   uint64
	cells  []profiles.Cell
	runDir string
	log    *slog.Logger
	left   forecast
	done   int
}

func newComparison(spec runner.Spec, o Options) (*comparison, error) {
	c := &comparison{spec: spec, o: o, seed: o.Seed, cells: spec.Cells(), runDir: o.RunDir, log: o.Log}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	for c.seed == 0 {
		c.seed = rand.Uint64()
	}
	var err error
	if c.runDir == "" {
		if c.runDir, err = DefaultRunDir(); err != nil {
			return nil, err
		}
	}
	c.left = newForecast(spec, c.cells)
	for round := 1; round <= spec.Rounds; round++ {
		for cell := range c.cells {
			if o.Skip != nil && o.Skip(round, cell) {
				c.left.skip(cell)
				c.done++
			}
		}
	}
	return c, nil
}

// order is the random order of the cells in a round. It hangs on the seed and
// the round alone, so it does not change when some runs are skipped.
func order(seed uint64, round, cells int) []int {
	return rand.New(rand.NewPCG(seed, uint64(round))).Perm(cells)
}

// one makes the run of a cell in a round and hands on its result.
func (c *comparison) one(ctx context.Context, round, position, cell int) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	began := time.Now()
	r := run{
		spec: c.spec, cell: c.cells[cell], runDir: c.runDir, env: c.o.Env, profile: c.o.Profile,
		places: host.Place(runner.Placement(c.cells[cell].Placement)),
		phase: func(name string) {
			c.report(runner.Progress{
				Round: round, Cell: cell, Phase: name,
				Left: c.left.after(cell, time.Since(began)),
			})
		},
	}
	result, err := r.do(ctx)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("round %d of %s: %w", round, c.cells[cell].Name(), err)
	}
	result.Round, result.Cell, result.Position = round, cell, position
	result.StartedAt, result.Elapsed = began, time.Since(began)
	c.done++
	c.left.took(cell, result.Elapsed)
	c.log.DebugContext(ctx, "run done", "round", round, "cell", c.cells[cell].Slug(), "elapsed", result.Elapsed)
	if c.o.Result == nil {
		return nil
	}
	if err := c.o.Result(result); err != nil {
		return fmt.Errorf("hand on round %d of %s: %w", round, c.cells[cell].Name(), err)
	}
	return nil
}

func (c *comparison) report(p runner.Progress) {
	if c.o.Progress == nil {
		return
	}
	p.Done, p.Total = c.done, c.spec.Rounds*len(c.cells)
	c.o.Progress(p)
}
