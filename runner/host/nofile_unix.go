//go:build unix

package host

import "syscall"

// openFiles is how many files a process may have open; false if there is no
// such limit.
func openFiles() (uint64, bool) {
	var r syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r) != nil {
		return 0, false
	}
	return uint64(r.Cur), true
}
