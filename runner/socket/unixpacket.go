package socket

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"runtime"

	"github.com/sockscope/sockscope/runner"
)

// unixpacket is a connected socket with a file that keeps the bounds of messages.
type unixpacket struct{}

func (unixpacket) Name() runner.Socket { return runner.UnixPacket }

func (unixpacket) Listen(o Options) (net.Listener, string, error) {
	if runtime.GOOS != "linux" {
		return nil, "", fmt.Errorf("unixpacket (SOCK_SEQPACKET) needs Linux, and this is %s", runtime.GOOS)
	}
	path := filepath.Join(o.Dir, "s")
	if err := fits(path); err != nil {
		return nil, "", err
	}
	config := net.ListenConfig{Control: ownerOnly} // see unix
	l, err := config.Listen(context.Background(), "unixpacket", path)
	if err != nil {
		return nil, "", listenError(path, err)
	}
	if err := setBacklog(l, o.Backlog); err != nil {
		return nil, "", err
	}
	return &packets{l.(*net.UnixListener)}, addressOf(runner.UnixPacket, path), nil
}

func (unixpacket) Dialer(address string, _ DialOptions) (*Dialer, error) {
	path, err := cutPath(runner.UnixPacket, address)
	if err != nil {
		return nil, err
	}
	return &Dialer{connect: dialPacket, network: "unixpacket", targets: []string{path}, again: true}, nil
}

func dialPacket(network, address string) (net.Conn, error) {
	conn, err := net.Dial(network, address)
	if err != nil {
		return nil, err
	}
	return newUnixRecords(conn.(*net.UnixConn), "")
}

// packets accepts connections that keep the bounds of messages.
type packets struct{ *net.UnixListener }

func (l *packets) Accept() (net.Conn, error) {
	conn, err := l.AcceptUnix()
	if err != nil {
		return nil, err
	}
	return newUnixRecords(conn, "")
}
