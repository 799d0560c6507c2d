package host

import (
	"io/fs"
	"os"
	"runtime"
	"time"
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
	Affinity      string `json:"affinity"`       // the CPUs that this process may use, as "0-3,8"
	GOMAXPROCS    int    `json:"gomaxprocs"`
	Governor      string `json:"governor"` // of CPU frequency; "performance on 0-3, powersave on 4" where they differ
	Boost         string `json:"boost"`    // "1": the CPU may clock up
	SMT           string `json:"smt"`
	Isolated      string `json:"isolated"` // CPUs that the scheduler leaves alone, as "2-3"
	Clocksource   string `json:"clocksource"`
	HugePages     string `json:"transparent_huge_pages"`
	// CPUQuota is the tightest cpu.max of this process's cgroup and of those above
	// it: "200000 100000" are two CPUs.
	CPUQuota string `json:"cpu_quota"`
	// Mitigations by vulnerability, only where there is one: "spectre_v2": "Mitigation: Retpolines".
	Mitigations map[string]string `json:"mitigations"`
	// Sysctls by name: backlogs, ports, buffers.
	Sysctls   map[string]string `json:"sysctls"`
	OpenFiles uint64            `json:"open_files"` // RLIMIT_NOFILE

	Go       string `json:"go"`       // version that the binary was built with
	Revision string `json:"revision"` // of the binary's source; "+dirty" with local changes
	BuildID  string `json:"build_id"` // of the binary: the same for the same code and compiler
	// GoSettings are the variables that change the Go runtime, where they are set.
	GoSettings map[string]string `json:"go_settings"`

	// What follows was measured and changes from minute to minute, so it makes no
	// difference between two machines. 0 for unknown.

	Load      float64       `json:"load"`          // average of the last minute
	ClockCost time.Duration `json:"clock_cost_ns"` // of reading the clock once
	// ShortestSleep is how long nanosleep(2) of 1 ns takes: nothing can be paced
	// finer without spinning.
	ShortestSleep time.Duration `json:"shortest_sleep_ns"`
}

// sysctls are those that a socket's speed or its limits hang on.
func sysctls() []string {
	return []string{
		"net.core.somaxconn", "net.core.rmem_default", "net.core.rmem_max", "net.core.wmem_default", "net.core.wmem_max",
		"net.core.busy_poll", "net.core.busy_read", "net.core.default_qdisc",
		"net.core.netdev_max_backlog", "net.ipv4.tcp_max_syn_backlog",
		"net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_tw_reuse_delay", "net.ipv4.tcp_max_tw_buckets",
		"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_congestion_control", "net.ipv4.tcp_timestamps",
		"net.mptcp.enabled", "net.unix.max_dgram_qlen", "kernel.perf_event_paranoid", "kernel.sched_autogroup_enabled",
		"vm.swappiness",
	}
}

// ReadFingerprint reads the facts of this machine and this binary. It takes some
// 10 ms, most of them to measure the clock.
func ReadFingerprint() Fingerprint {
	f := fromFiles(root(), allowedCPUs())
	f.Hostname, _ = os.Hostname()
	f.OS, f.Arch, f.Go = runtime.GOOS, runtime.GOARCH, runtime.Version()
	allowed := allowedCPUs()
	f.CPUs, f.Cores = len(allowed), len(cores(root(), allowed))
	if len(allowed) == 0 {
		f.CPUs = runtime.NumCPU()
	}
	f.OpenFiles, _ = openFiles()
	f.GOMAXPROCS = runtime.GOMAXPROCS(0)
	f.Revision, f.BuildID = revision(), buildID()
	f.ClockCost, f.ShortestSleep = clockCost(), shortestSleep()
	for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG", "GOMAXPROCS"} {
		if v := os.Getenv(name); v != "" {
			f.GoSettings[name] = v
		}
	}
	return f
}

// fromFiles reads what stands in /proc and /sys, for a process that may use cpus.
func fromFiles(fsys fs.FS, cpus []int) Fingerprint {
	f := Fingerprint{
		Kernel:        sysctl(fsys, "kernel.osrelease"),
		KernelOptions: kernelOptions(line(fsys, "proc/cmdline")),
		Governor:      governors(fsys, cpus),
		Affinity:      cpuSet(cpus),
		Isolated:      line(fsys, "sys/devices/system/cpu/isolated"),
		Boost:         line(fsys, "sys/devices/system/cpu/cpufreq/boost"),
		SMT:           line(fsys, "sys/devices/system/cpu/smt/control"),
		Clocksource:   line(fsys, "sys/devices/system/clocksource/clocksource0/current_clocksource"),
		HugePages:     chosen(line(fsys, "sys/kernel/mm/transparent_hugepage/enabled")),
		CPUQuota:      cpuQuota(fsys).String(),
		Load:          load(fsys),
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
