// Package buckets says what the CPU time of a kernel-deep profile went to: a profile
// of Go frames with the kernel's functions below them ([profiles.Kernel]).
//
// [Of] gives each sample to exactly one bucket, so the buckets add up to the profile.
// A stack often holds the names of several, and the first of these rules that fits
// decides:
//
//  1. [Sysmon], [Collector], [Scheduler]: by Go's frames, with all that the kernel
//     does below them. Waking a thread is then the scheduler's cost and not the
//     socket's: Go's runtime asked for it. runtime.mcall and runtime.mstart are the
//     roots of work that belongs to no goroutine, and that is the scheduler's too.
//  2. [GoCode]: the sample is in user mode.
//  3. [SoftIRQ]: handle_softirqs is in the stack. All below it counts here, its wake-ups
//     and copies too, because it is work on another's behalf that only happens to run
//     now; what of it is a wake-up stands apart, in [Split.SoftIRQWakeUps].
//  4. [WakeUp], then [ContextSwitch]: whatever system call they stand in. What a timer
//     or a device interrupted is not looked at: only what stands below the interrupt.
//  5. [Setup], then [Copy], then [Transfer]: by the system call, and by Go's name of it
//     where the kernel's frames are only those of its door (entry_SYSCALL_64). Copying
//     counts in sends and receives only: the address of a connect is no payload.
//     Reads and writes of eventfds, timers and pipes are none of a socket.
//  6. [Kernel]: the rest of the kernel, and kernel frames without names.
//
// Names of kernel functions are compared without what compilers put behind them
// (".isra.0", ".part.0", ".constprop.0"). A function that the compiler put into its
// caller has no frame, so its time is its caller's.
package buckets
