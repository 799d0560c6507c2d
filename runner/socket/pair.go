package socket

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"github.com/sockscope/sockscope/runner"
)

// socketpair is a unix stream without a name: both ends are made at once and given
// to the two sides as open files.
type socketpair struct{}

func (socketpair) Name() runner.Socket { return runner.SocketPair }

func (socketpair) Listen(o Options) (net.Listener, string, error) {
	h := newHandout(nil, func() error { return nil })
	for i, f := range o.Files {
		conn, err := fileConn(f)
		if err != nil {
			closeFiles(o.Files[i+1:])
			h.Close()
			return nil, "", err
		}
		h.conns = append(h.conns, conn)
	}
	return h, addressOf(runner.SocketPair), nil
}

func (socketpair) Dialer(address string, o DialOptions) (*Dialer, error) {
	if _, err := cutKind(runner.SocketPair, address); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	files := o.Files
	next := func(string, string) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if len(files) == 0 {
			return nil, fmt.Errorf("all %d socketpairs are in use: one is made for each connection before the start, and none can be dialed", len(o.Files))
		}
		f := files[0]
		files = files[1:]
		return fileConn(f)
	}
	return &Dialer{connect: next, network: "unix", targets: []string{""}}, nil
}

// fileConn takes the file over: it is closed, the connection lives.
func fileConn(f *os.File) (net.Conn, error) {
	if f == nil {
		return nil, errors.New("an end of a socketpair is missing")
	}
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("use an end of a socketpair: %w", err)
	}
	return conn, nil
}

func closeFiles(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
