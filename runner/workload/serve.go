package workload

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// Serve accepts connections until the listener is closed, and echoes messages of
// size bytes on each. It adds each echo to served, and returns when the clients
// have closed their connections too.
func Serve(l net.Listener, size int, served *atomic.Int64) error {
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept a connection: %w", err)
		}
		conns.Go(func() { ServeConn(conn, size, served) })
	}
}

// ServeConn echoes on one connection until the client closes it. It reads a
// message to its end before it answers. Any error ends the connection: the
// client notices, and reports it.
func ServeConn(conn net.Conn, size int, served *atomic.Int64) {
	defer conn.Close()
	message := make([]byte, size)
	for {
		_, err := io.ReadFull(conn, message)
		if err != nil {
			return
		}
		_, err = conn.Write(message)
		if err != nil {
			return
		}
		served.Add(1)
	}
}
