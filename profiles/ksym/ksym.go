// Package ksym knows the kernel in a profile: which binaries are it, what its functions
// are called in its sources, and where soft interrupts begin. It is for all rooms that
// read kernel frames, so that a frame is the kernel's on every page or on none.
package ksym

import "strings"

// Binary is the file of the mapping of kernel frames, as perf names it.
const Binary = "[kernel.kallsyms]"

// IsBinary reports whether a mapping's file is the kernel or a module of it, by the names
// that perf gives them: "[kernel.kallsyms]", "[guest.kernel.kallsyms]", ".../vmlinux",
// ".../nf_tables.ko".
func IsBinary(file string) bool {
	file = file[strings.LastIndexByte(file, '/')+1:]
	return strings.HasPrefix(file, "[kernel") || strings.HasPrefix(file, "[guest.kernel") || strings.HasPrefix(file, "vmlinux") || strings.HasSuffix(file, ".ko")
}

// Name is the name of a kernel function in the kernel's sources, without what compilers
// and tools put behind it: "finish_task_switch" of "finish_task_switch.isra.0". It is ""
// for the names that stand for an unknown one.
func Name(symbol string) string {
	if i := strings.IndexAny(symbol, ".+ "); i > 0 {
		symbol = symbol[:i]
	}
	if strings.HasPrefix(symbol, "[") || strings.HasPrefix(symbol, "0x") {
		return ""
	}
	return symbol
}

// IsSoftIRQ reports whether the function of a [Name] runs soft interrupts: what stands
// below it is work that was put off, over loopback the receiver's, on whosever stack it is.
// It was called __do_softirq before Linux 6.8.
func IsSoftIRQ(name string) bool { return name == "handle_softirqs" || name == "__do_softirq" }
