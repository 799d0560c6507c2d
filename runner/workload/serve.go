package workload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
)

// ServeOptions say what a server is for.
type ServeOptions struct {
	Workload runner.Workload
	Socket   runner.Socket
	Size     int // of a message in bytes
}

// Serve accepts connections until the listener is closed, and answers messages on
// each. It counts in t, and returns when the clients have closed their connections
// too; those of HTTP are closed as soon as they are idle.
func Serve(l net.Listener, o ServeOptions, t *Tally) error {
	t.start(o.Size)
	// Without a pool, large messages would measure the garbage collector.
	buffers := &sync.Pool{New: func() any { b := make([]byte, o.Size); return &b }}
	switch {
	case o.Workload.HTTP():
		return serveHTTP(l, o, buffers, t)
	case o.Workload == runner.Stream && !o.Socket.Connected():
		return serveOne(l, func(conn net.Conn) { ServeStream(tolerant{conn}, NewReceiver(o, t)) })
	case o.Workload == runner.Stream:
		return serveAll(l, func(conn net.Conn) { ServeStream(conn, NewReceiver(o, t)) })
	case !o.Socket.Connected():
		return serveAll(l, func(conn net.Conn) { ServeConn(&records{tolerant{conn}, true, t}, buffers, t) })
	case !o.Socket.Stream():
		return serveAll(l, func(conn net.Conn) { ServeConn(&records{conn, false, t}, buffers, t) })
	}
	return serveAll(l, func(conn net.Conn) { ServeConn(conn, buffers, t) })
}

// serveAll serves each connection in a goroutine of its own. Each address that the
// server listens at is accepted from in a goroutine of its own too, so that several
// of them cost a connection no more than one does.
func serveAll(l net.Listener, serve func(net.Conn)) error {
	var conns, accepting sync.WaitGroup
	defer conns.Wait()
	all := socket.Each(l)
	errs := make([]error, len(all))
	for i, one := range all[1:] {
		accepting.Go(func() { errs[i+1] = accept(one, &conns, serve) })
	}
	errs[0] = accept(all[0], &conns, serve)
	l.Close() // the others go on for ever if one cannot
	accepting.Wait()
	return errors.Join(errs...)
}

func accept(l net.Listener, conns *sync.WaitGroup, serve func(net.Conn)) error {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept a connection: %w", err)
		}
		conns.Go(func() { serve(conn) })
	}
}

// serveOne serves the first connection only: where all clients send to one socket,
// a second reader would count what arrives in another order.
func serveOne(l net.Listener, serve func(net.Conn)) error {
	var first sync.Once
	return serveAll(l, func(conn net.Conn) { first.Do(func() { serve(conn) }) })
}

// mostStreamsH2 is how many requests one HTTP/2 connection may carry at once; the
// default of 250 would make 1,024 workers wait for each other.
const mostStreamsH2 = 4096

// closing is how long a server waits for requests under way when it ends.
const closing = 5 * time.Second

func serveHTTP(l net.Listener, o ServeOptions, buffers *sync.Pool, t *Tally) error {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(o.Workload != runner.H2C)
	protocols.SetUnencryptedHTTP2(o.Workload == runner.H2C)
	server := &http.Server{
		Handler:   http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ServeRequest(w, r, buffers, t) }),
		Protocols: protocols,
		HTTP2:     &http.HTTP2Config{MaxConcurrentStreams: mostStreamsH2},
	}
	ended := make(chan error, len(socket.Each(l)))
	for _, one := range socket.Each(l) {
		go func() { ended <- server.Serve(one) }()
	}
	err := <-ended
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	if server.Shutdown(ctx) != nil { // closes the other listeners too
		server.Close()
	}
	for range len(socket.Each(l)) - 1 {
		<-ended
	}
	if errors.Is(err, net.ErrClosed) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("accept a connection: %w", err)
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

// records reads messages of one length from a socket that carries records.
type records struct {
	net.Conn
	skip  bool // others can send too: what has another length is counted and left out
	tally *Tally
}

// Read returns the next record that is as long as b.
func (r *records) Read(b []byte) (int, error) {
	for {
		n, err := r.Conn.Read(b)
		switch {
		case err == nil && n == len(b):
			return n, nil
		case err == nil && r.skip:
			r.tally.add(Counts{Foreign: 1}, interval{})
		case errors.Is(err, socket.ErrTruncated) && r.skip:
			r.tally.add(Counts{Truncated: 1}, interval{})
		case err != nil:
			return 0, err
		default:
			return 0, fmt.Errorf("a record of %d bytes came where all have %d", n, len(b))
		}
	}
}

// tolerant is a socket without connections: that one client went away must not end
// the service of the others.
type tolerant struct{ net.Conn }

func (c tolerant) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return len(b), nil
	}
	return n, err
}
