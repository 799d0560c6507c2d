package buckets

// ID names a bucket. It is stable: links and exports may hold it.
type ID string

// The buckets.
const (
	GoCode        ID = "go"
	Setup         ID = "setup"
	Transfer      ID = "transfer"
	Copy          ID = "copy"
	WakeUp        ID = "wake-up"
	SoftIRQ       ID = "softirq"
	ContextSwitch ID = "context-switch"
	Kernel        ID = "kernel"
	Scheduler     ID = "scheduler"
	Sysmon        ID = "sysmon"
	Collector     ID = "gc"
	NoStack       ID = "no-stack"
)

// Bucket is a kind of work that CPU time goes to.
type Bucket struct {
	ID      ID
	Label   string
	Explain string // one sentence
	// Runtime marks what Go's runtime costs beside the goroutines, and what is not
	// known: no cost of the socket.
	Runtime bool
}

// All are the buckets in page order.
var All = [...]Bucket{
	{ID: GoCode, Label: "Go code", Explain: "User mode of the goroutines: the loop, package net, and Go’s way to the system call."},
	{ID: Setup, Label: "socket setup and teardown", Explain: "System calls that make, connect, accept, configure or close a socket, but for their softirqs, wake-ups and context switches."},
	{ID: Transfer, Label: "socket send and receive", Explain: "System calls that write and read, but for what the other rows hold: buffers, queues, locks, protocol headers, the way in and out."},
	{ID: Copy, Label: "copy", Explain: "The payload is copied between the program’s memory and the kernel’s."},
	{ID: WakeUp, Label: "wake-up", Explain: "The kernel makes whoever waits for the socket ready to run, outside of softirqs."},
	{ID: SoftIRQ, Label: "softirq", Explain: "Work that the kernel puts off until a system call or an interrupt lets it: over loopback the receiving half of TCP and UDP, with its wake-ups."},
	{ID: ContextSwitch, Label: "context switch", Explain: "The CPU leaves this thread for another in the middle of a system call or right after it."},
	{ID: Kernel, Label: "other kernel", Explain: "The rest of the kernel: page faults, timer interrupts, signals, and kernel functions without names."},
	{ID: Scheduler, Label: "scheduler and netpoller", Explain: "Go looks for work, asks the kernel which sockets are ready (epoll), and lets threads sleep and wakes them, with the kernel’s part.", Runtime: true},
	{ID: Sysmon, Label: "sysmon", Explain: "Go’s watchdog thread, which no Go profile shows, with the kernel’s part.", Runtime: true},
	{ID: Collector, Label: "garbage collector", Explain: "Marking and sweeping of memory, also by goroutines that have to help, with the kernel’s part.", Runtime: true},
	{ID: NoStack, Label: "no stack", Explain: "Samples of which no frame is known.", Runtime: true},
}

// at is where a bucket stands in [All].
var at = func() map[ID]int {
	m := map[ID]int{}
	for i, b := range All {
		m[b.ID] = i
	}
	return m
}()

// Amount is a part of a profile.
type Amount struct {
	Value   int64 // in the sample type's unit
	Samples int64 // behind it; 0 for unknown
}

// Part is what a bucket holds of a profile.
type Part struct {
	Bucket
	Amount
}

// Split is a profile by its buckets.
type Split struct {
	Parts []Part // one for each of [All], in its order
	Total Amount // of all parts
	// System is what ran in kernel mode, softirqs too, whatever bucket it is in: what
	// getrusage calls system time.
	System Amount
	// SoftIRQWakeUps is what of SoftIRQ made somebody ready to run.
	SoftIRQWakeUps Amount
	Quality        Quality
}

// Part finds a bucket's.
func (s Split) Part(id ID) Part {
	if i, ok := at[id]; ok && i < len(s.Parts) {
		return s.Parts[i]
	}
	return Part{}
}

// Quality says how far the stacks of a profile can be believed.
type Quality struct {
	Samples  int64 // as in [Amount]
	Complete int64 // of them, those whose outermost frame is one where Go's stacks begin
	// KernelFrames counts the kernel's frames of all samples; Nameless those without a
	// name.
	KernelFrames, Nameless int64
}
