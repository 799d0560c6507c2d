package web

import (
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/runner"
)

// What is missing is said of the runs that are shown: of each host why, and nothing of
// runs that were sampled and only not merged.
func TestWhyThereAreNoKernelProfiles(t *testing.T) {
	t.Parallel()
	run := func(cell int, samples int64, why string) profiles.Run {
		return profiles.Run{Cell: cell, Counters: map[string]int64{"kernel_samples": samples}, NoKernel: why}
	}
	for name, tt := range map[string]struct {
		runs []profiles.Run
		mode runner.KernelMode
		want []string // beginnings of its sentences
	}{
		"off":               {[]profiles.Run{run(0, 0, "")}, runner.KernelOff, []string{"It was asked for without"}},
		"refused":           {[]profiles.Run{run(0, 0, "Not here."), run(1, 0, "Not here.")}, runner.KernelAuto, []string{"What the kernel does in a system call is not seen here. Not here."}},
		"of another group":  {[]profiles.Run{run(2, 0, "Not here.")}, runner.KernelAuto, []string{"These runs have no"}},
		"before there were": {[]profiles.Run{run(0, 0, "")}, "", []string{"These runs have no"}},
		"no complete round": {[]profiles.Run{run(0, 900, "")}, runner.KernelAuto, []string{"The kernel-deep profiles of single runs stand with their rounds"}},
		"three hosts":       {[]profiles.Run{run(0, 0, "A."), run(1, 0, "B."), run(0, 0, "C.")}, runner.KernelAuto, []string{"What the kernel does in a system call is not seen here. A.", "B."}},
	} {
		got := (&report{Report: export.Report{Runs: tt.runs}, spec: runner.Spec{Kernel: tt.mode}}).noKernel([]int{0, 1})
		if len(got) != len(tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
			continue
		}
		for i, want := range tt.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: %q, want %q", name, got[i], want)
			}
		}
	}
}
