package advice

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// cpuOfBoth names the CPU of client and server together in runs that are made here.
const cpuOfBoth = "cpu_ns_per_op"

// Setting is one configuration of a comparison: what its base and the cells that are
// compared with it have in common.
type Setting struct {
	Comparison  string
	When        time.Time
	Base        int // index of the base cell
	Workload    string
	Size        int
	Concurrency int
	Placement   string
	Host        string   // as [profiles.Comparison.HostOf] has it
	Rate        int      // of an open loop; 0 for a closed one
	Sockets     []string // those that are measured, the base first
}

// SettingsOf lists the settings of a comparison that may be evidence: its plain
// cells by what they share. rate is that of an open loop.
func SettingsOf(c profiles.Comparison, rate int) []Setting {
	var all []Setting
	for i, base := range c.Cells {
		if base.AA || base.Variant != "" || base.NA != "" || base.Socket != c.Base {
			continue
		}
		s := Setting{
			Comparison: c.ID, When: c.FinishedAt, Base: i, Rate: rate, Host: c.HostOf(i), Sockets: []string{base.Socket},
			Workload: base.Workload, Size: base.Size, Concurrency: base.Concurrency, Placement: base.Placement,
		}
		for _, o := range c.Cells {
			if o.Socket != base.Socket && o.Variant == "" && o.NA == "" && !o.AA && o.SameButSocket(base) {
				s.Sockets = append(s.Sockets, o.Socket)
			}
		}
		all = append(all, s)
	}
	return all
}

// Distance is how far a setting is from a case, in doublings; smaller is nearer.
// The workload is not in it: another one is no evidence at all.
func (c Case) Distance(s Setting) float64 {
	d := apart(float64(s.Size), float64(c.Size)) + apart(float64(s.Concurrency), 1)/2
	if s.Rate > 0 {
		d += apart(float64(s.Rate), c.Rate) / 2
	} else {
		d += 0.5 // at full speed, which is the rate of nobody
	}
	if s.Placement != "split" {
		d++
	}
	return d
}

// far is how a setting is too far from a case to answer for it, as parts of a
// sentence; none for one that is near.
func (c Case) far(s Setting) []string {
	var all []string
	if apart(float64(s.Size), float64(c.Size)) > math.Log2(nearFactor) {
		all = append(all, fmt.Sprintf("messages of %s instead of %s", quantity.Bytes(int64(s.Size)), quantity.Bytes(int64(c.Size))))
	}
	if s.Rate > 0 && apart(float64(s.Rate), c.Rate) > math.Log2(nearFactor) {
		all = append(all, fmt.Sprintf("an open loop of %s requests/s instead of %s", quantity.Count(int64(s.Rate)), quantity.Rate(c.Rate)))
	}
	return all
}

// Hint says why figures of a setting are a hint only, as a sentence; "" where it is
// near.
func (c Case) Hint(s Setting) string {
	far := c.far(s)
	if len(far) == 0 {
		return ""
	}
	return fmt.Sprintf("What was measured in %s is far from your case: %s. Take its figures for a hint.", s.Comparison, strings.Join(far, ", "))
}

// Nearness says in words how near a setting is to the case.
func (c Case) Nearness(s Setting) string {
	far := c.far(s)
	switch {
	case len(far) > 0:
		return "far: " + strings.Join(far, ", ")
	case s.Size != c.Size:
		return fmt.Sprintf("near: messages of %s instead of %s", quantity.Bytes(int64(s.Size)), quantity.Bytes(int64(c.Size)))
	}
	return "near: the same size of messages"
}

// Figures is what one socket of a setting took.
type Figures struct {
	Socket         string
	Latency        stats.Estimate // median latency, ns
	Client, Server stats.Estimate // CPU per request, ns
	CPU            stats.Estimate // of both
	PerSecond      stats.Estimate // requests
	Counters       map[string]int64

	// The rest is against the base, and zero for the base itself.

	LatencyRatio stats.Ratio
	LatencyClear bool
	CPUMore      stats.Difference // ns per request, paired by round
	CPURatio     stats.Ratio
	CPUClear     bool
}

// Evidence is a setting with what was measured in it.
type Evidence struct {
	Setting
	Rounds int
	Runs   int         // of its cells
	Noisy  int         // runs that were disturbed beyond the limits
	Took   []Figures   // the base first
	AA     stats.Ratio // CPU of the base against itself; N is 0 where nobody measured it
}

// EvidenceOf computes the figures of a setting of the comparison. ok is false when
// its base has none.
func EvidenceOf(c profiles.Comparison, runs []profiles.Run, s Setting) (e Evidence, ok bool) {
	sum := stats.Summarize(c, bothSides(runs))
	e = Evidence{Setting: s, Rounds: sum.Rounds}
	for i := range sum.Cells {
		cell := &sum.Cells[i]
		if i != s.Base && cell.Base != s.Base || cell.Cell.AA || cell.Cell.Variant != "" || cell.Metrics[profiles.LatencyP50].N == 0 {
			continue
		}
		e.Runs += cell.Rounds
		e.Noisy += cell.Noisy
		f := Figures{
			Socket: cell.Cell.Socket, Counters: cell.Counters,
			Latency: cell.Metrics[profiles.LatencyP50], PerSecond: cell.Metrics[profiles.RequestsPerSecond],
			Client: cell.Metrics[profiles.ClientCPU], Server: cell.Metrics[profiles.ServerCPU], CPU: cell.Metrics[cpuOfBoth],
			LatencyRatio: cell.Ratio[profiles.LatencyP50], LatencyClear: cell.Clear[profiles.LatencyP50],
			CPURatio: cell.Ratio[cpuOfBoth], CPUMore: cell.Difference[cpuOfBoth], CPUClear: cell.Clear[cpuOfBoth],
		}
		if i == s.Base {
			e.AA, ok = cell.AA[cpuOfBoth], true
			e.Took = append([]Figures{f}, e.Took...)
			continue
		}
		e.Took = append(e.Took, f)
	}
	return e, ok
}

// bothSides adds up the CPU of client and server of each run, which are what a
// machine pays for both, and leaves out what is not asked.
func bothSides(runs []profiles.Run) []profiles.Run {
	out := make([]profiles.Run, len(runs))
	for i, r := range runs {
		m := map[string]float64{}
		for _, name := range []string{profiles.LatencyP50, profiles.RequestsPerSecond, profiles.ClientCPU, profiles.ServerCPU} {
			if v, ok := r.Metrics[name]; ok {
				m[name] = v
			}
		}
		client, ok := m[profiles.ClientCPU]
		if server, ok2 := m[profiles.ServerCPU]; ok && ok2 {
			m[cpuOfBoth] = client + server
		}
		r.Metrics, r.Curve = m, nil
		out[i] = r
	}
	return out
}

// Of returns the figures of a socket; nil for one that is not in the evidence.
func (e *Evidence) Of(socket string) *Figures {
	for i := range e.Took {
		if e.Took[i].Socket == socket {
			return &e.Took[i]
		}
	}
	return nil
}

func (e *Evidence) base() string { return e.Took[0].Socket }
