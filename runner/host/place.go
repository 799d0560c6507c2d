package host

import (
	"io/fs"
	"slices"
	"strconv"

	"github.com/sockscope/sockscope/runner"
)

// Places are the CPUs that each side may run on; nil for all.
type Places struct {
	Client   []int    `json:"client"`
	Server   []int    `json:"server"`
	Warnings []string `json:"warnings,omitempty"` // sentences for people
}

// Place finds the CPUs for a placement among those that this process may use.
func Place(p runner.Placement) Places {
	allowed := allowedCPUs()
	if allowed == nil && p != runner.Free {
		return Places{Warnings: []string{"This system cannot tie processes to CPUs: client and server ran wherever the scheduler put them, so expect more noise."}}
	}
	return place(p, cores(root(), allowed))
}

// place shares out whole cores, so that the two sides never share one through
// its SMT siblings. Of one core with two siblings each side gets one.
func place(p runner.Placement, cores [][]int) Places {
	if p == runner.Free || len(cores) == 0 {
		return Places{}
	}
	last := cores[len(cores)-1]
	if p == runner.Same {
		// Not the first: CPU 0 takes most interrupts where nothing balances them.
		return Places{Client: last[:1], Server: last[:1]}
	}
	if len(cores) == 1 && len(last) == 1 {
		return Places{Client: last, Server: last, Warnings: []string{
			"There is only one CPU to use: client and server shared it, as with the placement same.",
		}}
	}
	if len(cores) == 1 {
		half := len(last) / 2
		return Places{Client: last[half:], Server: last[:half], Warnings: []string{
			"There is only one core to use: client and server ran on its two threads and slowed each other.",
		}}
	}
	half := len(cores) / 2
	return Places{Client: slices.Concat(cores[half : 2*half]...), Server: slices.Concat(cores[:half]...)}
}

// cores groups CPUs by the core that they are threads of, in order of their
// first CPU.
func cores(fsys fs.FS, cpus []int) [][]int {
	var all [][]int
	seen := map[int]bool{}
	for _, cpu := range cpus {
		if seen[cpu] {
			continue
		}
		siblings := cpuList(line(fsys, "sys/devices/system/cpu/cpu"+strconv.Itoa(cpu)+"/topology/thread_siblings_list"))
		if !slices.Contains(siblings, cpu) {
			siblings = []int{cpu}
		}
		core := slices.DeleteFunc(siblings, func(c int) bool { return !slices.Contains(cpus, c) })
		for _, c := range core {
			seen[c] = true
		}
		all = append(all, core)
	}
	return all
}
