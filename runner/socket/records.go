package socket

import (
	"errors"
	"fmt"
	"net"
	"os"
)

var (
	errNoPeer = errors.New("there is nobody to answer to: read a message of a peer with an address first")
	errEmpty  = errors.New("a unixpacket record of no bytes would look like the end of the connection")
)

// unixRecords is one end of a connected unix socket that keeps the bounds of
// messages: the client of unixgram, both ends of unixpacket.
type unixRecords struct {
	*net.UnixConn
	records recordIO
	file    string // to be removed by Close; "" for none
}

func newUnixRecords(conn *net.UnixConn, file string) (*unixRecords, error) {
	c := &unixRecords{UnixConn: conn, file: file}
	if err := c.records.open(conn); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Read takes one record. On unixpacket a record of no bytes cannot be told from
// the end of the connection, and is io.EOF.
func (c *unixRecords) Read(b []byte) (int, error) { return c.records.receive(b, nil) }

// Write sends one record. On unixgram it waits while the receiver has
// net.unix.max_dgram_qlen messages to read.
func (c *unixRecords) Write(b []byte) (int, error) {
	if len(b) == 0 && c.file == "" {
		return 0, errEmpty
	}
	return c.UnixConn.Write(b)
}

// Close removes the file, which closing a datagram socket does not do.
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
		return tooLong(room)
	}
	return nil
}

func tooLong(room int) error {
	return fmt.Errorf("%w of %d bytes, and the rest is lost", ErrTruncated, room)
}

// errShut is what a conn says that was closed while the socket below it lives on.
func errShut(op string, bound net.Conn) error {
	local := bound.LocalAddr()
	return &net.OpError{Op: op, Net: local.Network(), Addr: local, Err: net.ErrClosed}
}
