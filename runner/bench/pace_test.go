package bench_test

import (
	"os"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/host"
)

// TestPaces measures what the table of paces in pace.go is made of: the time of one
// request of each workload over each socket, of small messages and of large ones.
// It takes the fastest of some runs, since others at work only slow down.
func TestPaces(t *testing.T) {
	if os.Getenv("SOCKSCOPE_PACES") == "" {
		t.Skip("it prints a table to be copied, and takes a minute: set SOCKSCOPE_PACES=1")
	}
	missing := host.Missing(host.Preflight(""))
	for _, w := range runner.Workloads {
		spec := runner.Spec{Workload: w, Sockets: runner.Sockets[:], Sizes: []int{5, 60_000}, Rounds: 5, Requests: 1000}.WithDefaults()
		cells := spec.CellsWhere(func(_ string, k runner.Socket) string { return missing(k) })
		best := map[int]float64{}
		err := bench.Compare(t.Context(), spec, bench.Options{
			Cells: cells, RunDir: runDir(t), WarmUp: 50 * time.Millisecond, Profile: -1,
			Result: func(r runner.Result) error {
				best[r.Cell] = max(best[r.Cell], r.Metrics[profiles.RequestsPerSecond])
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			// Cells of 5 B come first, then those of 60,000 B in the same order.
			if j := i + len(cells)/2; best[i] > 0 && c.Size == 5 {
				small, perByte := 1e9/best[i], 0.0
				if best[j] > 0 {
					perByte = (1e9/best[j] - small) / 60_000
				}
				t.Logf("%-10s %-14s %7.1f µs %6.2f ns/B", w, c.Name(), small/1e3, perByte)
			}
		}
	}
}
