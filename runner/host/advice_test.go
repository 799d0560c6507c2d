package host

import (
	"strings"
	"testing"
)

func TestAdvice(t *testing.T) {
	t.Parallel()
	good := func() (map[string]string, Fingerprint) {
		return portFiles(nil), Fingerprint{
			CPUs: 4, Cores: 4, Isolated: "2-3", Governor: "performance", Boost: "0", SMT: "off", Clocksource: "tsc", HugePages: "madvise", OpenFiles: 20_000,
			Sysctls: map[string]string{
				"vm.swappiness": "60", "net.core.somaxconn": "4096", "net.core.rmem_default": "212992", "net.core.rmem_max": "212992",
				"net.core.wmem_default": "212992", "net.core.wmem_max": "212992",
			},
		}
	}
	if m, f := good(); len(advice(files(m), f)) > 0 {
		t.Errorf("advice to a good host: %+v", advice(files(m), f))
	}
	for _, c := range []struct {
		name     string
		change   func(m map[string]string, f *Fingerprint)
		sentence string
		command  string // a part of it; "" for none
	}{
		{"load", func(_ map[string]string, f *Fingerprint) { f.Load = 2.5 }, "load average is 2.5 on 4 CPUs", "ps "},
		{"quota", func(m map[string]string, _ *Fingerprint) {
			m["proc/self/cgroup"], m["sys/fs/cgroup/me/cpu.max"] = "0::/me\n", "150000 100000\n"
		}, "time of 1.5 CPUs", "tee /sys/fs/cgroup/me/cpu.max"},
		{"nothing isolated", func(_ map[string]string, f *Fingerprint) { f.Isolated = "" }, "kept free", "isolcpus=2-3"},
		{"governor", func(_ map[string]string, f *Fingerprint) { f.Governor = "powersave" }, "powersave", "scaling_governor"},
		{"boost", func(_ map[string]string, f *Fingerprint) { f.Boost = "1" }, "clock above", "cpufreq/boost"},
		{"turbo", func(m map[string]string, f *Fingerprint) {
			f.Boost, m["sys/devices/system/cpu/intel_pstate/no_turbo"] = "1", "0\n"
		}, "clock above", "no_turbo"},
		{"idle states", func(m map[string]string, _ *Fingerprint) {
			const dir = "sys/devices/system/cpu/cpu0/cpuidle/"
			m[dir+"state1/name"], m[dir+"state1/latency"] = "C1\n", "2\n"
			m[dir+"state2/name"], m[dir+"state2/latency"] = "C6\n", "133\n"
			m[dir+"state3/name"], m[dir+"state3/latency"], m[dir+"state3/disable"] = "C10\n", "900\n", "1\n"
		}, "C6, which takes 133 µs", "cpu_dma_latency"},
		{"clock", func(_ map[string]string, f *Fingerprint) { f.Clocksource = "hpet" }, "hpet", "clocksource"},
		{"SMT", func(_ map[string]string, f *Fingerprint) { f.SMT, f.Cores = "on", 2 }, "two threads", "smt/control"},
		{"one CPU", func(_ map[string]string, f *Fingerprint) { f.CPUs, f.Cores = 1, 1 }, "one CPU", ""},
		{"mitigations", func(_ map[string]string, f *Fingerprint) {
			f.Mitigations = map[string]string{"a": "Mitigation: x", "b": "Vulnerable", "c": "Mitigation: y"}
		}, "2 faults", ""},
		{"huge pages", func(_ map[string]string, f *Fingerprint) { f.HugePages = "always" }, "huge pages", "transparent_hugepage"},
		{"swap", func(m map[string]string, _ *Fingerprint) {
			m["proc/swaps"] = "Filename Type\n/dev/sda2 partition\n"
		}, "vm.swappiness is 60", "vm.swappiness=1"},
		{"no reuse", func(m map[string]string, _ *Fingerprint) { m["proc/sys/net/ipv4/tcp_tw_reuse"] = "0" }, "for 60 s", "tcp_tw_reuse=2"},
		{"few ports", func(m map[string]string, _ *Fingerprint) {
			m["proc/sys/net/ipv4/ip_local_port_range"] = "30000 32000"
		}, "local ports to choose from", "ip_local_port_range"},
		{"small backlog", func(_ map[string]string, f *Fingerprint) { f.Sysctls["net.core.somaxconn"] = "128" }, "At most 128", "somaxconn=4096"},
		{"small buffers", func(_ map[string]string, f *Fingerprint) { f.Sysctls["net.core.wmem_max"] = "65536" }, "net.core.wmem_max is", "net.core.wmem_max=212992"},
		{"few files", func(_ map[string]string, f *Fingerprint) { f.OpenFiles = 1024 }, "files open", "ulimit -n 2176"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, f := good()
			c.change(m, &f)
			got := advice(files(m), f)
			if len(got) != 1 || !strings.Contains(got[0].Sentence, c.sentence) || !strings.HasSuffix(got[0].Sentence, ".") ||
				!strings.Contains(got[0].Command, c.command) || (c.command == "") != (got[0].Command == "") {
				t.Errorf("advice %+v, want one with %q and %q", got, c.sentence, c.command)
			}
		})
	}
}
