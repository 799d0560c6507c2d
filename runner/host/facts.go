package host

import (
	"io/fs"
	"runtime/debug"
	"strconv"
	"strings"
)

// cpuInfo reads the model of the first CPU and whether it is a virtual one.
func cpuInfo(text string) (model string, hypervisor bool) {
	for l := range strings.SplitSeq(text, "\n") {
		key, value, _ := strings.Cut(l, ":")
		switch strings.TrimSpace(key) {
		case "model name", "Model":
			if model == "" {
				model = strings.TrimSpace(value)
			}
		case "flags":
			return model, strings.Contains(value+" ", " hypervisor ")
		}
	}
	return model, false
}

// kernelOptions keeps the options that matter. The others may name disks and
// hosts, which are nobody's business.
func kernelOptions(cmdline string) string {
	var kept []string
	for _, option := range strings.Fields(cmdline) {
		name, _, _ := strings.Cut(option, "=")
		switch name {
		case "isolcpus", "nohz_full", "rcu_nocbs", "mitigations", "nosmt", "idle", "processor.max_cstate",
			"intel_idle.max_cstate", "intel_pstate", "amd_pstate", "preempt", "threadirqs", "nopti", "tsc", "clocksource":
			kept = append(kept, option)
		}
	}
	return strings.Join(kept, " ")
}

// chosen reads the kernel's "always [madvise] never".
func chosen(s string) string {
	if _, rest, ok := strings.Cut(s, "["); ok {
		s, _, _ = strings.Cut(rest, "]")
	}
	return s
}

func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	r := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			r = s.Value + r
		case s.Key == "vcs.modified" && s.Value == "true":
			r += "+dirty"
		}
	}
	if r == "" {
		return info.Main.Version
	}
	return r
}

// governors are those of the CPUs that are used, one name where they agree.
func governors(fsys fs.FS, cpus []int) string {
	if len(cpus) == 0 {
		cpus = []int{0}
	}
	used := map[string][]int{}
	var names []string
	for _, cpu := range cpus {
		name := line(fsys, "sys/devices/system/cpu/cpu"+strconv.Itoa(cpu)+"/cpufreq/scaling_governor")
		if name == "" {
			continue
		}
		if used[name] == nil {
			names = append(names, name)
		}
		used[name] = append(used[name], cpu)
	}
	if len(names) == 1 {
		return names[0]
	}
	for i, name := range names {
		names[i] = name + " on " + cpuSet(used[name])
	}
	return strings.Join(names, ", ")
}

// cpuSet writes CPUs, in order, in the kernel's notation: "0-3,8".
func cpuSet(cpus []int) string {
	var parts []string
	for rest := cpus; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n] == rest[n-1]+1 {
			n++
		}
		part := strconv.Itoa(rest[0])
		if n > 1 {
			part += "-" + strconv.Itoa(rest[n-1])
		}
		parts, rest = append(parts, part), rest[n:]
	}
	return strings.Join(parts, ",")
}
