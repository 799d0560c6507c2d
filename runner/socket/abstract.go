package socket

import (
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync/atomic"

	"github.com/sockscope/sockscope/runner"
)

// abstract is a stream socket with a name that is no file: it has no mode, so
// whoever shares the network namespace may connect.
type abstract struct{}

func (abstract) Name() runner.Socket { return runner.UnixAbstract }

// Listen takes a name that nobody guesses and sends the connections of other
// users away.
func (abstract) Listen(o Options) (net.Listener, string, error) {
	if runtime.GOOS != "linux" {
		return nil, "", fmt.Errorf("abstract names need Linux, and this is %s", runtime.GOOS)
	}
	name := "@sockscope-" + rand.Text()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: name, Net: "unix"})
	if err != nil {
		return nil, "", fmt.Errorf("listen on an abstract unix socket: %w", err)
	}
	if err := setBacklog(l, o.Backlog); err != nil {
		return nil, "", err
	}
	return &ownUser{UnixListener: l, uid: uint32(os.Getuid())}, addressOf(runner.UnixAbstract, name), nil
}

func (abstract) Dialer(address string, _ DialOptions) (*Dialer, error) {
	name, err := cutKind(runner.UnixAbstract, address)
	if err != nil {
		return nil, err
	}
	if len(name) < 2 || name[0] != '@' || len(name) > MaxPath+1 {
		return nil, fmt.Errorf("the address %.200q is not an abstract name: it starts with @ and has at most %d bytes", address, MaxPath+1)
	}
	return &Dialer{connect: net.Dial, network: "unix", targets: []string{name}, again: true}, nil
}

// ownUser accepts the connections of one user and closes those of others. The check
// is one getsockopt(2): next to a dial and an accept it was lost in the noise
// (24.4, 25.7, 25.2 µs with it, 24.4, 24.3, 25.2 µs without).
type ownUser struct {
	*net.UnixListener
	uid     uint32
	foreign atomic.Int64
}

func (l *ownUser) Accept() (net.Conn, error) {
	for {
		conn, err := l.AcceptUnix()
		if err != nil {
			return nil, err
		}
		if peer, err := PeerOf(conn); err == nil && peer.UID == l.uid {
			return conn, nil
		}
		l.foreign.Add(1)
		conn.Close()
	}
}

// Foreign is how many connections of other users a listener has closed. It is 0 for
// the kinds that other users cannot reach, or cannot be told from.
func Foreign(l net.Listener) int64 {
	if own, ok := l.(*ownUser); ok {
		return own.foreign.Load()
	}
	return 0
}
