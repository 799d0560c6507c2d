//go:build !linux

package socket

import (
	"errors"
	"net"
)

// PeerOf needs Linux.
func PeerOf(net.Conn) (Peer, error) {
	return Peer{}, errors.New("the credentials of a peer (SO_PEERCRED) need Linux")
}
