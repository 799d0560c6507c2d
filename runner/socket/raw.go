package socket

import (
	"fmt"
	"net"
	"syscall"
)

// rawOf finds the socket below a conn or a listener of this package.
func rawOf(of any) (syscall.RawConn, error) {
	switch o := of.(type) {
	case interface{ NetConn() net.Conn }: // of TLS
		return rawOf(o.NetConn())
	case syscall.Conn:
		return o.SyscallConn()
	case *handout:
		if o.bound != nil {
			return rawOf(o.bound)
		}
	case *joined:
		return rawOf(o.all[0])
	case nagleListener:
		return rawOf(o.Listener)
	case tlsListener:
		return rawOf(o.Listener)
	}
	return nil, fmt.Errorf("%T has no socket of its own", of)
}

// Peer is who is at the other end of a unix socket.
type Peer struct {
	PID      int
	UID, GID uint32
}
