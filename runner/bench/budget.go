package bench

import (
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// What a time budget never cuts below.
const (
	leastPass     = 50 * time.Millisecond
	leastRequests = 100
	leastWarmUp   = 50 * time.Millisecond
)

// leastRun is the shortest time that a run takes under a budget.
const leastRun = overhead + leastWarmUp + 2*leastPass

// Fits returns nil when a Spec can be kept to its time budget, and otherwise a
// [runner.FieldErrors] that says how long it takes at the least. A budget cuts
// passes short; it leaves out no round and no cell.
func Fits(spec runner.Spec) error {
	spec = spec.WithDefaults()
	most := 0
	for _, mine := range byHost(spec, spec.Cells()) {
		most = max(most, len(mine))
	}
	return fits(spec, most)
}

// fits is Fits for a host with so many cells to measure.
func fits(spec runner.Spec, cells int) error {
	least := leastRun * time.Duration(spec.Rounds*cells)
	budget := time.Duration(spec.Budget) * time.Second
	if budget == 0 || least <= budget {
		return nil
	}
	return runner.FieldErrors{{Field: "budget_s", Sentence: fmt.Sprintf(
		"%d rounds of %d cells take %s at the least, and the time budget is %s: choose fewer rounds, sockets, sizes or connections, or a longer budget.",
		spec.Rounds, cells, least.Round(time.Second), budget)}}
}

// byHost are the indices of the cells that each host measures.
func byHost(spec runner.Spec, cells []profiles.Cell) [][]int {
	var all [][]int
	for _, host := range spec.HostNames() {
		all = append(all, measured(cells, host))
	}
	return all
}

// budget shares out the time that is left among the runs that are left, so what
// one run does not need is there for the later ones.
type budget struct {
	left time.Duration
	runs int // 0 for no bound
}

// newBudget is the budget of todo runs, of all that a Spec makes on a host.
func newBudget(spec runner.Spec, all, todo int) budget {
	if spec.Budget == 0 || todo == 0 {
		return budget{}
	}
	return budget{time.Duration(spec.Budget) * time.Second * time.Duration(todo) / time.Duration(all), todo}
}

// share is for the next run; 0 for no bound.
func (b *budget) share() time.Duration {
	if b.runs == 0 {
		return 0
	}
	return max(b.left/time.Duration(b.runs), leastRun)
}

func (b *budget) took(d time.Duration) {
	if b.runs > 0 {
		b.left -= d
		b.runs--
	}
}

// lengths are those of the parts of one run.
type lengths struct {
	warmUp  time.Duration // at the least
	profile time.Duration // of the profiled pass, at the least; negative for none
	share   time.Duration // of the whole run, at the most; 0 for no bound
}

func (c *comparison) lengths() lengths {
	l := lengths{warmUp: c.o.WarmUp, profile: c.o.Profile, share: c.budget.share()}
	if l.warmUp == 0 {
		l.warmUp = warmUpAtLeast
	}
	if l.profile == 0 {
		l.profile = profileAtLeast
	}
	if l.share > 0 {
		l.warmUp = min(l.warmUp, max(l.share/8, leastWarmUp))
	}
	return l
}

// atMost is how long the next pass may take when some of the run's time is gone
// and passes of equal rights are to come; 0 for no bound. It leaves time for
// leastRequests at the pace that they come.
func (l lengths) atMost(gone, pace time.Duration, passes int) time.Duration {
	if l.share == 0 {
		return 0
	}
	rest := (l.share - gone - closing) / time.Duration(passes)
	return max(rest, leastPass, leastRequests*pace)
}
