package socket

import (
	"errors"
	"net"
	"os"
)

// truncated is no flag here: a record that does not fit is an error of the read.
const truncated = 0

func setBacklog(_ net.Listener, n int) error {
	if n <= 0 {
		return nil
	}
	return errors.New("a backlog of one's own needs a Unix system")
}

// Buffers needs a Unix system.
func Buffers(any) (receive, send int, err error) {
	return 0, 0, errors.New("the sizes of buffers need a Unix system")
}

// Pair needs a Unix system.
func Pair() (server, client *os.File, err error) {
	return nil, nil, errors.New("socketpair needs a Unix system")
}
