package bench

import (
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Estimate is how long a comparison takes, roughly: its requests at the pace of an
// ordinary machine, and what each run spends on starting, warm-up and profiles.
func Estimate(spec runner.Spec) time.Duration {
	spec = spec.WithDefaults()
	total := time.Duration(0)
	for _, cell := range spec.Cells() {
		total += estimate(spec, cell)
	}
	return total * time.Duration(spec.Rounds)
}

// overhead is what a run takes beside its passes: two processes to start, two
// profilers to stop.
const overhead = 500 * time.Millisecond

func estimate(spec runner.Spec, cell profiles.Cell) time.Duration {
	timing := pace(cell) * time.Duration(spec.Requests)
	return overhead + warmUpAtLeast + timing + min(max(timing, profileAtLeast), profileAtMost)
}

// pace is the wall time of one request, all workers together, on a machine with
// two slow CPUs.
func pace(cell profiles.Cell) time.Duration {
	var d time.Duration
	switch {
	case cell.Workload == string(runner.DialEcho) && cell.Socket == string(runner.Unix):
		d = 90 * time.Microsecond
	case cell.Workload == string(runner.DialEcho):
		d = 150 * time.Microsecond
	case cell.Socket == string(runner.Unix):
		d = 22 * time.Microsecond
	default:
		d = 30 * time.Microsecond
	}
	d += time.Duration(cell.Size) * time.Nanosecond // four copies and two buffers
	if cell.Concurrency > 1 {
		d = d * 2 / 3 // the two sides overlap
	}
	return d
}

// forecast tells how long the rest will take: from the plan at first, then from
// what the runs took.
type forecast struct {
	plan []time.Duration // of a run of each cell
	todo []int           // runs that are left of each cell

	spent []time.Duration // of each cell's runs
	runs  []int
}

func newForecast(spec runner.Spec, cells []profiles.Cell) forecast {
	n := len(cells)
	f := forecast{make([]time.Duration, n), make([]int, n), make([]time.Duration, n), make([]int, n)}
	for i, c := range cells {
		f.plan[i], f.todo[i] = estimate(spec, c), spec.Rounds
	}
	return f
}

func (f *forecast) skip(cell int) { f.todo[cell]-- }

func (f *forecast) took(cell int, d time.Duration) {
	f.todo[cell]--
	f.spent[cell] += d
	f.runs[cell]++
}

// of is the expected time of one run of a cell: the mean of its own runs, or else
// the plan times what the other cells took over theirs.
func (f *forecast) of(cell int) time.Duration {
	if f.runs[cell] > 0 {
		return f.spent[cell] / time.Duration(f.runs[cell])
	}
	var planned, spent time.Duration
	for i := range f.plan {
		planned += f.plan[i] * time.Duration(f.runs[i])
		spent += f.spent[i]
	}
	if planned == 0 {
		return f.plan[cell]
	}
	return time.Duration(float64(f.plan[cell]) * float64(spent) / float64(planned))
}

// after is what is left when a run of cell has been going on for some time.
func (f *forecast) after(cell int, elapsed time.Duration) time.Duration {
	left := -min(elapsed, f.of(cell))
	for i, n := range f.todo {
		left += f.of(i) * time.Duration(n)
	}
	return max(left, 0)
}
