package host

import (
	"strings"
	"testing"
	"time"
)

func portFiles(change map[string]string) map[string]string {
	m := map[string]string{
		"proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n", "proc/sys/net/ipv4/tcp_tw_reuse": "2\n",
		"proc/sys/net/ipv4/tcp_timestamps": "1\n", "proc/sys/net/ipv4/tcp_tw_reuse_delay": "1000\n",
		"proc/net/sockstat": "TCP: inuse 3 orphan 0 tw 42 alloc 1 mem 223\n", "proc/net/sockstat6": "TCP6: inuse 2\n",
	}
	for name, value := range change {
		m["proc/sys/net/ipv4/"+name] = value
	}
	return m
}

func TestPlanPorts(t *testing.T) {
	t.Parallel()
	narrow := map[string]string{"ip_local_port_range": "30000 32000"}
	for _, c := range []struct {
		name    string
		change  map[string]string
		asked   PortsAsked
		ports   int
		held    time.Duration
		targets int
		short   bool
	}{
		{"the article", nil, PortsAsked{10_000, 9_000}, 28_232, time.Second, 1, false},
		{"no figures", nil, PortsAsked{}, 28_232, time.Second, 1, false},
		{"few ports", narrow, PortsAsked{100_000, 8_900}, 2_001, time.Second, 9, false},
		{"just half of one address", narrow, PortsAsked{100_000, 998}, 2_001, time.Second, 1, false},
		{"just above half of one address", narrow, PortsAsked{100_000, 999}, 2_001, time.Second, 2, false},
		{"few ports and few dials", narrow, PortsAsked{500, 9_000}, 2_001, time.Second, 1, false},
		{"ports kept back", map[string]string{"ip_local_reserved_ports": "1-10,32768-46883,60999-65000"}, PortsAsked{0, 14_000}, 28_232 - 14_116 - 1, time.Second, 2, false},
		{"no reuse", map[string]string{"tcp_tw_reuse": "0"}, PortsAsked{100_000, 9_000}, 28_232, time.Minute, 8, false},
		{"no time stamps", map[string]string{"tcp_timestamps": "0"}, PortsAsked{100_000, 9_000}, 28_232, time.Minute, 8, false},
		{"another delay", map[string]string{"tcp_tw_reuse_delay": "4000"}, PortsAsked{100_000, 9_000}, 28_232, 4 * time.Second, 3, false},
		{"as many as there are", map[string]string{"ip_local_port_range": "30000 30099"}, PortsAsked{100_000, 9_000}, 100, time.Second, 190, false},
		{"more than there are", map[string]string{"ip_local_port_range": "30000 30009"}, PortsAsked{100_000, 9_000}, 10, time.Second, 250, true},
		{"no port at all", map[string]string{"ip_local_port_range": "30000 30003"}, PortsAsked{100_000, 9_000}, 4, time.Second, 250, true},
		{"nothing known", map[string]string{"ip_local_port_range": "?"}, PortsAsked{100_000, 9_000}, 0, time.Second, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := planPorts(files(portFiles(c.change)), c.asked)
			if p.Ports != c.ports || p.Held != c.held || p.Targets != c.targets || p.Short != c.short || p.InUse != 5 || p.TimeWait != 42 {
				t.Errorf("plan %+v, want %d ports kept %s, %d addresses, short %t", p, c.ports, c.held, c.targets, c.short)
			}
			if (p.Sentence != "") != (c.targets > 1) || strings.Contains(p.Sentence, "%") {
				t.Errorf("sentence %q", p.Sentence)
			}
		})
	}
	p := planPorts(files(portFiles(narrow)), PortsAsked{100_000, 8_900})
	const want = "100_000 dials at about 8_900/s need 9 addresses of the server (127.0.0.1 to 127.0.0.9, or as many ports): each has 2_001 local ports, and each port is kept for 1 s."
	if got := strings.ReplaceAll(p.Sentence, "\u202f", "_"); got != want {
		t.Errorf("sentence %q, want %q", got, want)
	}
}

func TestDialsPerSecond(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reuse, delay string
		want         float64
	}{{"2", "", 14116}, {"2", "1000", 14116}, {"2", "500", 28232}, {"0", "1000", 14116. / 60}} {
		got := dialsPerSecond(files(portFiles(map[string]string{"tcp_tw_reuse": c.reuse, "tcp_tw_reuse_delay": c.delay})))
		if got != c.want {
			t.Errorf("reuse %s, delay %s: %g dials a second, want %g", c.reuse, c.delay, got, c.want)
		}
	}
	if got := dialsPerSecond(files(nil)); got != 0 {
		t.Errorf("%g dials a second where nothing is known", got)
	}
}
