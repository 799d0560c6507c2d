package host

import (
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// Fingerprint is what about a machine and a binary can change a measurement. Two
// comparisons with different fingerprints are not comparable without a look at
// the difference. Facts that could not be read are empty.
type Fingerprint struct {
	Hostname string `json:"hostname"`
	OS       string `json:"os"`   // GOOS
	Arch     string `json:"arch"` // GOARCH

	Kernel        string `json:"kernel"`         // release
	KernelOptions string `json:"kernel_options"` // of the command line, only those that isolate CPUs or switch mitigations
	CPU           string `json:"cpu"`            // model
	CPUs          int    `json:"cpus"`           // logical, that this process may use
	Cores         int    `json:"cores"`          // physical, among those
	Hypervisor    bool   `json:"hypervisor"`     // a virtual machine
	Governor      string `json:"governor"`       // of CPU frequency
	Boost         string `json:"boost"`          // "1": the CPU may clock up
	SMT           string `json:"smt"`
	Clocksource   string `json:"clocksource"`
	HugePages     string `json:"transparent_huge_pages"`
	CPUQuota      string `json:"cpu_quota"` // cgroup's cpu.max
	// Mitigations by vulnerability, only where there is one: "spectre_v2": "Mitigation: Retpolines".
	Mitigations map[string]string `json:"mitigations"`
	// Sysctls by name: backlogs, ports, buffers.
	Sysctls   map[string]string `json:"sysctls"`
	OpenFiles uint64            `json:"open_files"` // RLIMIT_NOFILE

	Go       string `json:"go"`       // version that the binary was built with
	Revision string `json:"revision"` // of the binary's source; "+dirty" with local changes
	// GoSettings are the variables that change the Go runtime, where they are set.
	GoSettings map[string]string `json:"go_settings"`
}

// sysctls are those that a socket's speed or its limits hang on.
func sysctls() []string {
	return []string{
		"net.core.somaxconn", "net.core.rmem_default", "net.core.rmem_max", "net.core.wmem_default", "net.core.wmem_max",
		"net.core.busy_poll", "net.core.busy_read", "net.core.default_qdisc",
		"net.ipv4.ip_local_port_range", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_tw_reuse_delay", "net.ipv4.tcp_max_tw_buckets",
		"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_congestion_control", "net.ipv4.tcp_timestamps",
		"net.mptcp.enabled", "net.unix.max_dgram_qlen", "kernel.perf_event_paranoid", "kernel.sched_autogroup_enabled",
	}
}

// ReadFingerprint reads the facts of this machine and this binary.
func ReadFingerprint() Fingerprint {
	f := fromFiles(root())
	f.Hostname, _ = os.Hostname()
	f.OS, f.Arch, f.Go = runtime.GOOS, runtime.GOARCH, runtime.Version()
	allowed := allowedCPUs()
	f.CPUs, f.Cores = len(allowed), len(cores(root(), allowed))
	if len(allowed) == 0 {
		f.CPUs = runtime.NumCPU()
	}
	f.OpenFiles, _ = openFiles()
	f.Revision = revision()
	for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS"} {
		if v := os.Getenv(name); v != "" {
			f.GoSettings[name] = v
		}
	}
	return f
}

// fromFiles reads what stands in /proc and /sys.
func fromFiles(fsys fs.FS) Fingerprint {
	const cpu0 = "sys/devices/system/cpu/cpu0/cpufreq/"
	f := Fingerprint{
		Kernel:        sysctl(fsys, "kernel.osrelease"),
		KernelOptions: kernelOptions(line(fsys, "proc/cmdline")),
		Governor:      line(fsys, cpu0+"scaling_governor"),
		Boost:         line(fsys, "sys/devices/system/cpu/cpufreq/boost"),
		SMT:           line(fsys, "sys/devices/system/cpu/smt/control"),
		Clocksource:   line(fsys, "sys/devices/system/clocksource/clocksource0/current_clocksource"),
		HugePages:     chosen(line(fsys, "sys/kernel/mm/transparent_hugepage/enabled")),
		CPUQuota:      line(fsys, "sys/fs/cgroup/cpu.max"),
		Mitigations:   map[string]string{}, Sysctls: map[string]string{}, GoSettings: map[string]string{},
	}
	if line(fsys, "sys/devices/system/cpu/intel_pstate/no_turbo") == "1" {
		f.Boost = "0"
	}
	f.CPU, f.Hypervisor = cpuInfo(line(fsys, "proc/cpuinfo"))
	entries, _ := fs.ReadDir(fsys, "sys/devices/system/cpu/vulnerabilities")
	for _, e := range entries {
		if v := line(fsys, "sys/devices/system/cpu/vulnerabilities/"+e.Name()); v != "" && v != "Not affected" {
			f.Mitigations[e.Name()] = v
		}
	}
	for _, name := range sysctls() {
		if v := sysctl(fsys, name); v != "" {
			f.Sysctls[name] = v
		}
	}
	return f
}

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
