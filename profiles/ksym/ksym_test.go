package ksym_test

import (
	"testing"

	"github.com/sockscope/sockscope/profiles/ksym"
)

func TestIsBinary(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]bool{
		ksym.Binary: true, "[kernel.kallsyms]_text": true, "[guest.kernel.kallsyms.3]": true, "/usr/lib/debug/boot/vmlinux-6.1.0": true,
		"/lib/modules/6.1.0/kernel/net/nf_tables.ko": true, "": false, "/": false, "/usr/bin/kernel": false, "[vdso]": false, "/home/x/vmlinux/app": false,
	} {
		if got := ksym.IsBinary(file); got != want {
			t.Errorf("%q: %v", file, got)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for symbol, want := range map[string]string{
		"tcp_v4_rcv": "tcp_v4_rcv", "finish_task_switch.isra.0": "finish_task_switch", "do_softirq.part.0": "do_softirq", "f.constprop.0.isra.1": "f", "tcp_ack+0x12": "tcp_ack",
		"nf_hook [nf_tables]": "nf_hook", "[unknown]": "", "0xffffffff81000000": "", "": "",
	} {
		if got := ksym.Name(symbol); got != want {
			t.Errorf("%q: %q, want %q", symbol, got, want)
		}
	}
	if !ksym.IsSoftIRQ(ksym.Name("__do_softirq.constprop.0")) || ksym.IsSoftIRQ("do_softirq") {
		t.Error("where soft interrupts begin")
	}
}
