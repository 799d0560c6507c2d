//go:build !linux

package socket

import "net"

// recordIO reads and writes the records of a unix socket with the calls of net.
type recordIO struct{ conn *net.UnixConn }

// gramPeer is the address of a datagram's sender.
type gramPeer struct{ name *net.UnixAddr }

func (p *gramPeer) named() bool { return p.name != nil }

func (r *recordIO) open(conn *net.UnixConn) error {
	r.conn = conn
	return nil
}

func (r *recordIO) receive(b []byte, from *gramPeer) (int, error) {
	n, _, flags, name, err := r.conn.ReadMsgUnix(b, nil)
	if err != nil {
		return n, err
	}
	if from != nil {
		from.name = name
	}
	return n, whole(flags, len(b))
}

func (r *recordIO) send(b []byte, to *gramPeer) (int, error) { return r.conn.WriteToUnix(b, to.name) }
