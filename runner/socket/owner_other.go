//go:build !linux

package socket

import "syscall"

// ownerOnly does nothing: only Linux gives a socket's mode to the file that bind
// creates. The private directory is the guard.
func ownerOnly(_, _ string, _ syscall.RawConn) error { return nil }
