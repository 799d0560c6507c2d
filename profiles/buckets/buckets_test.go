package buckets_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/buckets"
	"github.com/sockscope/sockscope/profiles/buckets/bucketstest"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

const cpu = 1 // the sample type of what is made here

const (
	write = "runtime.goexit;main.echo;net.(*conn).Write;internal/poll.(*FD).Write;syscall.write;syscall.Syscall | entry_SYSCALL_64_after_hwframe;do_syscall_64;"
	read  = "runtime.goexit;main.echo;net.(*conn).Read;internal/poll.(*FD).Read;syscall.read;syscall.Syscall | entry_SYSCALL_64_after_hwframe;do_syscall_64;"
	dial  = "runtime.goexit;main.echo;net.Dial;net.(*netFD).connect;syscall.connect | entry_SYSCALL_64_after_hwframe;do_syscall_64;"
	rx    = "do_softirq.part.0;handle_softirqs;net_rx_action;tcp_v4_rcv;"
	wake  = "sock_def_readable;__wake_up_sync_key;try_to_wake_up;_raw_spin_unlock_irqrestore"
)

// Each stack is one of those that real profiles of sockets hold most of.
func TestBucketOfStacks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		want  buckets.ID
		stack string
	}{
		{buckets.GoCode, "user runtime.goexit;main.echo;net.(*conn).Write"},
		{buckets.GoCode, "- runtime.goexit;main.echo;time.now;__vdso_clock_gettime"},
		{buckets.GoCode, "user runtime.goexit;main.echo;runtime.mallocgc;runtime.gcTrigger.test"},
		{buckets.Transfer, "kernel " + write + "ksys_write;vfs_write;sock_write_iter;unix_stream_sendmsg;sock_alloc_send_pskb"},
		{buckets.Transfer, "kernel " + write + "__x64_sys_sendto;__sys_sendto;udp_sendmsg"},
		{buckets.Transfer, "kernel " + write + "syscall_exit_to_user_mode"},
		{buckets.Transfer, "kernel " + read + "ksys_read;vfs_read;sock_read_iter;unix_stream_recvmsg;consume_skb"},
		{buckets.Copy, "kernel " + write + "ksys_write;vfs_write;tcp_sendmsg_locked;_copy_from_iter"},
		{buckets.Copy, "- " + read + "ksys_read;tcp_recvmsg;skb_copy_datagram_iter;simple_copy_to_iter;rep_movs_alternative"},
		{buckets.Copy, "kernel " + read + "ksys_read;unix_stream_recvmsg;memcpy_orig"},
		{buckets.Transfer, "kernel " + read + "ksys_read;unix_stream_recvmsg;memcpy;kfree"},
		{buckets.WakeUp, "kernel " + write + "ksys_write;unix_stream_sendmsg;" + wake},
		{buckets.WakeUp, "kernel " + read + "ksys_read;unix_stream_recvmsg;consume_skb;sock_wfree;unix_write_space;_raw_spin_unlock_irqrestore"},
		{buckets.WakeUp, "kernel " + dial + "__x64_sys_connect;unix_stream_connect;" + wake},
		{buckets.SoftIRQ, "softirq " + write + "ksys_write;tcp_sendmsg;" + rx + wake},
		{buckets.SoftIRQ, "softirq " + dial + "__sys_connect;tcp_v4_connect;" + rx + "tcp_rcv_state_process"},
		{buckets.SoftIRQ, "- " + write + "ksys_write;tcp_sendmsg;__do_softirq.constprop.0;skb_copy_bits"},
		{buckets.SoftIRQ, "softirq runtime.goexit;main.echo | ?"},
		{buckets.ContextSwitch, "kernel " + write + "exit_to_user_mode_loop;schedule;__schedule;finish_task_switch.isra.0"},
		{buckets.ContextSwitch, "kernel " + read + "ksys_read;schedule_timeout;schedule;__schedule"},
		{buckets.ContextSwitch, "kernel " + write + "asm_sysvec_apic_timer_interrupt;irqentry_exit;preempt_schedule_irq;__schedule"},
		{buckets.Setup, "kernel " + dial + "__x64_sys_connect;__sys_connect;unix_stream_connect;unix_find_other"},
		{buckets.Setup, "kernel " + dial + "__arm64_sys_connect;move_addr_to_kernel;_copy_from_user;copy_user_generic"},
		{buckets.Setup, "kernel runtime.goexit;net.(*netFD).accept;syscall.accept4 | __x64_sys_accept4;__sys_accept4;do_accept;sock_alloc"},
		{buckets.Setup, "kernel runtime.goexit;net.(*conn).Close;syscall.Close | __x64_sys_close;__fput;sock_close;inet_release"},
		{buckets.Setup, "kernel runtime.goexit;net.(*conn).Close;syscall.Close | exit_to_user_mode_loop;task_work_run;____fput;__fput"},
		{buckets.Setup, "kernel runtime.goexit;net.sysSocket;syscall.Socket;syscall.socket | do_syscall_64;__x64_sys_socket;__sock_create"},
		{buckets.Setup, "kernel runtime.goexit;net.sysSocket;syscall.Socket;syscall.socket | entry_SYSCALL_64"},
		{buckets.Kernel, "kernel " + write + "ksys_write;tcp_sendmsg;asm_sysvec_apic_timer_interrupt;hrtimer_interrupt;tick_nohz_handler"},
		{buckets.Kernel, "kernel runtime.goexit;main.echo | asm_exc_page_fault;handle_mm_fault"},
		{buckets.Kernel, "kernel " + write + "exit_to_user_mode_loop;arch_do_signal_or_restart;get_signal"},
		{buckets.Kernel, "kernel " + read + "ksys_read;vfs_read;timerfd_read_iter"},
		{buckets.Kernel, "kernel runtime.goexit;net.(*conn).Write;syscall.write | ?;?"},
		{buckets.Kernel, "kernel 0"},
		{buckets.Scheduler, "user runtime.mcall;runtime.park_m;runtime.schedule;runtime.findRunnable"},
		{buckets.Scheduler, "kernel runtime.mcall;runtime.park_m;runtime.schedule;runtime.findRunnable;runtime.netpoll | __x64_sys_epoll_pwait;do_epoll_wait;schedule;finish_task_switch.isra.0"},
		{buckets.Scheduler, "softirq runtime.mcall;runtime.park_m | " + rx + "tcp_ack"},
		{buckets.Scheduler, "kernel runtime.mstart;runtime.mstart0 | schedule_tail"},
		{buckets.Scheduler, "kernel runtime.goexit;net.(*conn).Read;runtime.entersyscall;runtime.systemstack;runtime.futexwakeup | do_futex;futex_wake;wake_up_q;try_to_wake_up"},
		{buckets.Scheduler, "kernel runtime.goexit;net.(*netFD).dial;internal/poll.runtime_pollOpen;runtime.netpollopen | __x64_sys_epoll_ctl"},
		{buckets.Sysmon, "kernel runtime.mstart;runtime.mstart0;runtime.mstart1;runtime.sysmon;runtime.usleep | __x64_sys_nanosleep;schedule;finish_task_switch"},
		{buckets.Sysmon, "kernel runtime.mstart;runtime.sysmon;runtime.netpoll | do_epoll_wait"},
		{buckets.Collector, "user runtime.goexit;runtime.gcBgMarkWorker;runtime.systemstack;runtime.gcDrain;runtime.scanobject"},
		{buckets.Collector, "kernel runtime.goexit;main.echo;runtime.mallocgc;runtime.gcAssistAlloc;runtime.futexwakeup | futex_wake"},
		{buckets.NoStack, "user 0"},
		{buckets.NoStack, "- 0"},
	} {
		stack := strings.TrimSuffix(tt.stack, " 0")
		split := buckets.Of(bucketstest.Folded(stack+" 7"), cpu)
		for _, p := range split.Parts {
			want := int64(0)
			if p.ID == tt.want {
				want = 7
			}
			if p.Samples != want || p.Value != want*bucketstest.Period {
				t.Errorf("%s has %d samples of %s, want %s to have all 7", p.ID, p.Samples, stack, tt.want)
			}
		}
	}
}

