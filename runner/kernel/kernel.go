// Package kernel samples the children of a run down into the kernel: it makes pprof
// profiles whose stacks go from the measured loop through the system call to, say,
// tcp_v4_rcv. Linux only; elsewhere [Probe] says so.
//
// How the events are opened decides whether the measurement is true. A session of
// its own for each child, and events that are enabled by exec, have the kernel program
// a timer at each switch between the children, which doubles the latency of an echo in
// a virtual machine and changes which socket is ahead. So there is one event per CPU
// for all processes ([System]), or one set of events on one thread that forks both
// children ([Tasks]), enabled around the measured loop only. And where there is one event
// per CPU, no two CPUs are interrupted at once: see phase.
//
// The clock is an interrupt. Where interrupts are off, what is sampled is the place
// where they come back: finish_task_switch stands for the context switch, and
// _raw_spin_unlock_irqrestore for the wake-up, about a third of all samples together.
package kernel

import (
	"time"

	"github.com/google/pprof/profile"
)

// Level is how much this host lets us see.
type Level int

// The levels, each with what it takes.
const (
	None     Level = iota // nothing
	UserOnly              // own processes without kernel frames: runtime/pprof tells as much
	Tasks                 // own children with kernel frames: perf_event_paranoid up to 1
	System                // all processes: root, CAP_PERFMON, or perf_event_paranoid up to 0
)

func (l Level) String() string { return [...]string{"none", "user only", "tasks", "system"}[l] }

// Support is what [Probe] found.
type Support struct {
	Level Level
	Names bool // kernel functions have names: /proc/kallsyms shows their addresses
	// Reason says what is missing as one sentence, Mend the command that would help;
	// both are "" where nothing is missing, Mend also where no command helps.
	Reason, Mend string
}

// Usable reports whether profiles with kernel frames can be taken.
func (s Support) Usable() bool { return s.Level >= Tasks }

// Complete reports whether kernel frames have names too.
func (s Support) Complete() bool { return s.Usable() && s.Names }

// Sentence is the reason with the mend; "" where nothing is missing.
func (s Support) Sentence() string {
	if s.Mend == "" {
		return s.Reason
	}
	return s.Reason + " What helps: “" + s.Mend + "”."
}

// Hz is how often each CPU is sampled: 997, so that nothing that happens every
// millisecond is met always or never.
const Hz = 997

// Period is the time that one sample stands for.
const Period = time.Second / Hz

// Recording is what was sampled of one process.
type Recording struct {
	// Profile has samples/count and cpu/nanoseconds. Samples are labelled mode=user,
	// kernel or softirq.
	Profile *profile.Profile
	Samples int64
	// Incomplete stacks do not reach the goroutine's or the thread's first function.
	Incomplete int64
	// Unnamed kernel frames lie where /proc/kallsyms has no symbol.
	Unnamed int64
}

// Stats are of all that was sampled while the events were enabled.
type Stats struct {
	Level     Level
	Lost      int64 // samples, for want of room in a ring
	Throttled int64 // times that the kernel slowed the sampling down
	// Others is the CPU time of other processes meanwhile; System only.
	Others time.Duration
}
