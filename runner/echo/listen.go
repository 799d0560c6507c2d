package echo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/sockscope/sockscope/runner/socket"
)

// defaultMode lets nobody but the user in. Connecting needs the right to write.
const defaultMode fs.FileMode = 0o600

// parseMode reads three octal digits, with or without a leading 0.
func parseMode(s string) (fs.FileMode, error) {
	if s == "" {
		return defaultMode, nil
	}
	n, err := strconv.ParseUint(s, 8, 16)
	if err != nil || n > 0o777 || len(s) < 3 || len(s) > 4 {
		return 0, fmt.Errorf("the mode %q is not one of a file: use three octal digits, 0000 to 0777", s)
	}
	return fs.FileMode(n), nil
}

// open listens.
func open(ctx context.Context, o Options, mode fs.FileMode) (*server, error) {
	switch {
	case o.Network[0] == 'u' && o.Network[1] == 'd':
		return openUDP(ctx, o)
	case o.Network[0] == 't':
		l, err := net.Listen(o.Network, o.Address)
		if err != nil {
			return nil, refused(o, err)
		}
		return &server{listener: l}, nil
	case o.abstract():
		return bind(ctx, o, net.ListenConfig{})
	}
	if len(o.Address) > socket.MaxPath {
		return nil, fmt.Errorf("the path %s has %d bytes and at most %d fit into a unix address: choose a shorter one", o.Address, len(o.Address), socket.MaxPath)
	}
	return openFile(ctx, o, mode)
}

// openUDP stays on this machine: whoever forges a sender's address makes an echo
// of datagrams shoot at others.
func openUDP(ctx context.Context, o Options) (*server, error) {
	a, err := net.ResolveUDPAddr(o.Network, o.Address)
	if err != nil {
		return nil, refused(o, err)
	}
	if !a.IP.IsLoopback() {
		return nil, fmt.Errorf("an echo of datagrams can be abused from outside: use an address of this machine alone, as 127.0.0.1, instead of %s", o.Address)
	}
	var config net.ListenConfig
	c, err := config.ListenPacket(ctx, o.Network, a.String())
	if err != nil {
		return nil, refused(o, err)
	}
	return &server{packets: c}, nil
}

// openFile listens on a path, and says what is in the way where something is.
func openFile(ctx context.Context, o Options, mode fs.FileMode) (*server, error) {
	s, err := bindFile(ctx, o, mode)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return s, err
	}
	left, err := inTheWay(o)
	if err != nil {
		return nil, err
	}
	if !o.Replace {
		return nil, fmt.Errorf("%s is left over from a server that is gone: remove it with rm %s, or use --replace", o.Address, quote(o.Address))
	}
	if !ours(left) {
		return nil, fmt.Errorf("%s is left over from a server of another user: it is not removed, choose another address", o.Address)
	}
	// Another server may have replaced it meanwhile, and listen.
	if now, err := os.Lstat(o.Address); err != nil || !os.SameFile(left, now) {
		return nil, fmt.Errorf("another server took %s just now: choose another address", o.Address)
	}
	if err := os.Remove(o.Address); err != nil {
		return nil, fmt.Errorf("remove what a dead server left: %w", err)
	}
	s, err = bindFile(ctx, o, mode)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another server took %s just now: choose another address", o.Address)
	}
	return s, err
}

// inTheWay looks at the file that keeps a server from listening. It returns no
// error for a socket that nobody listens to.
func inTheWay(o Options) (fs.FileInfo, error) {
	info, err := os.Lstat(o.Address)
	if err != nil {
		return nil, fmt.Errorf("look at what is in the way: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return nil, fmt.Errorf("%s is %s and not a socket: choose another address", o.Address, kindOf(info))
	}
	conn, err := net.DialTimeout(o.Network, o.Address, time.Second)
	switch {
	case err == nil:
		conn.Close()
	case errors.Is(err, syscall.ECONNREFUSED):
		return info, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s belongs to another user, and whether a server listens on it cannot be seen: choose another address", o.Address)
	}
	// A full backlog and a socket of another type are servers that live, too.
	return nil, fmt.Errorf("another server listens on %s: stop it, or choose another address", o.Address)
}

func kindOf(info fs.FileInfo) string {
	switch info.Mode().Type() {
	case 0:
		return "a file"
	case fs.ModeDir:
		return "a directory"
	case fs.ModeSymlink:
		return "a symbolic link"
	}
	return "something else"
}

// bindFile makes the socket and its file. EADDRINUSE is handed on as it is.
func bindFile(ctx context.Context, o Options, mode fs.FileMode) (*server, error) {
	s, err := bind(ctx, o, net.ListenConfig{Control: before(mode)})
	if err != nil {
		return nil, err
	}
	if s.file, err = after(o.Address, mode); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func bind(ctx context.Context, o Options, config net.ListenConfig) (*server, error) {
	if o.Network == "unixgram" {
		c, err := config.ListenPacket(ctx, o.Network, o.Address)
		if err != nil {
			return nil, refused(o, err)
		}
		return &server{packets: c}, nil
	}
	l, err := config.Listen(ctx, o.Network, o.Address)
	if err != nil {
		return nil, refused(o, err)
	}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false) // it would remove whatever has the name then
	}
	return &server{listener: l}, nil
}

// refused says in words why a socket cannot be opened. A file in the way is
// something for the caller to look at.
func refused(o Options, err error) error {
	file := o.Network[0] == 'u' && o.Network[1] == 'n' && !o.abstract()
	switch {
	case errors.Is(err, syscall.EADDRINUSE) && file:
		return err
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("another server listens on %s %s: stop it, or choose another address", o.Network, o.Address)
	case errors.Is(err, fs.ErrNotExist) && file:
		return fmt.Errorf("the directory of %s does not exist: make it, or choose another address", o.Address)
	case errors.Is(err, fs.ErrPermission) && file:
		return fmt.Errorf("this user may not make a file in the directory of %s: choose another address", o.Address)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("this user may not listen on %s: choose a port above 1023", o.Address)
	}
	return fmt.Errorf("listen on %s %s: %w", o.Network, o.Address, err)
}
