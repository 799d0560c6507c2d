package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/sockscope/sockscope/runner"
)

// unix is a stream socket with a file.
type unix struct{}

// MaxPath is how many bytes the path of a unix socket may have: the address
// structure less its closing zero, 107 on Linux. The kernel says only "invalid
// argument".
const MaxPath = len(syscall.RawSockaddrUnix{}.Path) - 1

func (unix) Name() runner.Socket { return runner.Unix }

func (unix) Listen(o Options) (net.Listener, string, error) {
	path := filepath.Join(o.Dir, "s")
	if err := fits(path); err != nil {
		return nil, "", err
	}
	// The mode is set on the socket before bind makes the file, so there is no
	// moment at which others could connect. Note: chmod after bind has that
	// moment, and umask belongs to the whole process.
	config := net.ListenConfig{Control: ownerOnly}
	l, err := config.Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, "", listenError(path, err)
	}
	if err := setBacklog(l, o.Backlog); err != nil {
		return nil, "", err
	}
	return l, addressOf(runner.Unix, path), nil
}

func (unix) Dialer(address string, _ DialOptions) (*Dialer, error) {
	path, err := cutPath(runner.Unix, address)
	if err != nil {
		return nil, err
	}
	return &Dialer{connect: net.Dial, network: "unix", targets: []string{path}, again: true}, nil
}

// fits says in words what the kernel calls an invalid argument, and refuses what
// Go would take for an abstract name.
func fits(path string) error {
	if len(path) > MaxPath {
		return fmt.Errorf("the socket path %.300s has %d bytes and at most %d fit into a unix address: choose a run directory with a shorter name, or set TMPDIR to one", path, len(path), MaxPath)
	}
	if path == "" || path[0] == '@' || strings.ContainsRune(path, 0) {
		return fmt.Errorf("the address %q is not a path of a file: choose a run directory whose name starts otherwise", path)
	}
	return nil
}

func listenError(path string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: a file of that name exists and is left alone; remove it if nothing uses it: %w", path, err)
	}
	return fmt.Errorf("listen on a unix socket: %w", err)
}
