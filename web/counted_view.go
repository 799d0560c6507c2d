package web

import (
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// countedMetrics are what the system counts of each side without a profile.
var countedMetrics = map[profiles.Side][]string{
	profiles.Client: {profiles.ClientUser, profiles.ClientSys, profiles.ClientSwitches, profiles.ClientReads, profiles.ClientWrites},
	profiles.Server: {profiles.ServerUser, profiles.ServerSys, profiles.ServerSwitches, profiles.ServerReads, profiles.ServerWrites},
}

// countedPanel is what the system counts of a group on the lens's side, for where there is no
// kernel-deep profile; nil where nothing was counted.
func (r *report) countedPanel(group []int, l lens, path string) *templates.Counted {
	for _, t := range r.tables(group) {
		head, kept := r.measuredHead(t)
		v := &templates.Counted{Measured: head, Switches: []templates.Switch{sideSwitch(l, path, "buckets")}, Missing: r.noKernel(group)}
		v.Title, v.Hint = "Where the request goes, as the system counts it", "of the "+string(l.Side)+", "+head.Hint
		for _, row := range t.Rows {
			if slices.Contains(countedMetrics[l.Side], row.Metric.Name) {
				v.Rows = append(v.Rows, r.measuredRow(row, kept))
			}
		}
		if len(v.Rows) > 0 {
			return v
		}
	}
	return nil
}

// noKernel says why the runs of a group have no kernel-deep profiles, and what to do
// for some.
func (r *report) noKernel(group []int) []string {
	if r.spec.Kernel == runner.KernelOff {
		return []string{"It was asked for without kernel-deep profiles (“--kernel off”): what the kernel does in a system call is not seen. Run it again with “auto” to see it."}
	}
	out, sampled := []string{}, false
	for _, run := range r.Runs {
		if !slices.Contains(group, run.Cell) {
			continue
		}
		sampled = sampled || run.Counters["kernel_samples"] > 0
		if run.NoKernel != "" && !slices.Contains(out, run.NoKernel) {
			out = append(out, run.NoKernel)
		}
	}
	if len(out) == 0 && sampled {
		return []string{"The kernel-deep profiles of single runs stand with their rounds: those of all rounds are made of complete ones, and there is none."}
	}
	if len(out) == 0 {
		return []string{"These runs have no kernel-deep profiles: what the kernel does in a system call is not seen."}
	}
	out[0] = "What the kernel does in a system call is not seen here. " + out[0]
	const most = 2 // hosts, usually
	return out[:min(len(out), most)]
}
