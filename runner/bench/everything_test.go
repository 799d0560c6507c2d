package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/host"
)

// full reports whether the long versions of the tests are asked for.
func full() bool { return os.Getenv("SOCKSCOPE_FULL") != "" }

// TestEverything measures every workload over every socket that this machine can open:
// no run may fail, and every cell that is not measured says why. SOCKSCOPE_FULL=1 makes
// six rounds.
func TestEverything(t *testing.T) {
	t.Parallel()
	missing := host.Missing(host.Preflight(""))
	for _, w := range runner.Workloads {
		t.Run(string(w), func(t *testing.T) {
			t.Parallel()
			spec := runner.Spec{
				Workload: w, Sockets: runner.Sockets[:], Sizes: []int{64}, Concurrency: []int{3},
				Rounds: 2, Requests: 200,
			}
			if full() {
				spec.Rounds, spec.Requests, spec.Concurrency = 6, 1000, []int{1, 8}
			}
			spec = spec.WithDefaults()
			sweep(t, spec, spec.CellsWhere(func(_ string, k runner.Socket) string { return missing(k) }))
		})
	}
}

// TestEverySize goes through the sizes of messages where sockets differ most.
func TestEverySize(t *testing.T) {
	t.Parallel()
	missing := host.Missing(host.Preflight(""))
	for _, w := range []runner.Workload{runner.Echo, runner.Stream} {
		t.Run(string(w), func(t *testing.T) {
			t.Parallel()
			spec := runner.Spec{Workload: w, Sockets: runner.Sockets[:], Sizes: []int{1, 60_000, 1 << 20}, Rounds: 1, Requests: 50}.WithDefaults()
			sweep(t, spec, spec.CellsWhere(func(_ string, k runner.Socket) string { return missing(k) }))
		})
	}
}

// TestVariants measures what can be asked for beside the plain cells.
func TestVariants(t *testing.T) {
	t.Parallel()
	if !full() {
		t.Skip("with Nagle's algorithm some requests take 40 ms: set SOCKSCOPE_FULL=1")
	}
	for _, w := range runner.Workloads {
		t.Run(string(w), func(t *testing.T) {
			t.Parallel()
			spec := runner.Spec{
				Workload: w, Sockets: []runner.Socket{runner.TCP4, runner.TCP6, runner.TLS, runner.UDP4}, Base: runner.TCP4, Variants: variantsOf(w),
				Concurrency: []int{4}, Rounds: 2, Requests: 100,
			}.WithDefaults()
			sweep(t, spec, spec.Cells())
		})
	}
}

// TestManyConnections opens as many connections as there can be at once.
func TestManyConnections(t *testing.T) {
	t.Parallel()
	if !full() {
		t.Skip("1,024 connections at once over every socket take a minute: set SOCKSCOPE_FULL=1")
	}
	missing := host.Missing(host.Preflight(""))
	spec := runner.Spec{Workload: runner.Echo, Sockets: runner.Sockets[:], Concurrency: []int{runner.MaxConcurrency}, Rounds: 1, Requests: 5000}.WithDefaults()
	sweep(t, spec, spec.CellsWhere(func(_ string, k runner.Socket) string { return missing(k) }))
}

// variantsOf are the variants that change something about a workload.
func variantsOf(w runner.Workload) []runner.Variant {
	var all []runner.Variant
	for _, v := range runner.Variants {
		for _, k := range runner.Sockets {
			if v.Of(k, w) {
				all = append(all, v)
				break
			}
		}
	}
	return all
}

// sweep measures a plan and checks every run of it.
func sweep(t *testing.T, spec runner.Spec, cells []profiles.Cell) {
	t.Helper()
	for _, c := range cells {
		if c.NA != "" {
			if !strings.HasSuffix(c.NA, ".") || len(c.NA) < 20 {
				t.Errorf("%s is not measured, and the reason is %q", c.Name(), c.NA)
			}
			t.Logf("%s %d B: n/a. %s", c.Name(), c.Size, c.NA)
		}
	}
	runs, last, switches := 0, runner.Progress{}, 0.0
	o := bench.Options{
		Cells: cells, RunDir: runDir(t), WarmUp: 20 * time.Millisecond, Profile: short,
		Progress: func(p runner.Progress) { last = p },
		Result: func(r runner.Result) error {
			runs++
			switches += r.Metrics[profiles.ClientSwitches] + r.Metrics[profiles.ServerSwitches]
			cell := cells[r.Cell]
			t.Run(fmt.Sprint(r.Round, " ", cell.Slug()), func(t *testing.T) {
				checkRun(t, r, runner.Socket(cell.Socket), spec.Workload, int64(spec.Requests), spec.Rate)
			})
			return nil
		},
	}
	if err := bench.Compare(t.Context(), spec, o); err != nil {
		t.Fatal(err)
	}
	empty(t, o.RunDir)
	want := spec.Rounds * profiles.Measured(cells)
	if runs != want || last.Done != want || last.Total != want {
		t.Errorf("%d runs, and the progress ends with %d of %d; want %d", runs, last.Done, last.Total, want)
	}
	if switches == 0 {
		t.Error("no process of any run was ever switched away: context switches are not counted")
	}
}

// TestLoopsInProfiles looks for the measured loop in the profiles of both sides, by
// the name that pages look for.
func TestLoopsInProfiles(t *testing.T) {
	t.Parallel()
	for _, w := range runner.Workloads {
		t.Run(string(w), func(t *testing.T) {
			t.Parallel()
			seen := map[profiles.Side]int{}
			o := bench.Options{
				RunDir: runDir(t),
				// As many rounds as it takes: little of the CPU time of HTTP is the loop's.
				Skip: func(_, cell int) bool { return cell != 0 || seen[profiles.Client] > 0 && seen[profiles.Server] > 0 },
				Result: func(r runner.Result) error {
					for _, recorded := range r.Profiles {
						p, err := profile.Parse(bytes.NewReader(recorded.Data))
						if err != nil {
							return err
						}
						seen[recorded.Side] += samplesIn(p, w.Function(recorded.Side))
					}
					return nil
				},
			}
			if err := bench.Compare(t.Context(), runner.Spec{Workload: w, Rounds: 10, Requests: 1000}, o); err != nil {
				t.Fatal(err)
			}
			for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
				t.Logf("%s: %s in %d stacks", side, w.Function(side), seen[side])
				if seen[side] == 0 {
					t.Errorf("no profile of the %s has %s", side, w.Function(side))
				}
			}
		})
	}
}

// samplesIn counts the stacks that a function stands in.
func samplesIn(p *profile.Profile, function string) int {
	n := 0
	for _, s := range p.Sample {
		if slices.ContainsFunc(s.Location, func(l *profile.Location) bool {
			return slices.ContainsFunc(l.Line, func(line profile.Line) bool { return line.Function.Name == function })
		}) {
			n++
		}
	}
	return n
}