// What is said of a profile beside its buckets.
func TestSums(t *testing.T) {
	t.Parallel()
	split := buckets.Of(bucketstest.Folded(
		"user runtime.goexit;main.f 10\n"+
			"kernel "+write+"ksys_write;tcp_sendmsg 20\n"+
			"softirq "+write+"ksys_write;"+rx+wake+" 30\n"+
			"softirq "+write+"ksys_write;"+rx+"tcp_ack 5\n"+
			"kernel main.lost | ?;ksys_read 40"), cpu)
	want := func(samples int64) buckets.Amount {
		return buckets.Amount{Value: samples * bucketstest.Period, Samples: samples}
	}
	for name, got := range map[string][2]buckets.Amount{
		"total": {split.Total, want(105)}, "system": {split.System, want(95)}, "wake-ups in softirqs": {split.SoftIRQWakeUps, want(30)},
		"softirq": {split.Part(buckets.SoftIRQ).Amount, want(35)}, "no bucket": {split.Part("other").Amount, buckets.Amount{}},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %+v, want %+v", name, got[0], got[1])
		}
	}
	frames := int64(20*4 + 30*11 + 5*8 + 40*2)
	if diff := cmp.Diff(buckets.Quality{Samples: 105, Complete: 65, KernelFrames: frames, Nameless: 40}, split.Quality); diff != "" {
		t.Errorf("quality (-want +got):\n%s", diff)
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	p := bucketstest.Folded("softirq " + write + "ksys_write;" + rx + "tcp_v4_rcv 8\nsoftirq " + dial + rx + "tcp_ack 4\nkernel " + write + "finish_task_switch.isra.0 2\nuser net.(*conn).Write;tcp_v4_rcv 1")
	for _, tt := range []struct {
		function, kernel string
		want             int64
	}{
		{"net.(*conn).Write", "tcp_v4_rcv", 8},
		{"net.Dial", "tcp_v4_rcv", 4},
		{"", "tcp_v4_rcv", 12},
		{"net.(*conn).Write", "", 11},
		{"net.(*conn).Write", "finish_task_switch", 2},
		{"net.(*conn).Write", "finish_task_switch.isra.0", 2},
		{"tcp_v4_rcv", "tcp_v4_rcv", 0},
		{"net.(*conn).Read", "tcp_v4_rcv", 0},
		{"", "", 15},
	} {
		if got := buckets.Below(p, cpu, tt.function, tt.kernel); got != (buckets.Amount{Value: tt.want * bucketstest.Period, Samples: tt.want}) {
			t.Errorf("%q below %q: %+v, want %d samples", tt.kernel, tt.function, got, tt.want)
		}
	}
	for _, sampleType := range []int{-1, 2} {
		if got := buckets.Below(p, sampleType, "", ""); got != (buckets.Amount{}) {
			t.Errorf("sample type %d: %+v", sampleType, got)
		}
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	const tls = "runtime.goexit;main.dial;net.(*Dialer).DialContext;crypto/tls.(*Conn).Write;net.(*conn).Write"
	got := buckets.Calls(bucketstest.Folded(
		"softirq "+write+"ksys_write;"+rx+wake+" 30\n"+
			"softirq "+write+"ksys_write;"+rx+"tcp_ack 10\n"+
			"kernel "+write+"ksys_write 5\n"+
			"user "+tls+" 3\n"+
			"kernel runtime.goexit;net.(*TCPListener).Accept;net.(*netFD).accept;internal/poll.(*FD).Accept | __sys_accept4 2\n"+
			"user runtime.goexit;net.(*Resolver).Lookup;net.Writer.Writes 9\n"+
			"user runtime.goexit;os.(*File).Read;internal/poll.(*FD).Read 1"), cpu)
	amount := func(n int64) buckets.Amount { return buckets.Amount{Value: n * bucketstest.Period, Samples: n} }
	want := []buckets.Call{
		{Name: "Dial", Amount: amount(3), Entries: []buckets.Entry{}},
		{Name: "Accept", Amount: amount(2), Entries: []buckets.Entry{}},
		{Name: "Write", Amount: amount(45), Entries: []buckets.Entry{{"tcp_v4_rcv", amount(40)}, {"sock_def_readable", amount(30)}}},
		{Name: "Read", Amount: amount(1), Entries: []buckets.Entry{}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// What stands on the page: an id for links, a label, one sentence.
func TestEveryBucketIsExplained(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, b := range buckets.All {
		if b.Label == "" || seen[string(b.ID)] || seen[b.Label] || !regexp.MustCompile(`^[a-z-]+$`).MatchString(string(b.ID)) {
			t.Errorf("%q: label %q", b.ID, b.Label)
		}
		seen[string(b.ID)], seen[b.Label] = true, true
		if !strings.HasSuffix(b.Explain, ".") || strings.Count(b.Explain, ". ") > 0 || len(b.Explain) < 30 {
			t.Errorf("%s: %q", b.ID, b.Explain)
		}
	}
}

// addsUp fails where the buckets do not add up to the profile, by a plain sum.
func addsUp(t interface{ Fatalf(string, ...any) }, p *profile.Profile, sampleType int) {
	split := buckets.Of(p, sampleType)
	var values, sum, samples int64
	if sampleType >= 0 && sampleType < len(p.SampleType) {
		for _, s := range p.Sample {
			values += s.Value[sampleType]
		}
	}
	for _, part := range split.Parts {
		sum += part.Value
		samples += part.Samples
	}
	if len(split.Parts) != len(buckets.All) || sum != values || split.Total.Value != values {
		t.Fatalf("%d parts hold %d and the total is %d, want %d", len(split.Parts), sum, split.Total.Value, values)
	}
	if len(p.SampleType) > 0 && p.SampleType[0].Type == "samples" && samples != split.Total.Samples {
		t.Fatalf("the parts have %d samples and the total %d", samples, split.Total.Samples)
	}
	all := buckets.Below(p, sampleType, "", "")
	if all.Value != values {
		t.Fatalf("anything below anything is %d, want %d", all.Value, values)
	}
	for _, c := range buckets.Calls(p, sampleType) {
		for _, e := range c.Entries {
			if e.Samples > c.Samples && samples == split.Total.Samples {
				t.Fatalf("%s below %s has %d of %d samples", e.Name, c.Name, e.Samples, c.Samples)
			}
		}
	}
}

var pieces = strings.Fields("runtime.goexit runtime.mcall runtime.mstart runtime.sysmon runtime.gcDrain runtime.netpoll net.(*conn).Write syscall.write main.f " +
	"ksys_write __x64_sys_close do_syscall_64 handle_softirqs try_to_wake_up schedule _copy_from_iter memcpy asm_sysvec_x tcp_v4_rcv get_signal ? strange_name.isra.0")

func TestBucketsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		for range rapid.IntRange(0, 12).Draw(t, "samples") {
			text.WriteString(rapid.SampledFrom([]string{"user ", "kernel ", "softirq ", "- ", "odd "}).Draw(t, "mode"))
			text.WriteString(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces[:9]), 0, 4).Draw(t, "go"), ";"))
			text.WriteString(" | " + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces[9:]), 0, 5).Draw(t, "kernel"), ";") + " 3\n")
		}
		p := bucketstest.Folded(text.String())
		addsUp(t, p, cpu)
		addsUp(t, p, 0)
		addsUp(t, p, rapid.IntRange(-2, 3).Draw(t, "sample type"))
	})
}

func TestAnyGoProfileAddsUp(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		addsUp(t, treetest.Random(rng, true), cpu)
	}
	addsUp(t, treetest.Large(3), cpu)
}

// Whatever a profile is, also what no sampler makes.
func FuzzBucketsAddUp(f *testing.F) {
	for _, p := range []*profile.Profile{bucketstest.Folded("kernel " + write + "ksys_write;" + rx + wake + " 3\nuser 2"), treetest.Folded("a;b 3")} {
		var b strings.Builder
		if err := p.WriteUncompressed(&b); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(b.String()))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := profile.ParseUncompressed(data)
		if err != nil || p.CheckValid() != nil {
			return
		}
		for i := range p.SampleType {
			addsUp(t, p, i)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	p := treetest.Large(1)
	for b.Loop() {
		buckets.Of(p, cpu)
	}
}
