//go:build !linux

package echo

import (
	"io/fs"
	"os"
	"syscall"
)

// before does nothing: only Linux gives a socket's mode to the file that bind
// makes. Until the mode is set afterwards, the umask is the guard.
func before(fs.FileMode) func(_, _ string, c syscall.RawConn) error { return nil }

func chmodSocket(path string, _ fs.FileInfo, mode fs.FileMode) error { return os.Chmod(path, mode) }
