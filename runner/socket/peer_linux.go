package socket

import (
	"fmt"
	"net"

	sys "golang.org/x/sys/unix"
)

// PeerOf returns who opened the other end of a connected unix socket
// (SO_PEERCRED): what the kernel noted at connect(2), listen(2) or socketpair(2).
func PeerOf(conn net.Conn) (Peer, error) {
	var credentials *sys.Ucred
	err := control(conn, func(fd int) (err error) {
		credentials, err = sys.GetsockoptUcred(fd, sys.SOL_SOCKET, sys.SO_PEERCRED)
		return err
	})
	if err != nil {
		return Peer{}, fmt.Errorf("ask for the peer's credentials: %w", err)
	}
	return Peer{PID: int(credentials.Pid), UID: credentials.Uid, GID: credentials.Gid}, nil
}
