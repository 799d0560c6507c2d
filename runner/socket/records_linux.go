package socket

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"unsafe"

	sys "golang.org/x/sys/unix"
)

// recordIO reads and writes the records of a unix socket with recvfrom(2) and
// sendto(2). MSG_TRUNC makes recvfrom return the true length of a record that
// is longer than the buffer.
//
// Note: net.UnixConn.Read cannot tell that a record was cut, and ReadMsgUnix
// makes three objects of the sender's address on each read, which would stand in
// the profile of these kinds alone.
type recordIO struct {
	conn    *net.UnixConn
	raw     syscall.RawConn
	packets bool // a read of no bytes is the end

	read, write transfer
}

// transfer is one call of the kernel, in one direction at a time.
type transfer struct {
	try func(fd uintptr) (done bool)

	mu    sync.Mutex // of what follows
	b     []byte
	peer  *gramPeer
	n     int
	errno syscall.Errno
}

// gramPeer is the address of a datagram's sender, as the kernel writes it.
type gramPeer struct {
	name sys.RawSockaddrUnix
	size uint32
}

// named reports whether there is a name to answer to, beside the family.
func (p *gramPeer) named() bool { return uintptr(p.size) > unsafe.Offsetof(p.name.Path) }

func (r *recordIO) open(conn *net.UnixConn) (err error) {
	r.conn, r.packets = conn, conn.LocalAddr().Network() == "unixpacket"
	r.read.try, r.write.try = r.read.receive, r.write.send
	r.raw, err = conn.SyscallConn()
	return err
}

// receive takes one record, and its sender's address unless from is nil.
func (r *recordIO) receive(b []byte, from *gramPeer) (int, error) {
	n, err := r.read.run(r.raw.Read, b, from)
	switch {
	case err != nil:
		return 0, r.error("read", "recvfrom", err)
	case n > len(b):
		return len(b), tooLong(len(b))
	case n == 0 && r.packets && len(b) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// send writes one record to a peer.
func (r *recordIO) send(b []byte, to *gramPeer) (int, error) {
	n, err := r.write.run(r.raw.Write, b, to)
	if err != nil {
		return 0, r.error("write", "sendto", err)
	}
	return n, nil
}

func (r *recordIO) error(op, call string, err error) error {
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(call, errno)
	} else if e, ok := err.(*net.OpError); ok {
		err = e.Err
	}
	return &net.OpError{Op: op, Net: r.conn.LocalAddr().Network(), Source: r.conn.LocalAddr(), Addr: r.conn.RemoteAddr(), Err: err}
}

// run waits with until, which is Read or Write of a RawConn, for the call to be
// carried out.
func (t *transfer) run(until func(func(uintptr) bool) error, b []byte, peer *gramPeer) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b, t.peer, t.n, t.errno = b, peer, 0, 0
	err := until(t.try)
	t.b, t.peer = nil, nil
	if err != nil {
		return 0, err
	}
	if t.errno != 0 {
		return 0, t.errno
	}
	return t.n, nil
}

func (t *transfer) receive(fd uintptr) (done bool) {
	for {
		var n uintptr
		if t.peer == nil {
			n, _, t.errno = sys.Syscall6(sys.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(unsafe.SliceData(t.b))), uintptr(len(t.b)), sys.MSG_TRUNC, 0, 0)
		} else {
			t.peer.size = sys.SizeofSockaddrUnix
			n, _, t.errno = sys.Syscall6(sys.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(unsafe.SliceData(t.b))), uintptr(len(t.b)), sys.MSG_TRUNC,
				uintptr(unsafe.Pointer(&t.peer.name)), uintptr(unsafe.Pointer(&t.peer.size)))
		}
		if t.errno != syscall.EINTR {
			t.n = int(n)
			return t.errno != syscall.EAGAIN
		}
	}
}

func (t *transfer) send(fd uintptr) (done bool) {
	for {
		var n uintptr
		n, _, t.errno = sys.Syscall6(sys.SYS_SENDTO, fd, uintptr(unsafe.Pointer(unsafe.SliceData(t.b))), uintptr(len(t.b)), 0,
			uintptr(unsafe.Pointer(&t.peer.name)), uintptr(t.peer.size))
		if t.errno != syscall.EINTR {
			t.n = int(n)
			return t.errno != syscall.EAGAIN
		}
	}
}
