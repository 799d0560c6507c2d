package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// Failure is an error of the run itself, as opposed to one of usage.
type Failure struct{ Err error }

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }

// ExitCode is what the process ends with.
func (f *Failure) ExitCode() int { return 3 }

// flags as they were typed.
type flags struct {
	spec                                   runner.Spec
	workloads, sockets, placements         []string
	variants, sizes, concurrency           []string
	base, kernel, ports, format, out, fail string
	budget                                 time.Duration
}

// Command is "sockscope compare": progress on stderr, the result on stdout.
func Command() *cobra.Command {
	o := flags{spec: runner.Article()}
	c := &cobra.Command{
		Use:   "compare",
		Short: "The same comparison without server or database; the result goes to stdout",
		Example: "  sockscope compare\n" +
			"  sockscope compare --sockets all --workload all --rounds 6\n" +
			"  sockscope compare --sockets unix,tcp --workload echo --sizes '1..1MiB*4' --budget 10m\n" +
			"  sockscope compare --workload echo --rate 20000 --format markdown\n" +
			"  sockscope compare --fail-above 5% --rounds 20",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return o.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringSliceVar(&o.sockets, "sockets", []string{"unix", "tcp"}, "sockets to compare, the base first; all for every kind")
	f.StringSliceVar(&o.workloads, "workload", []string{string(o.spec.Workload)}, "dial-echo, echo, stream, http, http-dial or h2c; several are run one after the other, all for every one")
	f.IntVar(&o.spec.Rounds, "rounds", o.spec.Rounds, "rounds; 6 give an interval, 20 are worth publishing")
	f.IntVar(&o.spec.Requests, "requests", o.spec.Requests, "requests of one run")
	f.StringSliceVar(&o.sizes, "sizes", []string{"5"}, "bytes of a message: 64, 1K, 64KiB, or 1..1MiB*4 for each fourfold")
	f.StringSliceVar(&o.concurrency, "concurrency", []string{"1"}, "connections at once: 1,8,64, or 1..64*2")
	f.StringSliceVar(&o.placements, "placement", []string{string(runner.Split)}, "split, same or free")
	f.StringSliceVar(&o.variants, "variants", nil, "measured beside the plain sockets: nagle, linger0, resume, flood")
	f.IntVar(&o.spec.Rate, "rate", 0, "requests per second of an open loop; 0 for a closed loop")
	f.DurationVar(&o.budget, "budget", 0, "time that all of it may take, as 5m: runs are cut short to keep it; 0 for no bound")
	f.StringVar(&o.ports, "ports", string(runner.Rotate), "rotate: dial further addresses before local ports run out; one: never")
	f.StringVar(&o.base, "base", "", "socket that the others are compared with (default the first of --sockets)")
	f.StringVar(&o.kernel, "kernel", string(o.spec.Kernel), "kernel profiles: auto, off or require")
	f.StringVar(&o.spec.Title, "title", "", "what the comparison is called")
	f.StringVar(&o.format, "format", "text", "text, json, csv, bench, markdown or hdr")
	f.StringVar(&o.out, "out", "", "directory for the profiles and result.json")
	f.StringVar(&o.fail, "fail-above", "", "exit with 1 when a socket is worse than the base by more than this, for sure: 5% or 0.05")
	return c
}

func (o *flags) run(ctx context.Context, stdout, stderr io.Writer) error {
	write := formats()[o.format]
	if write == nil {
		return fmt.Errorf("there is no format %q: use text, json, csv, bench, markdown or hdr", o.format)
	}
	threshold, err := o.threshold()
	if err != nil {
		return err
	}
	plans, err := o.plans(stderr)
	if err != nil {
		return err
	}
	if o.out != "" { // before hours are spent on what cannot be kept
		if err := os.MkdirAll(o.out, 0o755); err != nil {
			return fmt.Errorf("make the directory of --out: %w", err)
		}
	}
	announce(stderr, plans)
	var outcomes []*Outcome
	for _, p := range plans {
		if len(plans) > 1 {
			fmt.Fprintf(stderr, "%s: %s\n", p.spec.Workload, p.spec.Workload.Label())
		}
		out, err := Run(ctx, p.spec, Options{Cells: p.cells, Progress: stderr})
		if err != nil {
			return o.stopped(stdout, write, outcomes, len(plans) > 1, err)
		}
		outcomes = append(outcomes, out)
		if err := o.save(out, p, len(plans) > 1); err != nil {
			return o.stopped(stdout, write, outcomes, len(plans) > 1, err)
		}
	}
	if err := write(stdout, outcomes, len(plans) > 1); err != nil {
		return &Failure{err}
	}
	if o.fail == "" {
		return nil
	}
	return judge(stderr, outcomes, threshold)
}

// stopped writes the workloads that are done already before a failure.
func (o *flags) stopped(stdout io.Writer, write format, outcomes []*Outcome, several bool, cause error) error {
	if len(outcomes) > 0 {
		if err := write(stdout, outcomes, several); err != nil {
			return &Failure{errors.Join(cause, err)}
		}
	}
	return &Failure{cause}
}

func (o *flags) save(out *Outcome, p plan, several bool) error {
	if o.out == "" {
		return nil
	}
	dir := o.out
	if several {
		dir = filepath.Join(dir, string(p.spec.Workload))
	}
	return out.Save(dir)
}

// threshold reads --fail-above, and whether there are rounds enough to judge.
func (o *flags) threshold() (float64, error) {
	if o.fail == "" {
		return 0, nil
	}
	threshold, err := parseThreshold(o.fail)
	if err != nil {
		return 0, err
	}
	if o.spec.Rounds < stats.MinRounds {
		return 0, fmt.Errorf("--fail-above needs an interval, and %s give none: use --rounds %d or more",
			quantity.Plural(int64(o.spec.Rounds), "round", "rounds"), stats.MinRounds)
	}
	return threshold, nil
}

// announce says what will be run, what will not, and how long it takes.
func announce(stderr io.Writer, plans []plan) {
	took, runs := time.Duration(0), 0
	var reasons []string
	sockets, workloads := map[string][]string{}, map[string][]string{} // by reason
	add := func(names *[]string, name string) {
		if !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
	}
	for _, p := range plans {
		took += bench.EstimateOf(p.spec, p.cells)
		runs += profiles.Measured(p.cells) * p.spec.Rounds
		for _, c := range p.cells {
			if c.NA == "" || c.AA {
				continue
			}
			add(&reasons, c.NA)
			names, with := sockets[c.NA], workloads[c.NA]
			add(&names, c.Name())
			add(&with, c.Workload)
			sockets[c.NA], workloads[c.NA] = names, with
		}
	}
	for _, r := range reasons {
		fmt.Fprintf(stderr, "not measured: %s with %s: %s\n", strings.Join(sockets[r], ", "), strings.Join(workloads[r], ", "), r)
	}
	fmt.Fprintf(stderr, "%s, %s\n", quantity.Plural(int64(runs), "run", "runs"), quantity.About(took))
}

// judge applies the gate to every outcome.
func judge(stderr io.Writer, outcomes []*Outcome, threshold float64) error {
	var failed []string
	for _, out := range outcomes {
		bad, unjudged := Gate(&out.Report, threshold)
		failed = append(failed, bad...)
		for _, sentence := range unjudged {
			fmt.Fprintln(stderr, "warning: "+sentence)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return &GateFailed{Sentences: failed}
}

// usage turns the first sentence about a field into an error of usage.
func usage(err error) error {
	var fields runner.FieldErrors
	if errors.As(err, &fields) && len(fields) > 0 {
		return errors.New(strings.TrimSuffix(fields[0].Sentence, "."))
	}
	return err
}
