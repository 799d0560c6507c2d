package echo

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// before sets the mode of a socket, which bind(2) gives to the file that it makes:
// there is no moment at which others could connect.
func before(mode fs.FileMode) func(_, _ string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		var err error
		if e := c.Control(func(fd uintptr) { err = unix.Fchmod(int(fd), uint32(mode)) }); e != nil {
			return e
		}
		return err
	}
}

// chmodSocket changes the file that was made and nothing that took its name
// since: chmod(2) would follow a symbolic link.
func chmodSocket(path string, made fs.FileInfo, mode fs.FileMode) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	now, err := f.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(made, now) {
		return fmt.Errorf("another file took its place")
	}
	return os.Chmod(fmt.Sprintf("/proc/self/fd/%d", fd), mode)
}
