package echo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

const (
	mostConns = 512              // at once; the others wait in the backlog
	idle      = 10 * time.Minute // for somebody who types
	// longest is a message, and the largest record that a unix socket carries by
	// default.
	longest   = 212_960
	mostBytes = 1 << 20 // of a posted body
)

// answerConns accepts until ctx ends or the listener is closed, and returns when
// all connections are closed too.
func answerConns(ctx context.Context, l net.Listener, keep bool) error {
	var conns sync.WaitGroup
	defer conns.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	slots := make(chan struct{}, mostConns)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		conn, err := accept(ctx, l)
		if err != nil {
			return fmt.Errorf("accept a connection: %w", err)
		}
		conns.Go(func() {
			defer func() { <-slots }()
			answer(ctx, conn, keep)
		})
	}
}

// accept waits a little where no file is left for a connection.
func accept(ctx context.Context, l net.Listener) (net.Conn, error) {
	for {
		conn, err := l.Accept()
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) && !errors.Is(err, syscall.ECONNABORTED) {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// answer sends one message back, or each of them.
func answer(ctx context.Context, conn net.Conn, keep bool) {
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	defer conn.Close()
	message := make([]byte, longest)
	for {
		if conn.SetDeadline(time.Now().Add(idle)) != nil {
			return
		}
		n, err := conn.Read(message)
		if err != nil {
			return
		}
		if _, err := conn.Write(message[:n]); err != nil || !keep {
			return
		}
	}
}

// answerPackets sends each datagram back to where it came from, if it came from
// somewhere: a unixgram client without a name of its own cannot be answered.
func answerPackets(c net.PacketConn) error {
	message := make([]byte, longest)
	for {
		n, from, err := c.ReadFrom(message)
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil || from == nil || from.String() == "" {
			continue
		}
		// A client that does not read must not stop the server.
		if c.SetWriteDeadline(time.Now().Add(time.Second)) == nil {
			_, _ = c.WriteTo(message[:n], from)
		}
	}
}

// serveHTTP serves until ctx ends or the listener is closed.
func serveHTTP(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: http.HandlerFunc(greet), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: idle}
	defer s.Close()
	defer context.AfterFunc(ctx, func() { s.Close() })()
	return s.Serve(l)
}

// greet says what the article's server says, and gives back what is posted.
func greet(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		_, _ = io.Copy(w, http.MaxBytesReader(w, r.Body, mostBytes))
		return
	}
	_, _ = io.WriteString(w, "Hello kung fu developer!\n")
}
