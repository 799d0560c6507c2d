package socket

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/sockscope/sockscope/runner"
)

// unixgram is a datagram socket with a file: nothing gets lost, a writer waits
// while net.unix.max_dgram_qlen messages are not read yet.
type unixgram struct{}

func (unixgram) Name() runner.Socket { return runner.UnixGram }

func (unixgram) Listen(o Options) (net.Listener, string, error) {
	path := filepath.Join(o.Dir, "s")
	if err := fits(path); err != nil {
		return nil, "", err
	}
	config := net.ListenConfig{Control: ownerOnly} // see unix
	conn, err := config.ListenPacket(context.Background(), "unixgram", path)
	if err != nil {
		return nil, "", listenError(path, err)
	}
	bound := conn.(*net.UnixConn)
	h := newHandout(bound, func() error { defer os.Remove(path); return bound.Close() })
	for range max(1, o.Servers) {
		h.conns = append(h.conns, &gramServer{UnixConn: bound})
	}
	return h, addressOf(runner.UnixGram, path), nil
}

// Dialer makes clients with a file of their own in o.Dir: a client without one has
// no name that the server could answer to.
func (unixgram) Dialer(address string, o DialOptions) (*Dialer, error) {
	path, err := cutKind(runner.UnixGram, address)
	if err != nil {
		return nil, err
	}
	prefix := filepath.Join(o.Dir, "c"+strconv.FormatInt(int64(os.Getpid()), 36)+"-")
	if err := fits(prefix + "1234567"); err != nil {
		return nil, err
	}
	var made atomic.Int64
	connect := func(network, address string) (net.Conn, error) {
		return dialGram(prefix+strconv.FormatInt(made.Add(1), 36), network, address)
	}
	return &Dialer{connect: connect, network: "unixgram", targets: []string{path}, again: true}, nil
}

func dialGram(own, network, address string) (net.Conn, error) {
	dialer := net.Dialer{LocalAddr: &net.UnixAddr{Name: own, Net: network}, Control: ownerOnly}
	conn, err := dialer.Dial(network, address)
	if err != nil {
		os.Remove(own)
		return nil, fmt.Errorf("dial from %s: %w", own, err)
	}
	return &unixRecords{UnixConn: conn.(*net.UnixConn), file: own}, nil
}

// gramServer answers to whoever it read from last.
type gramServer struct {
	*net.UnixConn
	mu     sync.Mutex
	peer   *net.UnixAddr
	closed bool
}

func (c *gramServer) Read(b []byte) (int, error) {
	n, _, flags, from, err := c.ReadMsgUnix(b, nil)
	if err != nil {
		return n, err
	}
	c.mu.Lock()
	c.peer = from
	c.mu.Unlock()
	return n, whole(flags, len(b))
}

func (c *gramServer) Write(b []byte) (int, error) {
	c.mu.Lock()
	peer := c.peer
	c.mu.Unlock()
	if peer == nil {
		return 0, errNoPeer
	}
	return c.WriteToUnix(b, peer)
}

func (c *gramServer) Close() error { return nil }
