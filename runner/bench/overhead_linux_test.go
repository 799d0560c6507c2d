package bench_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
	"github.com/sockscope/sockscope/runner/workload"
)

// BenchmarkOverhead tells what the product's echo loop costs beside a bare one:
// the same socket, both pairs of processes tied to the same CPUs, short passes in
// the order product, bare, bare, product, fresh processes again and again.
//
//	ratio      median of the paired ratios of time, product over bare
//	cpu-ratio  the same of the CPU time of both sides, which neighbours disturb less
//	A/A-…      the same of a second bare loop over the first: how far to trust it
//
// The CPU time holds what the product does around a pass too: orders, and the
// encoding of a histogram.
func BenchmarkOverhead(b *testing.B) {
	for _, kind := range []runner.Socket{runner.Unix, runner.TCP4} {
		b.Run(string(kind), func(b *testing.B) {
			var all [4][]float64
			for b.Loop() {
				for range freshSets {
					set := scope{B: b}
					b.Cleanup(set.end) // when it fails midway
					for i, ratios := range overhead(&set, kind) {
						all[i] = append(all[i], ratios...)
					}
					set.end()
				}
			}
			for i, unit := range []string{"ratio", "cpu-ratio", "A/A-ratio", "A/A-cpu-ratio"} {
				b.ReportMetric(median(all[i]), unit)
			}
			b.ReportMetric(float64(len(all[0])), "pairs")
			b.ReportMetric(0, "ns/op") // of the whole look: of no interest
		})
	}
}

// Sizes of one look: sets of fresh processes, pairs of passes in each, requests in
// one pass. Fresh processes differ by more than passes of the same ones do, so many
// sets of few pairs tell most in the same time.
const (
	freshSets    = 50
	pairsEach    = 2
	passRequests = 2_000
)

// scope ends what one set of processes started before the next set starts.
type scope struct {
	*testing.B
	ends []func()
}

// Cleanup takes the place of the benchmark's own, which runs at its end.
func (s *scope) Cleanup(f func()) { s.ends = append(s.ends, f) }

func (s *scope) end() {
	for _, f := range slices.Backward(s.ends) {
		f()
	}
	s.ends = nil
}

// echoLoop is one pair of processes that echo.
type echoLoop struct {
	run  func() time.Duration // one pass
	pids []int
}

// overhead compares one set of fresh processes: time and CPU time of the product
// over the bare loop, then of another bare loop over it.
func overhead(b *scope, kind runner.Socket) (ratios [4][]float64) {
	places := host.Place(runner.Split)
	one, two := startBare(b, kind, places), startBare(b, kind, places)
	loops := []echoLoop{
		startProduct(b, kind, places),
		{func() time.Duration { return one.run(b, passRequests) }, one.pids},
		{func() time.Duration { return two.run(b, passRequests) }, two.pids},
	}
	for _, loop := range loops {
		loop.run() // warm-up
	}
	for range pairsEach {
		var wall, cpu [3]float64
		for _, i := range []int{0, 1, 2, 2, 1, 0} {
			before := onCPU(b, loops[i].pids)
			wall[i] += float64(loops[i].run())
			cpu[i] += float64(onCPU(b, loops[i].pids) - before)
		}
		for i, r := range []float64{wall[0] / wall[1], cpu[0] / cpu[1], wall[2] / wall[1], cpu[2] / cpu[1]} {
			ratios[i] = append(ratios[i], r)
		}
	}
	return ratios
}

// onCPU is the CPU time of processes so far, to the nanosecond.
func onCPU(b *scope, pids []int) (total time.Duration) {
	for _, pid := range pids {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
		if err != nil || len(threads) == 0 {
			b.Fatalf("the threads of process %d: %d, %v", pid, len(threads), err)
		}
		for _, file := range threads {
			text, err := os.ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			var ns time.Duration
			if _, err := fmt.Sscan(string(text), &ns); err != nil {
				b.Fatalf("read %s: %v", file, err)
			}
			total += ns
		}
	}
	return total
}

// startProduct opens the product's own children.
func startProduct(b *scope, kind runner.Socket, places host.Places) echoLoop {
	ctx := context.WithoutCancel(b.Context())
	task := child.Task{Socket: kind, Workload: runner.Echo, Size: 5, Concurrency: 1, Dir: filepath.Join(sockettest.Dir(b), "run")}
	server := startChild(b, child.Server, places.Server)
	client := startChild(b, child.Client, places.Client)
	address, err := server.Open(ctx, task)
	if err != nil {
		b.Fatal(err)
	}
	task.Dir, task.Address = "", address
	if _, err := client.Open(ctx, task); err != nil {
		b.Fatal(err)
	}
	run := func() time.Duration {
		p, err := client.Run(ctx, workload.Budget{Requests: passRequests}, time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		return p.Elapsed
	}
	return echoLoop{run, []int{server.PID(), client.PID()}}
}

func startChild(b *scope, role child.Role, cpus []int) *child.Process {
	p, err := child.Start(context.WithoutCancel(b.Context()), role, child.Options{CPUs: cpus})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.Close() })
	return p
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}
