//go:build unix

package bench

import (
	"io/fs"
	"os"
	"syscall"
)

// private reports whether a directory is ours and closed to others.
func private(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Getuid() && info.Mode().Perm()&0o077 == 0
}
