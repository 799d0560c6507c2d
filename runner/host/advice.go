package host

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
)

// Advice is one thing that would make this machine a better benchmark host.
// Nothing here is ever done by sockscope itself.
type Advice struct {
	Sentence string `json:"sentence"`          // what is so, and why it matters
	Command  string `json:"command,omitempty"` // what mends it until the next boot, to copy; "" where nothing is to be done
}

// ReadAdvice reads what applies to this machine now, what helps most first; nil
// when it is fine as it is.
func ReadAdvice() []Advice {
	cpus := allowedCPUs()
	limit, limited := openFiles()
	f := fromFiles(root(), cpus)
	f.CPUs, f.Cores = len(cpus), len(cores(root(), cpus))
	if limited {
		f.OpenFiles = limit
	}
	return advice(root(), f)
}

func advice(fsys fs.FS, f Fingerprint) []Advice {
	var all []Advice
	for _, part := range []func(fs.FS, Fingerprint) []Advice{adviceOnOthers, adviceOnFrequency, adviceOnCores, adviceOnMemory, adviceOnSockets} {
		all = append(all, part(fsys, f)...)
	}
	return all
}

// adviceOnOthers is about who else uses the CPUs.
func adviceOnOthers(fsys fs.FS, f Fingerprint) []Advice {
	var all []Advice
	if f.CPUs > 0 && f.Load > float64(f.CPUs)/2 {
		all = append(all, Advice{
			fmt.Sprintf("The load average is %.1f on %s: whatever else runs takes CPU time and caches from both sides.", f.Load, quantity.Plural(int64(f.CPUs), "CPU", "CPUs")),
			"ps -eo pcpu,pid,comm --sort=-pcpu | head",
		})
	}
	if q := cpuQuota(fsys); q.limit > 0 {
		free := "max"
		if q.controllerV1 {
			free = "-1"
		}
		all = append(all, Advice{
			fmt.Sprintf("A cgroup lets this process use the time of %s CPUs: when it is used up, client and server stand still for the rest of each period.", quantity.Number(q.cpus())),
			"echo " + free + " | sudo tee /" + q.file,
		})
	}
	if f.CPUs >= 4 && f.Isolated == "" {
		last := fmt.Sprintf("%d-%d", f.CPUs/2, f.CPUs-1)
		all = append(all, Advice{
			"No CPU is kept free of other work. With these options of the kernel's command line, and a reboot, the last half is; then start sockscope with taskset -c " + last + ".",
			"isolcpus=" + last + " nohz_full=" + last + " rcu_nocbs=" + last,
		})
	}
	return all
}

// adviceOnFrequency is about how fast the CPUs run and how fast they wake up.
func adviceOnFrequency(fsys fs.FS, f Fingerprint) []Advice {
	var all []Advice
	if f.Governor != "" && f.Governor != "performance" {
		all = append(all, Advice{
			"The CPU frequency governor is " + f.Governor + ": between two requests the CPU slows down.",
			"echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
		})
	}
	if f.Boost == "1" {
		command := "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost"
		if line(fsys, "sys/devices/system/cpu/intel_pstate/no_turbo") != "" {
			command = "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
		}
		all = append(all, Advice{"The CPU may clock above its base frequency, as long as it stays cool: later rounds can be slower than earlier ones.", command})
	}
	if state, latency := deepestIdle(fsys); latency > 10 {
		all = append(all, Advice{
			fmt.Sprintf("An idle CPU may sleep as deep as %s, which takes %d µs to wake from: more than a small request takes. The command keeps the CPUs awake for an hour.", state, latency),
			`sudo sh -c 'exec 3>/dev/cpu_dma_latency; printf "\0\0\0\0" >&3; sleep 3600'`,
		})
	}
	if c := f.Clocksource; c != "" && c != "tsc" && c != "kvm-clock" && c != "arch_sys_counter" {
		all = append(all, Advice{"The clock source is " + c + ", which costs a system call for each reading.", "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource"})
	}
	return all
}

// deepestIdle is the idle state that takes longest to wake from, in µs, among
// those that are enabled.
func deepestIdle(fsys fs.FS) (name string, latency int) {
	const dir = "sys/devices/system/cpu/cpu0/cpuidle"
	entries, _ := fs.ReadDir(fsys, dir)
	for _, e := range entries {
		state := path.Join(dir, e.Name())
		n, err := strconv.Atoi(line(fsys, path.Join(state, "latency")))
		if err == nil && n > latency && line(fsys, path.Join(state, "disable")) != "1" {
			name, latency = line(fsys, path.Join(state, "name")), n
		}
	}
	return name, latency
}

