package buckets

import (
	"strings"

	"github.com/sockscope/sockscope/profiles/ksym"
)

// trait is what one frame tells. Those of a stack are or-ed together.
type trait uint32

const (
	kernelFrame   trait = 1 << iota
	nameless            // a kernel frame without a name
	root                // where Go's stacks begin
	ownRoot             // of them, where no goroutine's begin
	sysmon              // Go
	collector           // Go
	scheduler           // Go
	goSetup             // package syscall's name of a system call
	goTransfer          // the same
	softirq             // from here on the kernel's
	interrupt           // what stands above it was interrupted
	door                // of system calls
	wakeUp              //
	switching           //
	setup               //
	transfer            //
	copying             //
	copyingAsLeaf       // copies payload where nothing is below it
	elsewhere           // reads and writes of what is no socket, signals
)

// roots are the outermost functions of complete stacks.
var roots = map[string]trait{"runtime.goexit": root, "runtime.mcall": root | ownRoot, "runtime.mstart": root | ownRoot}

// goTraits are what a Go function tells.
func goTraits(name string) trait {
	if pkg, op, ok := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], "."); ok && (pkg == "syscall" || pkg == "unix") {
		switch calls[strings.ToLower(op)] {
		case setup:
			return goSetup
		case transfer:
			return goTransfer
		}
		return 0
	}
	switch {
	case name == "runtime.sysmon":
		return sysmon
	case isCollector(name):
		return collector
	case schedulers[name] || strings.HasPrefix(name, "runtime.netpoll") || strings.HasPrefix(name, "internal/poll.runtime_poll"):
		return scheduler | roots[name]
	}
	return roots[name]
}

// isCollector is true for functions of the garbage collector, but for those with
// which others ask about it.
func isCollector(name string) bool {
	if strings.HasPrefix(name, "runtime.gc") {
		return name != "runtime.gcstopm" && !strings.HasPrefix(name, "runtime.gcTrigger") && !strings.HasPrefix(name, "runtime.gcenable")
	}
	return collectors[name]
}

var collectors = set("runtime.bgsweep runtime.bgscavenge runtime.sweepone runtime.markroot runtime.scanobject runtime.wbBufFlush " +
	"runtime.forcegchelper runtime.deductSweepCredit runtime.(*sweepLocked).sweep")

// schedulers are the functions with which Go's runtime gives goroutines to threads,
// also on a goroutine's own stack: entersyscall and exitsyscall stand around each
// system call and wake sysmon now and then.
var schedulers = set("runtime.mcall runtime.park_m runtime.schedule runtime.findRunnable runtime.execute runtime.gogo runtime.goexit0 runtime.goexit1 " +
	"runtime.gopark runtime.goready runtime.ready runtime.gosched_m runtime.goschedImpl runtime.gopreempt_m runtime.gcstopm " +
	"runtime.entersyscall runtime.reentersyscall runtime.entersyscallblock runtime.exitsyscall runtime.exitsyscall0 runtime.exitsyscallfast " +
	"runtime.startm runtime.stopm runtime.wakep runtime.handoffp runtime.resetspinning runtime.notewakeup runtime.notesleep runtime.notetsleep " +
	"runtime.futex runtime.futexsleep runtime.futexwakeup runtime.usleep runtime.osyield")

// calls are system calls on sockets by their names.
var calls = func() map[string]trait {
	m := map[string]trait{}
	for _, name := range strings.Fields("socket socketpair bind listen connect accept accept4 shutdown close close_range setsockopt getsockopt getsockname getpeername") {
		m[name] = setup
	}
	for _, name := range strings.Fields("read readv write writev sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg sendfile sendfile64") {
		m[name] = transfer
	}
	m["rt_sigreturn"] = elsewhere
	return m
}()

var kernelNames = func() map[string]trait {
	m := map[string]trait{}
	for t, names := range map[trait]string{
		interrupt: "common_interrupt asm_common_interrupt el1_interrupt el1h_64_irq el0_interrupt el0t_64_irq handle_irq_desc",
		door:      "do_syscall_64 x64_sys_call syscall_exit_to_user_mode syscall_return_via_sysret exit_to_user_mode_loop el0_svc el0t_64_sync invoke_syscall do_el0_svc",
		wakeUp: "try_to_wake_up default_wake_function autoremove_wake_function ep_autoremove_wake_function ep_poll_callback pollwake receiver_wake_function " +
			"sock_def_readable sock_def_write_space sock_def_wakeup unix_write_space sk_stream_write_space futex_wake",
		switching: "schedule __schedule preempt_schedule preempt_schedule_common preempt_schedule_irq schedule_timeout finish_task_switch schedule_tail __switch_to __switch_to_asm",
		setup:     "do_accept __fput ____fput sock_close __sock_release",
		transfer:  "sock_sendmsg __sock_sendmsg sock_recvmsg sock_write_iter sock_read_iter",
		copying: "_copy_from_iter _copy_to_iter copy_page_from_iter copy_page_to_iter _copy_from_iter_nocache csum_and_copy_from_iter csum_and_copy_to_iter " +
			"skb_copy_datagram_iter __skb_datagram_iter skb_copy_datagram_from_iter skb_copy_and_csum_datagram_msg simple_copy_to_iter skb_copy_bits " +
			"__arch_copy_from_user __arch_copy_to_user",
		copyingAsLeaf: "memcpy __memcpy memcpy_orig memcpy_erms __pi_memcpy",
		elsewhere: "eventfd_read eventfd_write timerfd_read timerfd_read_iter pipe_read pipe_write anon_pipe_read anon_pipe_write " +
			"arch_do_signal_or_restart get_signal do_signal do_notify_resume",
	} {
		for _, name := range strings.Fields(names) {
			m[name] |= t
		}
	}
	return m
}()

var kernelPrefixes = []struct {
	prefix string
	trait  trait
}{
	{"asm_sysvec_", interrupt},
	{"sysvec_", interrupt},
	{"entry_SYSCALL", door},
	{"__wake_up", wakeUp},
	{"wake_up_", wakeUp},
	{"swake_up_", wakeUp},
	{"schedule_hrtimeout", switching},
	{"copy_user_", copying},
	{"rep_movs", copying},
}

// kernelTraits are what a function of the kernel tells, by its [ksym.Name].
func kernelTraits(name string) trait {
	if name == "" {
		return kernelFrame | nameless
	}
	t := kernelFrame | kernelNames[name] | calls[systemCall(name)]
	if ksym.IsSoftIRQ(name) {
		t |= softirq
	}
	for _, p := range kernelPrefixes {
		if strings.HasPrefix(name, p.prefix) {
			t |= p.trait
		}
	}
	return t
}

// systemCall is the system call that a function of the kernel serves: "connect" for
// __sys_connect, __x64_sys_connect and __arm64_sys_connect; "" for others.
func systemCall(name string) string {
	if call, ok := strings.CutPrefix(name, "ksys_"); ok {
		return call
	}
	if head, call, ok := strings.Cut(name, "_sys_"); ok && strings.HasPrefix(head, "_") {
		return call
	}
	return ""
}

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(names) {
		m[name] = true
	}
	return m
}
