// Package bench measures: one run, one round, one whole comparison.
//
// A comparison is made of rounds; a round runs every cell of the plan once, in a
// fresh random order; a run is one cell in one round, with a fresh server process
// and a fresh client process:
//
//  1. both start, each tied to its CPUs, and open the socket;
//  2. warm-up, thrown away. It tells the pace: over TCP, how many addresses of the
//     server to dial in turn so that the local ports suffice;
//  3. the timing pass, no profiler: exactly the requests of the Spec, but for a
//     stream, which goes on for [StreamAtLeast], and for what the Spec's time
//     budget cuts short. All published latencies, rates and CPU times come from
//     here;
//  4. the profiled pass: the same loop in the same processes with the CPU profiler
//     on at both sides. Its latency is used only to tell the profiler's effect.
//
// A closed loop measures service time. An open loop (Spec.Rate) measures response
// time, from when a request was due, and service time beside it. A stream has no
// latency: its rates are those of the receiver.
//
// The round is the datum: what varies from run to run (placement in memory, hash
// seeds, neighbours) varies between processes, so statistics inside one run would
// promise too much.
package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/kernel"
)

// Options of a comparison. The zero value works; then nobody hears of it.
// The functions are called one at a time, from the goroutine of Compare.
type Options struct {
	// Cells is the plan as it was stored; nil for that of the Spec. Those with a
	// reason not to be measured are not.
	Cells []profiles.Cell
	// Host is the name of this host: cells of other hosts are left to them.
	Host string
	// Skip reports that a run is done already, as after an interruption. Rounds
	// count from 1, cells index the plan.
	Skip func(round, cell int) bool
	// Result takes each run as soon as it is done. An error ends the comparison.
	Result func(runner.Result) error
	// Progress is told of each phase of each run. It counts the runs of this host.
	Progress func(runner.Progress)
	// RunDir is where run directories are made; "" for [DefaultRunDir]. It must be
	// private, and short: the path of a unix socket has 107 bytes.
	RunDir string
	Log    *slog.Logger // nil for none
	// Seed of the random order within rounds; 0 for a fresh one. An interrupted
	// comparison that goes on with its old seed keeps the order of its rounds.
	Seed uint64
	// WarmUp is how long the warm-up is at the least; 0 for the default.
	WarmUp time.Duration
	// Profile is how long the profiled pass is at the least; 0 for the default,
	// negative for no profiled pass.
	Profile time.Duration
	// Env is added to the environment of the children.
	Env []string
}

// Compare makes all runs of a comparison on this host, round by round. When ctx
// ends it kills the children and returns the cause, well within a second. It
// leaves no process and no file behind in any case.
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
		for position, i := range order(c.seed, round, len(c.mine)) {
			cell := c.mine[i]
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
	mine   []int // indices of the cells that are measured here
	runDir string
	log    *slog.Logger
	left   forecast
	budget budget
	done   int
	told   map[string]bool // warnings that hold for all runs, and were given
	// sampler is nil where the kernel is not sampled; refused says why, or what its
	// profiles lack.
	sampler *kernel.Sampler
	refused string
}

func newComparison(spec runner.Spec, o Options) (*comparison, error) {
	c := &comparison{spec: spec, o: o, seed: o.Seed, cells: o.Cells, runDir: o.RunDir, log: o.Log, told: map[string]bool{}}
	if c.cells == nil {
		c.cells = spec.Cells()
	}
	if c.mine = measured(c.cells, o.Host); len(c.mine) == 0 {
		return nil, nothing(c.cells)
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	for c.seed == 0 {
		c.seed = rand.Uint64()
	}
	var err error
	if c.o.Profile >= 0 {
		if c.sampler, c.refused, err = sampler(spec); err != nil {
			return nil, err
		}
	}
	if c.runDir == "" {
		if c.runDir, err = DefaultRunDir(); err != nil {
			return nil, err
		}
	}
	c.left = newForecast(spec, c.cells, c.mine)
	todo := spec.Rounds * len(c.mine)
	for round := 1; round <= spec.Rounds; round++ {
		for _, cell := range c.mine {
			if o.Skip != nil && o.Skip(round, cell) {
				c.left.skip(cell)
				c.done++
			}
		}
	}
	if err := fits(spec, len(c.mine)); err != nil {
		return nil, err
	}
	c.budget = newBudget(spec, todo, todo-c.done)
	return c, nil
}

// measured are the indices of the cells that are to be measured on a host.
func measured(cells []profiles.Cell, host string) []int {
	var mine []int
	for i, c := range cells {
		if c.NA == "" && (c.Host == "" || c.Host == host) {
			mine = append(mine, i)
		}
	}
	return mine
}

// nothing says why none of the cells can be measured here.
func nothing(cells []profiles.Cell) error {
	for _, c := range cells {
		if c.NA != "" {
			return fmt.Errorf("none of the cells can be measured here. %s: %s", c.Name(), c.NA)
		}
	}
	return errors.New("none of the cells is for this host")
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
		spec: c.spec, cell: c.cells[cell], runDir: c.runDir, env: c.o.Env, lengths: c.lengths(), sampler: c.sampler,
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
		return fmt.Errorf("round %d of %s: %w", round, name(r.cell), err)
	}
	lasting := r.places.Warnings
	if c.refused != "" {
		lasting = append(slices.Clip(lasting), c.refused)
	}
	result.Warnings = append(c.once(lasting), result.Warnings...)
	if c.sampler == nil {
		result.NoKernel = c.refused
	}
	result.Round, result.Cell, result.Position = round, cell, position
	result.StartedAt, result.Elapsed = began, time.Since(began)
	c.done++
	c.left.took(cell, result.Elapsed)
	c.budget.took(result.Elapsed)
	c.log.DebugContext(ctx, "run done", "round", round, "cell", r.cell.Slug(), "elapsed", result.Elapsed)
	if c.o.Result == nil {
		return nil
	}
	if err := c.o.Result(result); err != nil {
		return fmt.Errorf("hand on round %d of %s: %w", round, name(r.cell), err)
	}
	return nil
}

// name is the cell in words, unique on a host: "tcp4 nagle (echo, 64 B, 8 at once,
// split)".
func name(c profiles.Cell) string {
	return fmt.Sprintf("%s (%s, %d B, %d at once, %s)", c.Name(), c.Workload, c.Size, c.Concurrency, c.Placement)
}

// once returns the sentences that were not given yet: what holds for every run is
// said at the first.
func (c *comparison) once(sentences []string) []string {
	fresh := []string{}
	for _, s := range sentences {
		if !c.told[s] {
			fresh = append(fresh, s)
		}
		c.told[s] = true
	}
	return fresh
}

func (c *comparison) report(p runner.Progress) {
	if c.o.Progress == nil {
		return
	}
	p.Done, p.Total = c.done, c.spec.Rounds*len(c.mine)
	c.o.Progress(p)
}
