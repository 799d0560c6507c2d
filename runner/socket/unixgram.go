package socket

import (
	"context"
	"errors"
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
		server := &gramServer{UnixConn: bound}
		if err := server.records.open(bound); err != nil {
			h.Close()
			return nil, "", err
		}
		h.conns = append(h.conns, server)
	}
	return h, addressOf(runner.UnixGram, path), nil
}

// Dialer makes clients with a file of their own in o.Dir: a client without one has
// no name that the server could answer to.
func (unixgram) Dialer(address string, o DialOptions) (*Dialer, error) {
	path, err := cutPath(runner.UnixGram, address)
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
	return newUnixRecords(conn.(*net.UnixConn), own)
}

// gramServer answers to whoever it read from last. It is one of several conns over
// one socket: closing it does not wake up those who read, and while one waits for
// a client that does not read, the others wait too.
type gramServer struct {
	*net.UnixConn
	records recordIO
	shut    atomic.Bool

	reading sync.Mutex // of from
	from    gramPeer
	writing sync.Mutex // of to
	to      gramPeer
	mu      sync.Mutex // of peer
	peer    gramPeer
}

func (c *gramServer) Read(b []byte) (int, error) {
	if c.shut.Load() {
		return 0, errShut("read", c.UnixConn)
	}
	// from and to are not local: they would be made anew for each call.
	c.reading.Lock()
	defer c.reading.Unlock()
	n, err := c.records.receive(b, &c.from)
	if err == nil || errors.Is(err, ErrTruncated) {
		c.mu.Lock()
		c.peer = c.from
		c.mu.Unlock()
	}
	return n, err
}

func (c *gramServer) Write(b []byte) (int, error) {
	if c.shut.Load() {
		return 0, errShut("write", c.UnixConn)
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	c.to = c.peer
	c.mu.Unlock()
	if !c.to.named() {
		return 0, errNoPeer
	}
	return c.records.send(b, &c.to)
}

func (c *gramServer) Close() error {
	c.shut.Store(true)
	return nil
}
