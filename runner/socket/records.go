package socket

import (
	"errors"
	"fmt"
	"net"
	"os"
)

// errNoPeer is what a write to nobody yet says.
var errNoPeer = errors.New("there is nobody to answer to: read a message of a peer with an address first")

// unixRecords is one end of a connected unix socket that keeps the bounds of
// messages.
type unixRecords struct {
	*net.UnixConn
	file string // to be removed by Close; "" for none
}

func (c *unixRecords) Read(b []byte) (int, error) {
	n, _, flags, _, err := c.ReadMsgUnix(b, nil)
	if err != nil {
		return n, err
	}
	return n, whole(flags, len(b))
}

func (c *unixRecords) Close() error {
	err := c.UnixConn.Close()
	if c.file != "" {
		os.Remove(c.file)
	}
	return err
}

// whole reports that a record did not fit.
func whole(flags, room int) error {
	if flags&truncated != 0 {
		return fmt.Errorf("%w of %d bytes, and the rest is lost", ErrTruncated, room)
	}
	return nil
}
