package workload

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"github.com/sockscope/sockscope/runner"
)

// ServeOptions say what a server is for.
type ServeOptions struct {
	Workload runner.Workload
	Socket   runner.Socket
	Size     int // of a message in bytes
}

// Serve accepts connections until the listener is closed, and answers messages on
// each. It counts in t, and returns when the clients have closed their connections
// too.
func Serve(l net.Listener, o ServeOptions, t *Tally) error {
	size := o.Size
	t.size.Store(int64(size))
	// Without a pool, large messages would measure the garbage collector.
	buffers := &sync.Pool{New: func() any { b := make([]byte, size); return &b }}
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
		conns.Go(func() { ServeConn(conn, buffers, t) })
	}
}

// ServeConn echoes on one connection until the client closes it. It reads a
// message to its end before it answers. Any error ends the connection: the
// client notices, and reports it. Each buffer is a *[]byte as long as a message.
func ServeConn(conn net.Conn, buffers *sync.Pool, tally *Tally) {
	buffer := buffers.Get().(*[]byte)
	message := *buffer
	for {
		_, err := io.ReadFull(conn, message)
		if err != nil {
			break
		}
		_, err = conn.Write(message)
		if err != nil {
			break
		}
		tally.Echoed()
	}
	conn.Close() // not deferred: its time belongs to a line of its own
	buffers.Put(buffer)
}
