package compare

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/kernel"
)

// plan is one comparison that the command makes.
type plan struct {
	spec  runner.Spec
	cells []profiles.Cell
}

// plans is one comparison for each workload. Of several workloads those that make
// no sense with the base or the rate are left out, with a sentence; of one that is
// an error.
func (o *flags) plans(stderr io.Writer) ([]plan, error) {
	common, err := o.common()
	if err != nil {
		return nil, err
	}
	workloads := o.asked()
	var plans []plan
	for _, w := range workloads {
		s := common
		s.Workload = w
		if len(workloads) > 1 {
			s.Variants = slices.DeleteFunc(slices.Clone(s.Variants), func(v runner.Variant) bool {
				return slices.Contains(runner.Variants[:], v) && !slices.ContainsFunc(s.Sockets, func(k runner.Socket) bool { return v.Of(k, w) })
			})
			if reason := runner.Applicable(w, s.Base, slices.Min(s.Sizes), s.Rate); reason != "" && slices.Contains(runner.Workloads[:], w) {
				fmt.Fprintf(stderr, "%s is left out, since the base %s cannot be measured with it: %s\n", w, s.Base, reason)
				continue
			}
		}
		plans = append(plans, plan{spec: s})
	}
	if len(plans) == 0 {
		return nil, errors.New("none of the workloads can be measured with this base: choose another --base")
	}
	share, err := o.share(len(plans))
	if err != nil {
		return nil, err
	}
	all := bench.Preflight()
	missing := host.Missing(all)
	for i := range plans {
		plans[i].spec.Budget = share
		if err := check(plans[i].spec, all); err != nil {
			return nil, err
		}
		plans[i].cells = plans[i].spec.CellsWhere(func(_ string, k runner.Socket) string { return missing(k) })
	}
	return plans, nil
}

// share is what each workload gets of --budget, in seconds; 0 for no bound.
func (o *flags) share(workloads int) (int, error) {
	share := o.budget / time.Duration(workloads)
	switch {
	case o.budget == 0 || share >= time.Second:
		return int(share.Seconds()), nil
	case workloads == 1:
		return 0, fmt.Errorf("a --budget of %s cannot be kept: use 1s or more", o.budget)
	}
	return 0, fmt.Errorf("a --budget of %s is less than 1s for each of %s: use %s or more",
		o.budget, quantity.Plural(int64(workloads), "workload", "workloads"), time.Duration(workloads)*time.Second)
}

// asked are the workloads by name, each once.
func (o *flags) asked() []runner.Workload {
	var ws []runner.Workload
	for _, name := range o.workloads {
		name = strings.TrimSpace(name)
		if name == "all" {
			return runner.Workloads[:]
		}
		if w := runner.Workload(name); !slices.Contains(ws, w) {
			ws = append(ws, w)
		}
	}
	return ws
}

// check returns what is wrong with a spec, and what of this machine stands in its
// way, as one sentence.
func check(s runner.Spec, all []host.Usable) error {
	if err := s.Validate(); err != nil {
		return usage(err)
	}
	if err := bench.Fits(s); err != nil {
		return usage(err)
	}
	if s.Kernel == runner.KernelRequire {
		if k := kernel.Probe(); !k.Complete() {
			return errors.New(strings.TrimSuffix(k.Sentence(), "."))
		}
	}
	if obstacles := host.Check(s, all); len(obstacles) > 0 {
		return errors.New(strings.TrimSuffix(strings.Join(obstacles, " "), "."))
	}
	return nil
}

// common is the spec that the flags ask for, without the workload.
func (o *flags) common() (runner.Spec, error) {
	s := o.spec
	s.Kernel, s.Ports, s.Sockets, s.Placements, s.Variants = runner.KernelMode(o.kernel), runner.Ports(o.ports), nil, nil, nil
	all := false
	for _, name := range o.sockets {
		if strings.TrimSpace(name) == "all" {
			all, s.Sockets = true, append(s.Sockets, runner.Sockets[:]...)
			continue
		}
		s.Sockets = append(s.Sockets, socketOf(name))
	}
	if all { // the base may be named before
		s.Sockets = unique(s.Sockets)
	}
	for _, p := range o.placements {
		s.Placements = append(s.Placements, runner.Placement(strings.TrimSpace(p)))
	}
	for _, v := range o.variants {
		s.Variants = append(s.Variants, runner.Variant(strings.TrimSpace(v)))
	}
	s.Base = ""
	if o.base != "" {
		s.Base = socketOf(o.base)
	} else if len(s.Sockets) > 0 {
		s.Base = s.Sockets[0]
	}
	var err error
	if s.Sizes, err = numbers("--sizes", o.sizes, runner.ParseNumbers); err != nil {
		return s, err
	}
	s.Concurrency, err = numbers("--concurrency", o.concurrency, runner.ParseCounts)
	return s, err
}

// socketOf reads a name; one that is not known is kept, for Validate to name it.
func socketOf(name string) (k runner.Socket) {
	_ = k.UnmarshalText([]byte(strings.TrimSpace(name)))
	return k
}

func unique(names []runner.Socket) []runner.Socket {
	var kept []runner.Socket
	for _, k := range names {
		if !slices.Contains(kept, k) {
			kept = append(kept, k)
		}
	}
	return kept
}
