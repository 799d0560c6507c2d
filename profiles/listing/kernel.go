package listing

import (
	"slices"
	"strings"
)

// plumbing reports whether a kernel function only leads to the one that does the work:
// from the system call to the protocol, or from the soft interrupt to it.
func plumbing(name string, soft bool) bool {
	if soft && (strings.HasPrefix(name, "ip_") || strings.HasPrefix(name, "ip6_")) {
		return true
	}
	return plumbingNames[name] || slices.ContainsFunc(plumbingPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

var plumbingPrefixes = []string{
	"entry_SYSCALL", "do_syscall", "x64_sys_call", "__x64_sys_", "__arm64_sys_", "__do_sys_", "__se_sys_", "el0", "do_el0", "invoke_syscall",
	"ksys_", "vfs_", "new_sync_", "__sys_", "___sys_", "____sys_", "security_", "asm_", "sysvec_", "irqentry_", "syscall_exit_", "exit_to_user_mode",
	"net_rx_action", "__napi_poll", "napi_", "process_backlog", "__netif_receive_skb", "netif_receive_skb", "nf_hook", "ipv6_rcv",
}

var plumbingNames = map[string]bool{
	"sock_write_iter": true, "sock_read_iter": true, "sock_sendmsg": true, "__sock_sendmsg": true, "sock_recvmsg": true,
	"inet_sendmsg": true, "inet6_sendmsg": true, "inet_recvmsg": true, "inet6_recvmsg": true,
	"__fput": true, "____fput": true, "fput": true, "__fput_sync": true, "task_work_run": true, "resume_user_mode_work": true,
	"sock_close": true, "__sock_release": true, "sock_release": true, "do_softirq": true, "__local_bh_enable_ip": true,
}
