package host

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
)

// Check returns a sentence for everything that keeps a Spec from being measured
// on the machine that all is the [Preflight] of, and nil when nothing does. That a
// socket other than the base is missing does not: its cells are n/a, see [Missing].
func Check(s runner.Spec, all []Usable) []string {
	var sentences []string
	for _, u := range all {
		if !u.OK && u.Socket == s.Base {
			sentences = append(sentences, u.Reason+" It is the base, which all others are compared with: choose another one.")
		}
	}
	limit, limited := openFiles()
	return append(sentences, check(s, root(), limit, limited)...)
}

// Files that a process has open beside those of its connections.
const (
	filesOfChild  = 64
	filesOfParent = 128 // the database and pages that are watched
)

// filesFor is how many files one process has open at most with n connections at
// once. A child may hold each twice, while the old one closes. Of socketpairs the
// parent holds both ends until both children have theirs.
func filesFor(n int, pairs bool) uint64 {
	if pairs {
		return uint64(2*n + filesOfParent)
	}
	return uint64(2*n + filesOfChild)
}

func check(s runner.Spec, fsys fs.FS, limit uint64, limited bool) []string {
	var sentences []string
	plan, dials := runPlan(s, fsys)
	n := slices.Max(append([]int{0}, s.Concurrency...))
	need := filesFor(n, slices.Contains(s.Sockets, runner.SocketPair))
	if dials && s.Ports != runner.OneAddress {
		need += uint64(plan.Targets)
	}
	if limited && limit < need {
		sentences = append(sentences, fmt.Sprintf("%s at once need %d open files and the limit is %d: use fewer, or raise it with ulimit -n %[2]d.",
			quantity.Plural(int64(n), "connection", "connections"), need, limit))
	}
	if dials {
		if sentence := portsFor(s, plan); sentence != "" {
			sentences = append(sentences, sentence)
		}
	}
	return sentences
}

// runPlan plans the ports of one run of a Spec: each has a server of its own, and
// with it a fresh port and all local ports. ok is false when none dials TCP.
func runPlan(s runner.Spec, fsys fs.FS) (p PortPlan, ok bool) {
	if !s.Workload.Dials() || !slices.ContainsFunc(s.Sockets, runner.Socket.TCP) {
		return PortPlan{}, false
	}
	return planPorts(fsys, PortsAsked{Dials: dialsOfRun(s), PerSecond: float64(s.Rate)}), true
}

// dialsOfRun is about how many connections one run dials: those of the timing
// pass, and those of warm-up and profiled pass, which go by the clock.
func dialsOfRun(s runner.Spec) int {
	const byTheClock = 1.4 * UsualDials
	return s.Requests + max(s.Requests, byTheClock)
}

// slowestDials is how many TCP dials a second even a slow machine makes.
const slowestDials = 2_000

// portsFor says when TCP is sure to run out of local ports.
func portsFor(s runner.Spec, p PortPlan) string {
	if p.Ports == 0 {
		return ""
	}
	if s.Ports != runner.OneAddress {
		if p.Short {
			return p.Sentence + " Use fewer requests, or widen net.ipv4.ip_local_port_range."
		}
		return ""
	}
	asked := PortsAsked{Dials: dialsOfRun(s), PerSecond: slowestDials}
	if s.Rate > 0 {
		asked.PerSecond = float64(s.Rate)
	}
	if asked.window(p.Held) <= float64(p.Ports-p.InUse) {
		return ""
	}
	mend := "dial several addresses in turn, or use fewer requests"
	if p.Held.Seconds() > 1 {
		mend = "dial several addresses in turn, or set net.ipv4.tcp_tw_reuse to 2, the kernel's default"
	}
	return fmt.Sprintf("One run would dial one TCP address about %s times, which has %s, and each port is kept for %s: %s.",
		quantity.Count(int64(asked.Dials)), quantity.Plural(int64(p.Ports), "local port", "local ports"), kept(p.Held), mend)
}
