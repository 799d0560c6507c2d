package host

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/runner"
)

func files(m map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for path, text := range m {
		fsys[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestFromFiles(t *testing.T) {
	t.Parallel()
	got := fromFiles(files(map[string]string{
		"proc/sys/kernel/osrelease": "6.18.44\n",
		"proc/cmdline":              "root=UUID=secret-disk isolcpus=2,3 quiet mitigations=off console=ttyS0\n",
		"proc/cpuinfo":              "processor\t: 0\nmodel name\t: Example CPU\nflags\t\t: fpu hypervisor\n\nprocessor\t: 1\nmodel name\t: Other\n",
		"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor":            "performance\n",
		"sys/devices/system/cpu/cpufreq/boost":                            "1\n",
		"sys/devices/system/cpu/intel_pstate/no_turbo":                    "1\n",
		"sys/devices/system/cpu/smt/control":                              "on\n",
		"sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
		"sys/kernel/mm/transparent_hugepage/enabled":                      "always [madvise] never\n",
		"sys/fs/cgroup/cpu.max":                                           "max 100000\n",
		"sys/devices/system/cpu/vulnerabilities/spectre_v2":               "Mitigation: Retpolines\n",
		"sys/devices/system/cpu/vulnerabilities/meltdown":                 "Not affected\n",
		"proc/sys/net/core/somaxconn":                                     "4096\n",
		"proc/sys/net/ipv4/ip_local_port_range":                           "32768\t60999\n",
		"proc/self/cgroup":                                                "0::/\n",
		"proc/loadavg":                                                    "0.25 0.5 0.75 1/96 12506\n",
		"sys/devices/system/cpu/isolated":                                 "2-3\n",
	}), []int{0, 1, 4})
	want := Fingerprint{
		Affinity: "0-1,4", Isolated: "2-3", Load: .25,
		Kernel: "6.18.44", KernelOptions: "isolcpus=2,3 mitigations=off", CPU: "Example CPU", Hypervisor: true,
		Governor: "performance", Boost: "0", SMT: "on", Clocksource: "tsc", HugePages: "madvise", CPUQuota: "max 100000",
		Mitigations: map[string]string{"spectre_v2": "Mitigation: Retpolines"},
		Sysctls:     map[string]string{"net.core.somaxconn": "4096", "net.ipv4.ip_local_port_range": "32768 60999"},
		GoSettings:  map[string]string{},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("fingerprint (-want +got):\n%s", d)
	}
	empty := fromFiles(files(nil), nil)
	if d := cmp.Diff(Fingerprint{Mitigations: map[string]string{}, Sysctls: map[string]string{}, GoSettings: map[string]string{}}, empty); d != "" {
		t.Errorf("fingerprint of a system without /proc (-want +got):\n%s", d)
	}
}

func TestReadFingerprint(t *testing.T) {
	t.Setenv("GOGC", "123")
	f := ReadFingerprint()
	if f.Hostname == "" || f.OS == "" || f.Arch == "" || !strings.HasPrefix(f.Go, "go") && !strings.HasPrefix(f.Go, "devel") || f.CPUs < 1 {
		t.Errorf("fingerprint lacks the least: %+v", f)
	}
	if f.GoSettings["GOGC"] != "123" {
		t.Errorf("GOGC is set and is not among %v", f.GoSettings)
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		placement      runner.Placement
		cores          [][]int
		client, server []int
		warned         bool
	}{
		{"two CPUs", runner.Split, [][]int{{0}, {1}}, []int{1}, []int{0}, false},
		{"three CPUs", runner.Split, [][]int{{0}, {1}, {2}}, []int{1}, []int{0}, false},
		{"four CPUs", runner.Split, [][]int{{0}, {1}, {2}, {3}}, []int{2, 3}, []int{0, 1}, false},
		{"two cores of two threads", runner.Split, [][]int{{0, 2}, {1, 3}}, []int{1, 3}, []int{0, 2}, false},
		{"one core of two threads", runner.Split, [][]int{{0, 1}}, []int{1}, []int{0}, true},
		{"one CPU", runner.Split, [][]int{{5}}, []int{5}, []int{5}, true},
		{"same", runner.Same, [][]int{{0, 2}, {1, 3}}, []int{1}, []int{1}, false},
		{"same on one CPU", runner.Same, [][]int{{0}}, []int{0}, []int{0}, false},
		{"free", runner.Free, [][]int{{0}, {1}}, nil, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := place(c.placement, c.cores)
			if d := cmp.Diff([][]int{c.client, c.server}, [][]int{got.Client, got.Server}); d != "" {
				t.Errorf("client and server (-want +got):\n%s", d)
			}
			if (len(got.Warnings) > 0) != c.warned {
				t.Errorf("warnings %q", got.Warnings)
			}
		})
	}
}

func TestCores(t *testing.T) {
	t.Parallel()
	const topology = "sys/devices/system/cpu/cpu%/topology/thread_siblings_list"
	m := map[string]string{}
	for cpu, siblings := range map[string]string{"0": "0,4", "1": "1,5", "2": "2-3", "3": "2-3", "4": "0,4", "5": "1,5"} {
		m[strings.ReplaceAll(topology, "%", cpu)] = siblings + "\n"
	}
	got := cores(files(m), []int{0, 2, 3, 4, 5, 9})
	if d := cmp.Diff([][]int{{0, 4}, {2, 3}, {5}, {9}}, got); d != "" {
		t.Errorf("cores (-want +got):\n%s", d)
	}
}

func TestCPUList(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][]int{
		"0": {0}, "0-3,8": {0, 1, 2, 3, 8}, "": nil, "x": nil, "3-": nil, "0-99999999": nil, "4-2": nil,
	} {
		if d := cmp.Diff(want, cpuList(s)); d != "" {
			t.Errorf("cpuList(%q) (-want +got):\n%s", s, d)
		}
	}
}

const (
	sockstat = "sockets: used 15\nTCP: inuse 1 orphan 0 tw 42 alloc 1 mem 223\nUDP: inuse 0 mem 0\n"
	snmp     = "Ip: Forwarding\nIp: 1\nTcp: RtoAlgorithm RetransSegs InErrs\nTcp: 1 17 0\n"
	udp      = "Udp: InDatagrams RcvbufErrors SndbufErrors\nUdp: 9 20 2\n"
	snmp6    = "Udp6InDatagrams                 \t7\nUdp6RcvbufErrors                \t5\nUdp6SndbufErrors                \t1\n"
	netstat  = "TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts\nTcpExt: 0 3 5 4\nIpExt: InNoRoutes\nIpExt: 0\n"
)

func TestSample(t *testing.T) {
	t.Parallel()
	before := sample(files(map[string]string{"proc/stat": "cpu  100 10 200 1000 5 3 7 2 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n", "proc/net/snmp": snmp}))
	after := sample(files(map[string]string{
		"proc/stat": "cpu  150 10 260 1100 5 4 17 7 0 0\n", "proc/net/sockstat": sockstat, "proc/net/snmp": snmp + udp, "proc/net/netstat": netstat,
		"proc/net/snmp6": snmp6, "proc/loadavg": "1.50 0.5 0.75 1/96 12506\n",
	}))
	ms := time.Millisecond
	want := Sample{Busy: 1100 * ms, Soft: 110 * ms, Steal: 50 * ms, Total: 2260 * ms, TimeWait: 42, Retransmits: 0, ListenOverflows: 3, ListenDrops: 5, Timeouts: 4, UDPReceiveErrors: 25, UDPSendErrors: 3, Load: 1.5}
	if d := cmp.Diff(want, after.Since(before)); d != "" {
		t.Errorf("sample (-want +got):\n%s", d)
	}
	for _, broken := range []string{"", "cpu", "cpu 1 2 3", "cpu a b c d e f g h", "intr 1 2 3 4 5 6 7 8 9"} {
		if s := sample(files(map[string]string{"proc/stat": broken, "proc/net/snmp": "Tcp: RetransSegs", "proc/net/sockstat": "TCP: tw"})); s.Busy+s.Soft+s.Steal > 0 {
			t.Errorf("sample of %q: %+v", broken, s)
		}
	}
}

func TestNoiseOf(t *testing.T) {
	t.Parallel()
	s := time.Second
	for _, c := range []struct {
		name   string
		done   Sample
		own    time.Duration
		others float64
		ok     bool
	}{
		{"alone", Sample{Busy: s, Total: 2 * s}, s, 0, true},
		{"others", Sample{Busy: s, Total: 2 * s}, s / 2, .25, true},
		{"interrupts are in our own time", Sample{Busy: s, Soft: s / 2, Total: 2 * s}, s * 11 / 10, .2, true},
		{"interrupts are nobody's", Sample{Busy: s, Soft: s / 2, Total: 2 * s}, s, 0, true},
		{"too short", Sample{Busy: s / 10, Total: s / 10}, 0, 0, false},
		{"not told", Sample{}, s, 0, false},
	} {
		n, ok := NoiseOf(c.done, c.own)
		if ok != c.ok || n.Others < c.others-.001 || n.Others > c.others+.001 {
			t.Errorf("%s: %+v, %t; want %g, %t", c.name, n, ok, c.others, c.ok)
		}
	}
}

func TestNoisy(t *testing.T) {
	t.Parallel()
	s := time.Second
	for _, c := range []struct {
		name string
		done Sample
		own  time.Duration
		want string // a word; "" for a run within the limits
	}{
		{"alone", Sample{Busy: s, Total: 2 * s, Load: 2}, s, ""},
		{"a bit of others", Sample{Busy: s, Total: 2 * s}, s * 9 / 10, ""},
		{"others", Sample{Busy: s, Total: 2 * s}, s / 2, "Other processes used 25 %"},
		{"others, which may be chance", Sample{Busy: s, Total: 2 * s}, s * 85 / 100, ""},
		{"others, for long", Sample{Busy: 10 * s, Total: 20 * s}, s * 85 / 10, "Other processes used 8 %"},
		{"a bit of steal", Sample{Busy: s, Total: 2 * s, Steal: 2 * tick}, s, ""},
		{"steal", Sample{Busy: s, Total: 2 * s, Steal: 10 * tick}, s, "The hypervisor gave 5.0 %"},
		{"after a load", Sample{Busy: s, Total: 2 * s, Load: 9}, s, ""},
		{"too short to say", Sample{Busy: 10 * tick, Total: 10 * tick, Load: 6}, 0, ""},
		{"too short to say, under load", Sample{Busy: 10 * tick, Total: 10 * tick, Load: 6.1}, 0, "load average was 6.1 on 2 CPUs"},
		{"not told", Sample{}, s, ""},
	} {
		got := UsualLimits().noisy(c.done, c.own, 2)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCPUSet(t *testing.T) {
	t.Parallel()
	for want, cpus := range map[string][]int{"": nil, "3": {3}, "0-1": {0, 1}, "0-2,4,6-7": {0, 1, 2, 4, 6, 7}} {
		if got := cpuSet(cpus); got != want {
			t.Errorf("cpuSet(%v) is %q, want %q", cpus, got, want)
		}
		if d := cmp.Diff(cpus, cpuList(want)); d != "" {
			t.Errorf("cpuList(%q) (-want +got):\n%s", want, d)
		}
	}
}

func TestGovernors(t *testing.T) {
	t.Parallel()
	m := map[string]string{}
	for cpu, governor := range []string{"performance", "performance", "powersave", "performance"} {
		m[fmt.Sprintf("sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu)] = governor + "\n"
	}
	for want, cpus := range map[string][]int{
		"performance": {0, 1, 3}, "performance on 0-1,3, powersave on 2": {0, 1, 2, 3}, "powersave": {2, 9},
	} {
		if got := governors(files(m), cpus); got != want {
			t.Errorf("governors of %v: %q, want %q", cpus, got, want)
		}
	}
}

func TestMeasuredFacts(t *testing.T) {
	t.Parallel()
	f := ReadFingerprint()
	if f.ClockCost <= 0 || f.ClockCost > 100*time.Microsecond || f.GOMAXPROCS < 1 {
		t.Errorf("reading the clock costs %s, GOMAXPROCS %d", f.ClockCost, f.GOMAXPROCS)
	}
	if runtime.GOOS == "linux" && (f.ShortestSleep <= 0 || f.BuildID == "" || f.Affinity == "") {
		t.Errorf("shortest sleep %s, build %q, affinity %q", f.ShortestSleep, f.BuildID, f.Affinity)
	}
}
