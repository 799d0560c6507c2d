package host

import (
	"maps"
	"slices"
	"strconv"
)

// Difference is one fact in which two fingerprints differ.
type Difference struct {
	Name    string `json:"name"` // "CPU", "net.core.somaxconn"
	A       string `json:"a"`    // "" for none or unknown
	B       string `json:"b"`
	Matters string `json:"matters,omitempty"` // why, as a sentence; "" if not known
}

// Differences returns what differs, what matters most first. Facts that change
// from minute to minute, as the load, are left out; so are those that only one of
// the two tells, where saying nothing is not the same as having none.
func Differences(a, b Fingerprint) []Difference {
	var all []Difference
	add := func(name, inA, inB, matters string) {
		if inA != inB {
			all = append(all, Difference{Name: name, A: inA, B: inB, Matters: matters})
		}
	}
	machine, binary := facts()
	for _, f := range machine {
		f.add(a, b, add)
	}
	addMap(a.Mitigations, b.Mitigations, "mitigation of ", func(string) string {
		return "Mitigations of CPU faults make each system call dearer, by up to a third."
	}, add)
	for _, f := range binary {
		f.add(a, b, add)
	}
	addMap(a.GoSettings, b.GoSettings, "", func(string) string {
		return "It changes how the Go runtime collects garbage or schedules."
	}, add)
	addSysctls(a.Sysctls, b.Sysctls, add)
	add("host name", a.Hostname, b.Hostname, "")
	return all
}

// fact is one field of a fingerprint.
type fact struct {
	name    string
	of      func(Fingerprint) string
	matters string
	// told: the field is "" where it was not read, and never for "none".
	told bool
}

func (f fact) add(a, b Fingerprint, add func(name, a, b, matters string)) {
	inA, inB := f.of(a), f.of(b)
	if f.told && (inA == "" || inB == "") {
		return
	}
	add(f.name, inA, inB, f.matters)
}

// facts are the fields in the order of their weight.
func facts() (machine, binary []fact) {
	return []fact{
		{"system", func(f Fingerprint) string { return f.OS + "/" + f.Arch }, "Another system has other sockets below the same names.", true},
		{"CPU", func(f Fingerprint) string { return f.CPU }, "Another CPU runs everything at another speed.", false},
		{"CPUs", func(f Fingerprint) string { return number(f.CPUs) }, "With fewer CPUs client and server share them.", true},
		{"cores", func(f Fingerprint) string { return number(f.Cores) }, "Two threads of one core slow each other.", true},
		{"virtual machine", func(f Fingerprint) string { return onOff(f.Hypervisor, "yes", "no") }, "A wake-up inside of a virtual machine costs an exit to the hypervisor.", false},
		{"kernel", func(f Fingerprint) string { return f.Kernel }, "The sockets are the kernel's: what a call costs changes between releases.", false},
		{"kernel options", func(f Fingerprint) string { return f.KernelOptions }, "They isolate CPUs, switch mitigations off or forbid idle states.", false},
		{"frequency governor", func(f Fingerprint) string { return f.Governor }, "It decides how fast the CPU runs between two requests.", false},
		{"frequency boost", func(f Fingerprint) string { return f.Boost }, "A CPU that may clock up is faster, and not always equally so.", false},
		{"SMT", func(f Fingerprint) string { return f.SMT }, "Two threads of one core slow each other.", false},
		{"CPU quota", func(f Fingerprint) string { return f.CPUQuota }, "A cgroup that used its quota up stands still for the rest of each period.", true},
		{"CPUs that may be used", func(f Fingerprint) string { return f.Affinity }, "Client and server ran on other CPUs.", true},
		{"isolated CPUs", func(f Fingerprint) string { return f.Isolated }, "Nothing else runs on isolated CPUs.", false},
		{"clock source", func(f Fingerprint) string { return f.Clocksource }, "Reading a clock other than tsc costs a system call, twice a request.", true},
		{"transparent huge pages", func(f Fingerprint) string { return f.HugePages }, "", true},
		{"open files", func(f Fingerprint) string { return number(int(min(f.OpenFiles, 1<<31-1))) }, "It limits the connections at once, not their speed.", true},
	}, []fact{
		{"Go", func(f Fingerprint) string { return f.Go }, "Another compiler and runtime: other code for the same loop.", false},
		{"source revision", func(f Fingerprint) string { return f.Revision }, "The measured loops may differ.", false},
		{"build", func(f Fingerprint) string { return f.BuildID }, "The binary was built from other code or with other settings.", true},
		{"GOMAXPROCS", func(f Fingerprint) string { return number(f.GOMAXPROCS) }, "It changes how goroutines are woken: by a switch, or on another thread.", true},
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func onOff(b bool, on, off string) string {
	if b {
		return on
	}
	return off
}

func addMap(a, b map[string]string, prefix string, matters func(name string) string, add func(name, a, b, matters string)) {
	names := slices.Sorted(maps.Keys(a))
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		add(prefix+name, a[name], b[name], matters(name))
	}
}

// addSysctls takes those that this version knows in its order, then the others.
func addSysctls(a, b map[string]string, add func(name, a, b, matters string)) {
	names := sysctls()
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		inA, okA := a[name]
		inB, okB := b[name]
		if okA && okB {
			add(name, inA, inB, sysctlMatters(name))
		}
	}
}

func sysctlMatters(name string) string {
	switch name {
	case "net.core.somaxconn", "net.ipv4.tcp_max_syn_backlog":
		return "It bounds the backlog: how many connections may wait to be accepted."
	case "net.core.rmem_default", "net.core.wmem_default", "net.core.rmem_max", "net.core.wmem_max", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem":
		return "Buffers bound how much is under way: streams, large messages and the loss of UDP hang on them."
	case "net.core.busy_poll", "net.core.busy_read":
		return "A reader that polls answers sooner and uses more CPU."
	case "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_tw_reuse_delay", "net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_timestamps":
		return "It decides how many TCP connections can be dialed in a row, and from when on each takes longer."
	case "net.ipv4.tcp_congestion_control", "net.core.default_qdisc":
		return "It paces what TCP sends, on loopback too."
	case "net.mptcp.enabled":
		return "Go listens with multipath TCP where it is enabled."
	case "net.core.netdev_max_backlog":
		return "It bounds what loopback may queue for the receiver."
	case "net.unix.max_dgram_qlen":
		return "It is how many datagrams a unixgram socket holds before its writer waits."
	case "kernel.perf_event_paranoid":
		return "It decides whether kernel-deep profiles can be taken, not the timing."
	case "kernel.sched_autogroup_enabled":
		return "It decides how CPU time is shared with other sessions."
	}
	return ""
}
