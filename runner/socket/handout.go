package socket

import (
	"net"
	"sync"
)

// handout is a listener whose connections are all there from the start: Accept
// hands them out, then blocks until Close.
type handout struct {
	bound net.Conn // nil where there is no one socket below
	close func() error

	mu     sync.Mutex
	conns  []net.Conn // not handed out yet
	err    error
	closed chan struct{}
}

func newHandout(bound net.Conn, closeAll func() error) *handout {
	return &handout{bound: bound, close: closeAll, closed: make(chan struct{})}
}

func (h *handout) Accept() (net.Conn, error) {
	if conn := h.next(); conn != nil {
		return conn, nil
	}
	<-h.closed
	return nil, &net.OpError{Op: "accept", Net: h.Addr().Network(), Addr: h.Addr(), Err: net.ErrClosed}
}

func (h *handout) next() net.Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.conns) == 0 {
		return nil
	}
	conn := h.conns[0]
	h.conns = h.conns[1:]
	return conn
}

// Close closes what was not handed out and the one socket. It may be called again.
func (h *handout) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.closed:
		return h.err
	default:
	}
	close(h.closed)
	for _, conn := range h.conns {
		conn.Close()
	}
	h.conns = nil
	h.err = h.close()
	return h.err
}

func (h *handout) Addr() net.Addr {
	if h.bound == nil {
		return &net.UnixAddr{Net: "unix"}
	}
	return h.bound.LocalAddr()
}
