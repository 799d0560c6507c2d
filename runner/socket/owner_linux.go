package socket

import "syscall"

// ownerOnly makes the file that bind will create readable and writable by its
// owner only. The umask can take bits away and never adds any.
func ownerOnly(_, _ string, c syscall.RawConn) error {
	var err error
	if e := c.Control(func(fd uintptr) { err = syscall.Fchmod(int(fd), 0o600) }); e != nil {
		return e
	}
	return err
}
