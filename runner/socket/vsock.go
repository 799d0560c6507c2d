package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/mdlayher/vsock"

	"github.com/sockscope/sockscope/runner"
)

// virtual is a stream to this machine over the sockets of virtual machines.
type virtual struct{}

// vsockDeadline bounds a dial: without its loopback module the kernel sends the
// request to the hypervisor, which does not answer.
const vsockDeadline = time.Second

func (virtual) Name() runner.Socket { return runner.VSock }

func (virtual) Listen(o Options) (net.Listener, string, error) {
	if runtime.GOOS != "linux" {
		return nil, "", fmt.Errorf("vsock needs Linux, and this is %s", runtime.GOOS)
	}
	l, err := vsock.ListenContextID(vsock.Local, 0, nil)
	if err != nil {
		return nil, "", fmt.Errorf("listen on vsock: %w", noLoopback(err))
	}
	port := l.Addr().(*vsock.Addr).Port
	return l, addressOf(runner.VSock, strconv.FormatUint(uint64(port), 10)), nil
}

func (virtual) Dialer(address string, _ DialOptions) (*Dialer, error) {
	target, err := cutKind(runner.VSock, address)
	if err != nil {
		return nil, err
	}
	if _, err := strconv.ParseUint(target, 10, 32); err != nil {
		return nil, fmt.Errorf("the address %.100q is not a vsock port", address)
	}
	return &Dialer{connect: dialVSock, network: "vsock", targets: []string{target}}, nil
}

func dialVSock(_, address string) (net.Conn, error) {
	port, err := strconv.ParseUint(address, 10, 32)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), vsockDeadline)
	defer cancel()
	conn, err := vsock.DialContext(ctx, vsock.Local, uint32(port), nil)
	if err != nil {
		return nil, fmt.Errorf("dial vsock: %w", noLoopback(err))
	}
	return conn, nil
}

// noLoopback says in words how a machine without the loopback of vsock shows it.
func noLoopback(err error) error {
	for _, e := range []error{context.DeadlineExceeded, syscall.ETIMEDOUT, syscall.ENODEV, syscall.EAFNOSUPPORT, syscall.EADDRNOTAVAIL, syscall.ENETUNREACH} {
		if errors.Is(err, e) {
			return fmt.Errorf("the vsock loopback transport is not there (modprobe vsock_loopback): %w", err)
		}
	}
	return err
}
