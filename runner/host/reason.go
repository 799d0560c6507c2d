package host

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// reason is why a kind of socket cannot be used, for people who never heard of
// it: the end of a sentence, and a command that may mend it.
type reason struct{ text, command string }

// longestName is how long a socket's own name in its directory can be, with the
// slash: a unixgram client appends a number.
const longestName = 12

// why reads an error of [try] in the directory dir. It names no path: that of the
// try is gone, and that of the run will be another one.
func why(name runner.Socket, dir string, err error, loopbackDown bool) reason {
	var number syscall.Errno
	errors.As(err, &number)
	v6 := name == runner.TCP6 || name == runner.UDP6
	switch {
	case loopbackDown && (v6 || name.Lossy() || name.TCP()):
		return reason{"the loopback interface is down", "sudo ip link set lo up"}
	case hasFile(name) && len(dir)+longestName > socket.MaxPath:
		return reason{fmt.Sprintf("the directory for temporary files has so long a name that no socket's path fits into the %d bytes of an address: set TMPDIR to a shorter one", socket.MaxPath), "export TMPDIR=/tmp"}
	case name == runner.VSock && runtime.GOOS != "linux":
		return reason{text: "only Linux has it"}
	case name == runner.VSock && (number == syscall.EACCES || number == syscall.EPERM):
		return reason{text: "this process may not open /dev/vsock"}
	case name == runner.VSock:
		return reason{"nothing answers within this machine, because the kernel's module vsock_loopback is not loaded or this kernel has none", "sudo modprobe vsock_loopback"}
	case v6 && (number == syscall.EADDRNOTAVAIL || number == syscall.EAFNOSUPPORT || number == syscall.ENETUNREACH):
		return reason{"this machine has no IPv6 loopback address (::1)", "sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0"}
	case number == syscall.EAFNOSUPPORT || number == syscall.EPROTONOSUPPORT || number == syscall.EOPNOTSUPP:
		return reason{text: "this system does not have this kind of socket"}
	case number == syscall.EPERM || number == syscall.EACCES:
		return reason{text: "this process may not open it: a container or a security module forbids it"}
	case number == syscall.EMFILE:
		return reason{"this process has too many files open", "ulimit -n 4096"}
	case number == syscall.ENETUNREACH || number == syscall.EADDRNOTAVAIL:
		return reason{"this machine has no loopback address (127.0.0.1)", "sudo ip link set lo up"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return reason{text: "it opens, and no answer comes within a second"}
	case number != 0:
		return reason{text: "the system says " + number.Error()}
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return reason{text: strings.ReplaceAll(text, dir, "the run's directory")}
}

// loopbackDown reports whether there is no loopback interface that is up.
func loopbackDown() bool {
	all, err := net.Interfaces()
	return err == nil && !slices.ContainsFunc(all, func(i net.Interface) bool {
		return i.Flags&net.FlagLoopback != 0 && i.Flags&net.FlagUp != 0
	})
}

// hasFile reports whether a socket has a name in the file system.
func hasFile(k runner.Socket) bool {
	return k == runner.Unix || k == runner.UnixPacket || k == runner.UnixGram
}

// noDirectory says why no directory can be made.
func noDirectory(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "the directory for temporary files does not exist: set TMPDIR to one that does"
	case errors.Is(err, fs.ErrPermission):
		return "no directory can be made in the one for temporary files, which this user may not write to: set TMPDIR to another one"
	case errors.Is(err, syscall.ENOSPC):
		return "the disk of the directory for temporary files is full: make room, or set TMPDIR to another one"
	}
	return "no directory can be made in the one for temporary files: set TMPDIR to another one"
}
