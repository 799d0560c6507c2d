package host

import (
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// PortsAsked is what one run is going to do to the local ports.
type PortsAsked struct {
	Dials     int     // in all; 0 for unknown, which is as many as the time allows
	PerSecond float64 // how fast they come; 0 for [UsualDials]
}

// UsualDials is how many TCP dials a second one run makes on the machines that
// were measured: 8,000 to 10,000.
const UsualDials = 10_000

// PortPlan says how many addresses of a server keep TCP dials fast.
//
// The side that closes first keeps its port in TIME_WAIT: for a second on
// loopback, where the kernel may use it again then, and for a minute elsewhere.
// What is kept is the four of both addresses and ports, so a second address of
// the server is a second set of local ports. The plan stays below half of each
// set: from there on connect(2) has to look for a free port in odd and even ones,
// and its median rises threefold before it fails with EADDRNOTAVAIL.
type PortPlan struct {
	Ports    int           // local ports to choose from; 0 for unknown
	Held     time.Duration // how long a closed connection keeps its port
	InUse    int           // TCP sockets that are open now
	TimeWait int64         // TCP sockets that are in TIME_WAIT now
	Targets  int           // addresses of the server that keep each below half; 1 to maxTargets
	// Short reports whether even that many run out of ports.
	Short bool
	// Sentence explains the plan to people; "" when one address is enough.
	Sentence string
}

// maxTargets keeps to the last byte of 127.0.0.x.
const maxTargets = 250

// PlanPorts looks at the local ports of this machine.
func PlanPorts(asked PortsAsked) PortPlan { return planPorts(root(), asked) }

func planPorts(fsys fs.FS, asked PortsAsked) PortPlan {
	sockstat := line(fsys, "proc/net/sockstat")
	p := PortPlan{
		Ports: ephemeralPorts(settingsOf(fsys)), Held: portHeld(settingsOf(fsys)), Targets: 1,
		InUse:    int(pair(sockstat, "TCP:", "inuse") + pair(line(fsys, "proc/net/sockstat6"), "TCP6:", "inuse")),
		TimeWait: pair(sockstat, "TCP:", "tw"),
	}
	if p.Ports == 0 {
		return p
	}
	if asked.PerSecond <= 0 {
		asked.PerSecond = UsualDials
	}
	dials := asked.window(p.Held)
	free := float64(max(p.Ports-p.InUse, 1))
	targets := math.Ceil(dials / (free / 2))
	p.Targets = int(min(max(targets, 1), maxTargets))
	p.Short = dials > free*maxTargets
	switch {
	case p.Short:
		p.Sentence = fmt.Sprintf("%s need more than %d addresses of the server, which is the most: %s.", asked, maxTargets, p.each())
	case p.Targets > 1:
		p.Sentence = fmt.Sprintf("%s need %d addresses of the server (127.0.0.1 to 127.0.0.%[2]d, or as many ports): %s.", asked, p.Targets, p.each())
	}
	return p
}

// window is how many dials can hold a port at the same time.
func (a PortsAsked) window(held time.Duration) float64 {
	dials := a.PerSecond * held.Seconds()
	if a.Dials > 0 {
		dials = min(dials, float64(a.Dials))
	}
	return dials
}

func (a PortsAsked) String() string {
	rate := fmt.Sprintf("about %s/s", quantity.Rate(a.PerSecond))
	if a.Dials == 0 {
		return "Dials at " + rate
	}
	return fmt.Sprintf("%s at %s", quantity.Plural(int64(a.Dials), "dial", "dials"), rate)
}

func (p PortPlan) each() string {
	return fmt.Sprintf("each has %s, and each port is kept for %s", quantity.Plural(int64(p.Ports), "local port", "local ports"), kept(p.Held))
}

// kept is a time as a person says it: "1 s".
func kept(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

// DialsPerSecond is how many TCP dials a second leave half of the local ports
// free; with more, each dial takes longer to find one. 0 if unknown.
func DialsPerSecond() float64 { return dialsPerSecond(root()) }

func dialsPerSecond(fsys fs.FS) float64 {
	return float64(ephemeralPorts(settingsOf(fsys))) / 2 / portHeld(settingsOf(fsys)).Seconds()
}

// LocalPorts is how many local ports a dial of that machine can choose from; 0 if
// unknown.
func (f Fingerprint) LocalPorts() int { return ephemeralPorts(f.setting) }

// PortHeld is how long a closed TCP connection of that machine keeps its port: over
// loopback, and to another host. 0 if the settings are not known.
func (f Fingerprint) PortHeld() (loopback, away time.Duration) {
	if f.Sysctls["net.ipv4.tcp_tw_reuse"] == "" {
		return 0, 0
	}
	loopback, away = portHeld(f.setting), time.Minute
	if f.Sysctls["net.ipv4.tcp_tw_reuse"] == "1" {
		away = loopback
	}
	return loopback, away
}

func (f Fingerprint) setting(name string) string { return f.Sysctls[name] }

// settingsOf reads kernel settings of this machine by name.
func settingsOf(fsys fs.FS) func(string) string {
	return func(name string) string { return sysctl(fsys, name) }
}

// portHeld is how long a port stays in TIME_WAIT: a minute, unless the kernel may
// use it again, which is its default on loopback and takes time stamps.
func portHeld(setting func(string) string) time.Duration {
	if setting("net.ipv4.tcp_tw_reuse") == "0" || setting("net.ipv4.tcp_timestamps") == "0" {
		return time.Minute
	}
	if ms, err := strconv.Atoi(setting("net.ipv4.tcp_tw_reuse_delay")); err == nil && ms > 0 {
		return time.Duration(ms) * time.Millisecond
	}
	return time.Second
}

// ephemeralPorts is how many local ports a dial can choose from; 0 if unknown.
func ephemeralPorts(setting func(string) string) int {
	first, last, ok := strings.Cut(setting("net.ipv4.ip_local_port_range"), " ")
	a, errA := strconv.Atoi(first)
	b, errB := strconv.Atoi(last)
	if !ok || errA != nil || errB != nil || b < a {
		return 0
	}
	n := b - a + 1
	for _, port := range cpuList(setting("net.ipv4.ip_local_reserved_ports")) {
		if a <= port && port <= b {
			n--
		}
	}
	return n
}
