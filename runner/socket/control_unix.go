//go:build !windows

package socket

import (
	"fmt"
	"net"
	"os"
	"syscall"

	sys "golang.org/x/sys/unix"
)

// truncated is the flag of a record that did not fit.
const truncated = sys.MSG_TRUNC

// setBacklog lets n connections wait for Accept; 0 leaves Go's default. A second
// listen(2) changes nothing but the backlog, and nobody knows the address yet.
// It closes the listener when it fails.
func setBacklog(l net.Listener, n int) error {
	if n <= 0 {
		return nil
	}
	if err := control(l, func(fd int) error { return sys.Listen(fd, n) }); err != nil {
		l.Close()
		return fmt.Errorf("set the backlog to %d: %w", n, err)
	}
	return nil
}

// Buffers are the sizes in bytes of the buffers of a net.Conn or a net.Listener of
// this package, as getsockopt(2) tells them: Linux shows twice what was asked for.
func Buffers(of any) (receive, send int, err error) {
	err = control(of, func(fd int) (err error) {
		if receive, err = sys.GetsockoptInt(fd, sys.SOL_SOCKET, sys.SO_RCVBUF); err != nil {
			return err
		}
		send, err = sys.GetsockoptInt(fd, sys.SOL_SOCKET, sys.SO_SNDBUF)
		return err
	})
	return receive, send, err
}

// Pair makes a socketpair. Neither end survives an exec unless it is passed on.
func Pair() (server, client *os.File, err error) {
	fds, err := pair()
	if err != nil {
		return nil, nil, fmt.Errorf("make a socketpair: %w", os.NewSyscallError("socketpair", err))
	}
	return os.NewFile(uintptr(fds[0]), "socketpair"), os.NewFile(uintptr(fds[1]), "socketpair"), nil
}

func control(of any, f func(fd int) error) error {
	raw, err := rawOf(of)
	if err != nil {
		return err
	}
	if e := raw.Control(func(fd uintptr) { err = f(int(fd)) }); e != nil {
		return e
	}
	return err
}

func pair() ([2]int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fds, err := sys.Socketpair(sys.AF_UNIX, sys.SOCK_STREAM, 0)
	if err != nil {
		return fds, err
	}
	for _, fd := range fds {
		sys.CloseOnExec(fd)
		if err := sys.SetNonblock(fd, true); err != nil {
			sys.Close(fds[0])
			sys.Close(fds[1])
			return fds, err
		}
	}
	return fds, nil
}
