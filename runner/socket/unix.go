package socket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"syscall"

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

func (unix) Dialer(address string) *Dialer { return &Dialer{network: "unix", address: address} }
