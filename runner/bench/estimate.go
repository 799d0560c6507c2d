package bench

import (
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Estimate is how long a comparison takes, roughly: its requests at the pace of an
// ordinary machine, what each run spends on starting, warm-up and profiles, and no
// more than its time budget. Several hosts work at the same time.
func Estimate(spec runner.Spec) time.Duration { return EstimateOf(spec, spec.WithDefaults().Cells()) }

// EstimateOf is Estimate for a plan, which may leave out more cells than the Spec
// does by itself.
func EstimateOf(spec runner.Spec, cells []profiles.Cell) time.Duration {
	spec = spec.WithDefaults()
	longest := time.Duration(0)
	for _, mine := range byHost(spec, cells) {
		total, least := time.Duration(0), leastRun*time.Duration(len(mine)*spec.Rounds)
		for _, i := range mine {
			total += estimate(spec, cells[i])
		}
		total *= time.Duration(spec.Rounds)
		if budget := time.Duration(spec.Budget) * time.Second; budget > 0 {
			total = min(total, max(budget, least))
		}
		longest = max(longest, total)
	}
	return longest
}

// estimate is for one run.
func estimate(spec runner.Spec, cell profiles.Cell) time.Duration {
	timing := pace(cell) * time.Duration(spec.Requests)
	if spec.Rate > 0 {
		timing = max(timing, time.Duration(float64(spec.Requests)/float64(spec.Rate)*float64(time.Second)))
	}
	if cell.Workload == string(runner.Stream) {
		timing = max(timing, StreamAtLeast)
	}
	return overhead + warmUpAtLeast + timing + min(max(timing, profileAtLeast), profileAtMost)
}

// forecast tells how long the rest will take: from the plan at first, then from
// what the runs took.
type forecast struct {
	plan []time.Duration // of a run of each cell
	todo []int           // runs that are left of each cell

	spent []time.Duration // of each cell's runs
	runs  []int
}

func newForecast(spec runner.Spec, cells []profiles.Cell, mine []int) forecast {
	n := len(cells)
	f := forecast{make([]time.Duration, n), make([]int, n), make([]time.Duration, n), make([]int, n)}
	whole := newBudget(spec, spec.Rounds*len(mine), spec.Rounds*len(mine))
	share := whole.share()
	for _, i := range mine {
		f.plan[i], f.todo[i] = estimate(spec, cells[i]), spec.Rounds
		if share > 0 {
			f.plan[i] = min(f.plan[i], share)
		}
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
