package templates

// runtimeWords are names of functions that newcomers meet in profiles of sockets.
var runtimeWords = []Word{
	{
		Name: "user and system CPU", Slug: "user-sys", Forms: []string{"user CPU", "system CPU"},
		Short: "User CPU is spent in the program’s own code, system CPU in the kernel on its behalf. Sockets are mostly system.",
	},
	{
		Name: "context switch", Slug: "context-switch", Forms: []string{"Context switches", "context switches", "Client context switches", "Server context switches"},
		Short: "A CPU leaves one thread for another. It takes a microsecond or two, and the caches are cold after it. A request that waits for its answer often needs two.",
	},
	{
		Name: "read and write calls", Slug: "calls", Forms: []string{"Client read calls", "Client write calls", "Server read calls", "Server write calls"},
		Short: "How often a side asked the kernel to read or to write: read(2) and write(2), of everything it has open. A read that finds nothing counts too: Go tries first and waits after that.",
		More:  "Linux counts them for each process (syscr and syscw in /proc/PID/io), without any right. Dials, accepts and waits for the netpoller are not among them, nor what datagrams and records are read with.",
	},
	{
		Name: "finish_task_switch", Slug: "finish-task-switch",
		Short: "The kernel’s end of a context switch. Samples here mean switching, not work: with a timer as the sampling clock, everything since interrupts were turned off is booked to this place.",
		More:  "On machines without hardware counters (most virtual ones) the sampler is an interrupt, and an interrupt has to wait while interrupts are off. It arrives where they are turned on again: here after a switch, and in _raw_spin_unlock_irqrestore after a lock. Read both as “around here”.",
	},
	{
		Name: "_raw_spin_unlock_irqrestore", Slug: "spin-unlock", Forms: []string{"_raw_spin_unlock_irq"},
		Short: "The kernel gives a lock back and lets interrupts in again. A sample that was due while they were off lands here. Below try_to_wake_up or sock_def_readable it is the price of waking the other side up.",
	},
	{
		Name: "softirq", Slug: "softirq", Forms: []string{"do_softirq", "__do_softirq", "handle_softirqs", "net_rx_action"},
		Short: "Work that the kernel puts off until just after an interrupt or a system call. Over loopback the receiver’s half of TCP runs here, on the sender’s CPU: that is why Write looks dear over TCP.",
		More:  "A unix socket hands the message straight to the receiver’s queue and has no such part.",
	},
	{
		Name: "wake-up", Slug: "wake-up", Forms: []string{"wake-ups", "try_to_wake_up", "sock_def_readable", "ep_poll_callback"},
		Short: "The kernel makes a waiting thread ready to run; when it slept on another CPU, that CPU is interrupted for it.",
		More:  "Whoever writes to a socket wakes who waits to read from it. Go’s goroutines wait in epoll, so what is woken is a thread of the netpoller, which then runs the goroutine. Where a timer is the sampling clock, most samples of it land on _raw_spin_unlock_irqrestore.",
	},
	{
		Name: "unix_write_space", Slug: "unix-write-space",
		Short: "A unix socket’s reader has freed a message, so its writer has room again and is woken if it waits. Go asks epoll about room too, so this wake-up often happens for nobody’s use.",
		More:  "It runs inside the reader’s read, and makes reads over unix dearer than they look in Go’s own profile. TCP wakes only a writer that had run out of room.",
	},
	{
		Name: "tcp_v4_rcv", Slug: "tcp-rcv", Forms: []string{"tcp_v6_rcv", "tcp_v4_do_rcv", "tcp_rcv_established"},
		Short: "TCP takes in a segment that arrived: checks, acknowledgements, the queue of the receiver, and its wake-up. Over loopback it runs in a softirq on the sender’s CPU, inside the sender’s call.",
		More:  "So it is counted to who writes, dials or closes. The work is needed either way; only the account that it is on differs from a network with a wire.",
	},
	{
		Name: "runtime.sysmon", Slug: "sysmon", Forms: []string{"sysmon"},
		Short: "Go’s watchdog thread: it takes processors back from long system calls and polls the network now and then. A cost of Go’s runtime, not of the socket.",
		More:  "Go’s own profiler does not see it (its thread has no signal); the kernel’s does, with 5 to 10 % of a busy client.",
	},
	{
		Name: "runtime.netpoll", Slug: "netpoll", Forms: []string{"netpoll", "netpoller", "internal/runtime/syscall.EpollWait"},
		Short: "Go asks the kernel which sockets are ready (epoll), and wakes the goroutines that wait for them. It runs when a read would block.",
	},
	{
		Name: "runtime.findRunnable", Slug: "find-runnable", Forms: []string{"runtime.schedule", "runtime.mcall", "runtime.park_m"},
		Short: "Go’s scheduler looks for the next goroutine to run. It grows when requests wait often: idle processors look around before they sleep.",
	},
	{
		Name: "runtime.futex", Slug: "futex", Forms: []string{"runtime.futexsleep", "runtime.futexwakeup"},
		Short: "A thread of Go’s runtime goes to sleep or is woken. Many of these mean many short waits.",
	},
	{
		Name: "runtime.gcBgMarkWorker", Slug: "gc", Forms: []string{"garbage collector", "runtime.mallocgc"},
		Short: "Memory is allocated, or the garbage collector looks for what is still used. It grows with allocations per request.",
	},
	{
		Name: "syscall.Syscall", Slug: "syscall", Forms: []string{"syscall.RawSyscall6", "internal/runtime/syscall.Syscall6", "internal/runtime/syscall/linux.Syscall6"},
		Short: "The door to the kernel. Go’s own profile ends here; a profile of kind Go + kernel goes on below it.",
	},
	{
		Name: "allocations", Slug: "allocations", Forms: []string{"Client allocations", "Server allocations"},
		Short: "How many objects were put on the heap. Each takes time at once, and again when the garbage collector runs.",
	},
	{
		Name: "runtime", Common: true, Slug: "runtime-part",
		Short: "What no line of the measured loop accounts for: scheduler, network poller, garbage collector, timers.",
	},
}