// adviceOnCores is about threads that share a core, and what a system call costs.
func adviceOnCores(_ fs.FS, f Fingerprint) []Advice {
	var all []Advice
	if f.SMT == "on" && f.Cores < f.CPUs {
		all = append(all, Advice{
			"Each core runs two threads, which slow each other. Client and server never share one, but other work can.",
			"echo off | sudo tee /sys/devices/system/cpu/smt/control",
		})
	}
	if f.CPUs == 1 {
		all = append(all, Advice{"There is one CPU to use: client and server share it, so the placement split is the placement same.", ""})
	}
	on := 0
	for _, m := range f.Mitigations {
		if strings.HasPrefix(m, "Mitigation") {
			on++
		}
	}
	if on > 0 {
		all = append(all, Advice{
			fmt.Sprintf("The kernel mitigates %s of this CPU, which makes each system call dearer. Leave it so: it is how the machines run that the answer is for.", quantity.Plural(int64(on), "fault", "faults")), "",
		})
	}
	return all
}

// adviceOnMemory is about pages that move.
func adviceOnMemory(fsys fs.FS, f Fingerprint) []Advice {
	var all []Advice
	if f.HugePages == "always" {
		all = append(all, Advice{
			"Transparent huge pages are always on: the kernel merges pages in the background, at any time.",
			"echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled",
		})
	}
	swaps := strings.Count(line(fsys, "proc/swaps"), "\n")
	if n, err := strconv.Atoi(f.Sysctls["vm.swappiness"]); err == nil && n > 10 && swaps > 0 {
		all = append(all, Advice{fmt.Sprintf("Swap is on and vm.swappiness is %d: memory of a side that waits may be swapped out.", n), "sudo sysctl -w vm.swappiness=1"})
	}
	return all
}

// adviceOnSockets is about limits that sockets run into.
func adviceOnSockets(fsys fs.FS, f Fingerprint) []Advice {
	var all []Advice
	if held := portHeld(settingsOf(fsys)); ephemeralPorts(settingsOf(fsys)) > 0 && held.Seconds() > 1 {
		command := "sudo sysctl -w net.ipv4.tcp_tw_reuse=2"
		if f.Sysctls["net.ipv4.tcp_timestamps"] == "0" {
			command += " net.ipv4.tcp_timestamps=1"
		}
		all = append(all, Advice{"A closed TCP connection keeps its local port for " + kept(held) + ": dials over TCP run out of ports, or need many addresses.", command})
	}
	if n := ephemeralPorts(settingsOf(fsys)); n > 0 && n < UsualDials {
		all = append(all, Advice{
			fmt.Sprintf("Dials over TCP have %s to choose from, of the usual %s.", quantity.Plural(int64(n), "local port", "local ports"), quantity.Count(28_232)),
			`sudo sysctl -w net.ipv4.ip_local_port_range="32768 60999"`,
		})
	}
	if n, err := strconv.Atoi(f.Sysctls["net.core.somaxconn"]); err == nil && n < runner.MaxConcurrency {
		all = append(all, Advice{
			fmt.Sprintf("At most %d connections wait to be accepted (net.core.somaxconn): with more at once, unix dials are tried again and TCP dials take a second.", n),
			"sudo sysctl -w net.core.somaxconn=4096",
		})
	}
	const usual = 212_992 // bytes, the kernel's default for all four
	for _, buffer := range []string{"rmem", "wmem"} {
		names := []string{"net.core." + buffer + "_default", "net.core." + buffer + "_max"}
		for _, name := range names {
			if n, err := strconv.Atoi(f.Sysctls[name]); err == nil && n < usual {
				all = append(all, Advice{
					fmt.Sprintf("%s is %s: large datagrams and records do not fit, and UDP loses more.", name, quantity.Bytes(int64(n))),
					fmt.Sprintf("sudo sysctl -w %s=%d", name, usual),
				})
			}
		}
	}
	if most := filesFor(runner.MaxConcurrency, true); f.OpenFiles > 0 && f.OpenFiles < most {
		all = append(all, Advice{
			fmt.Sprintf("This process may have %s open: %d connections at once need %d.", quantity.Plural(int64(f.OpenFiles), "file", "files"), runner.MaxConcurrency, most),
			fmt.Sprintf("ulimit -n %d", most),
		})
	}
	return all
}
