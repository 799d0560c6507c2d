package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/sockscope/sockscope/runner"
)

// unix is a stream socket with a file.
type unix struct{}

// maxPath is how many bytes a path may have: the address structure less its
// closing zero, 107 on Linux. The kernel says only "invalid argument".
const maxPath = len(syscall.RawSockaddrUnix{}.Path) - 1

func (unix) Name() runner.Socket { return runner.Unix }

func (unix) Listen(dir string) (net.Listener, error) {
	path := filepath.Join(dir, "s")
	if len(path) > maxPath {
		return nil, fmt.Errorf("the socket path %s has %d bytes and at most %d fit into a unix address: choose a run directory with a shorter name, or set TMPDIR to one", path, len(path), maxPath)
	}
	// The mode is set on the socket before bind makes the file, so there is no
	// moment at which others could connect. Note: chmod after bind has that
	// moment, and umask belongs to the whole process.
	config := net.ListenConfig{Control: ownerOnly}
	l, err := config.Listen(context.Background(), "unix", path)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("listen on %s: a file of that name exists and is left alone; remove it if nothing uses it: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on a unix socket: %w", err)
	}
	return l, nil
}

func (unix) Dialer(address string) Dialer { return &unixDialer{address: address} }

// Back-off of a dial that finds the backlog full.
const (
	firstPause   = 50 * time.Microsecond
	longestPause = 5 * time.Millisecond
	dialDeadline = 10 * time.Second
)

type unixDialer struct {
	address string
	retries atomic.Int64
}

// Dial is net.Dial, but it does not give up on a full backlog: there connect(2)
// fails with EAGAIN at once where TCP would send its SYN again. The time of the
// retries is time of the dial.
func (d *unixDialer) Dial() (net.Conn, error) {
	conn, err := net.Dial("unix", d.address)
	if err != nil && errors.Is(err, syscall.EAGAIN) {
		return d.dialAgain()
	}
	return conn, err
}

// dialAgain keeps dialing with growing pauses until dialDeadline. The runtime's
// timers are good to about 1 ms on an idle process, so the short pauses may take
// that long.
func (d *unixDialer) dialAgain() (net.Conn, error) {
	until := time.Now().Add(dialDeadline)
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		time.Sleep(pause)
		d.retries.Add(1)
		conn, err := net.Dial("unix", d.address)
		if err == nil || !errors.Is(err, syscall.EAGAIN) {
			return conn, err
		}
		if time.Now().After(until) {
			return nil, fmt.Errorf("the backlog of %s stayed full for %s: use fewer connections at once, or raise net.core.somaxconn: %w", d.address, dialDeadline, err)
		}
	}
}

func (d *unixDialer) Retries() int64 { return d.retries.Load() }
