package bench_test

import (
	"context"
	"path/filepath"
	"runtime"
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
// the order product, bare, bare, product, fresh processes again and again. The
// ratio that it reports is the median of the paired ratios; A/A is that of the
// bare loop over a second bare loop, which shows how far to trust it.
func BenchmarkOverhead(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("processes cannot be tied to CPUs here")
	}
	for _, kind := range []runner.Socket{runner.Unix, runner.TCP4} {
		b.Run(string(kind), func(b *testing.B) {
			var product, again []float64
			for b.Loop() {
				p, a := overhead(b, kind)
				product, again = append(product, p...), append(again, a...)
			}
			b.ReportMetric(median(product), "ratio")
			b.ReportMetric(median(again), "A/A-ratio")
			b.ReportMetric(float64(len(product)), "pairs")
		})
	}
}

// Sizes of one look: 10 sets of fresh processes, 12 pairs of passes each, a pass
// of about 50 ms.
const (
	freshSets    = 10
	pairsEach    = 12
	passRequests = 2500
)

func overhead(b *testing.B, kind runner.Socket) (product, again []float64) {
	for range freshSets {
		places := host.Place(runner.Split)
		var loops [3]func() time.Duration
		one, two := startBare(b, kind, places), startBare(b, kind, places)
		loops[0] = startProduct(b, kind, places)
		loops[1] = func() time.Duration { return one.run(b, passRequests) }
		loops[2] = func() time.Duration { return two.run(b, passRequests) }
		for _, loop := range loops {
			loop() // warm-up
		}
		for range pairsEach {
			var took [3]time.Duration
			for _, i := range []int{0, 1, 2, 2, 1, 0} {
				took[i] += loops[i]()
			}
			product = append(product, float64(took[0])/float64(took[1]))
			again = append(again, float64(took[2])/float64(took[1]))
		}
	}
	return product, again
}

// startProduct opens the product's own children and returns one pass of them.
func startProduct(b *testing.B, kind runner.Socket, places host.Places) func() time.Duration {
	ctx := context.WithoutCancel(b.Context())
	task := child.Task{Socket: kind, Workload: runner.Echo, Size: 5, Concurrency: 1, Dir: filepath.Join(sockettest.Dir(b), "run")}
	server := startChild(b, child.Server, places.Server)
	client := startChild(b, child.Client, places.Client)
	address, err := server.Open(ctx, task)
	if err != nil {
		b.Fatal(err)
	}
	task.Address = address
	if _, err := client.Open(ctx, task); err != nil {
		b.Fatal(err)
	}
	return func() time.Duration {
		p, err := client.Run(ctx, workload.Budget{Requests: passRequests}, time.Minute)
		if err != nil {
			b.Fatal(err)
		}
		return p.Elapsed
	}
}

func startChild(b *testing.B, role child.Role, cpus []int) *child.Process {
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
