package listing_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// deepProfile is a profile of stacks, root first; names after "|" are the kernel's.
func deepProfile(stacks map[string]int64) *profile.Profile {
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		Mapping:    []*profile.Mapping{{ID: 1, File: "/bin/x"}, {ID: 2, File: "[kernel.kallsyms]"}},
	}
	known := map[string]*profile.Location{}
	at := func(name string, kernel bool) *profile.Location {
		if l := known[name]; l != nil {
			return l
		}
		f := &profile.Function{ID: uint64(len(p.Function) + 1), Name: name, Filename: "/src/x.go", StartLine: 1}
		l := &profile.Location{ID: f.ID, Mapping: p.Mapping[0], Line: []profile.Line{{Function: f, Line: 7}}}
		if kernel {
			f.Filename, f.StartLine, l.Mapping, l.Line[0].Line = "[kernel]", 0, p.Mapping[1], 0
		}
		known[name], p.Function, p.Location = l, append(p.Function, f), append(p.Location, l)
		return l
	}
	for stack, v := range stacks {
		own, kernel, _ := strings.Cut(stack, "|")
		s := &profile.Sample{Value: []int64{v}}
		for _, name := range strings.Fields(own) {
			s.Location = append([]*profile.Location{at(name, false)}, s.Location...)
		}
		for _, name := range strings.Fields(kernel) {
			s.Location = append([]*profile.Location{at(name, true)}, s.Location...)
		}
		p.Sample = append(p.Sample, s)
	}
	return p
}

// Below a line stand the kernel functions that it pays for: the protocol's, and apart
// from them what is done for others in soft interrupts. They add up to the line.
func TestKernelLandmarks(t *testing.T) {
	t.Parallel()
	write := "runtime.goexit main.main net.(*conn).Write syscall.Write internal/runtime/syscall/linux.Syscall6"
	p := deepProfile(map[string]int64{
		write + "|entry_SYSCALL_64_after_hwframe do_syscall_64 ksys_write vfs_write sock_write_iter tcp_sendmsg tcp_sendmsg_locked":                                                                                                                                          5,
		write + "|do_syscall_64 ksys_write sock_write_iter tcp_sendmsg __tcp_transmit_skb do_softirq.part.0 handle_softirqs net_rx_action __napi_poll process_backlog __netif_receive_skb_one_core ip_local_deliver_finish ip_protocol_deliver_rcu tcp_v4_rcv tcp_v4_do_rcv": 30,
		write + "|do_syscall_64 syscall_exit_to_user_mode exit_to_user_mode_loop schedule __schedule finish_task_switch.isra.0":                                                                                                                                              4,
		write: 2, // in the system call's own instructions
		"runtime.goexit main.main runtime.mallocgc": 1,
	})
	sheet := listing.Beside([]listing.Side{{Profile: p}}).Sheet("main.main")
	got := map[string]int64{}
	for _, r := range sheet.Rows {
		for _, l := range r.Landmarks {
			got[l.Function] += l.Values[0].Cum
		}
	}
	want := map[string]int64{"tcp_sendmsg": 5, "tcp_v4_rcv": 30, "schedule": 4, "syscall.Write": 2, "runtime.mallocgc": 1}
	if !maps.Equal(got, want) {
		t.Errorf("below the line stand %v, want %v", got, want)
	}
}
