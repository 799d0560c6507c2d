// Package echo has the servers of the article: what nc -U, nc and curl
// --unix-socket talk to, and a client that speaks HTTP over a unix socket.
//
// A server answers one message of a connection with the same bytes and closes it,
// as the article's does: that is what ends "echo Hello | nc -U PATH", since nc
// does not close its half when its input ends. Over HTTP it says hello, or gives
// back what was posted.
//
// It never removes a file that it did not make. The exception has to be asked for
// (Options.Replace), and takes a socket of the same user that nobody listens to.
package echo

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
)

// Options say what to serve.
type Options struct {
	Network string // one of [Networks]
	// Address is a path, "@name" for an abstract name, or host:port; an empty host is
	// 127.0.0.1, unlike in net.Listen.
	Address string
	HTTP    bool   // serve HTTP instead of an echo
	Mode    string // of the socket file in octal: "0600"; "" for that
	Replace bool   // take the place of a dead server's socket file
	Keep    bool   // answer every message until the client closes, not just one
}

// Networks lists what can be served.
var Networks = [...]string{"unix", "unixpacket", "unixgram", "tcp", "tcp4", "tcp6", "udp", "udp4", "udp6"}

// Where to listen when nobody says.
const (
	defaultPath = "/tmp/echo.sock"
	defaultPort = "127.0.0.1:8000"
)

// check fills in defaults and returns a sentence for what cannot be.
func (o *Options) check() error {
	if !slices.Contains(Networks[:], o.Network) {
		return fmt.Errorf("the network %q is not known: use one of %s", o.Network, strings.Join(Networks[:], ", "))
	}
	unix := strings.HasPrefix(o.Network, "unix")
	switch {
	case o.Address == "" && unix:
		o.Address = defaultPath
	case o.Address == "":
		o.Address = defaultPort
		if strings.HasSuffix(o.Network, "6") {
			o.Address = "[::1]:8000"
		}
	case strings.HasPrefix(o.Address, ":"):
		o.Address = map[bool]string{true: "[::1]", false: "127.0.0.1"}[strings.HasSuffix(o.Network, "6")] + o.Address
	}
	switch {
	case o.HTTP && !o.stream():
		return fmt.Errorf("HTTP needs a stream of bytes, and %s carries records: use unix or tcp", o.Network)
	case o.Mode != "" && (!unix || o.abstract()):
		return fmt.Errorf("only a socket with a file has a mode: leave --mode out for %s %s", o.Network, o.Address)
	case o.Replace && (!unix || o.abstract()):
		return fmt.Errorf("only a socket with a file leaves one behind: leave --replace out for %s %s", o.Network, o.Address)
	}
	return nil
}

// abstract reports whether the address is a name without a file.
func (o *Options) abstract() bool {
	return strings.HasPrefix(o.Network, "unix") && strings.HasPrefix(o.Address, "@")
}

func (o *Options) stream() bool { return o.Network == "unix" || strings.HasPrefix(o.Network, "tcp") }

// Serve listens, writes one line with the commands to try to w, and serves until
// ctx ends. The socket file is gone when it returns, connections are closed.
func Serve(ctx context.Context, o Options, w io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	mode, err := parseMode(o.Mode)
	if err != nil {
		return err
	}
	s, err := open(ctx, o, mode)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(w, ready(o, s.address())); err != nil {
		s.close()
		return fmt.Errorf("say that the server is ready: %w", err)
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		s.close()
	})
	switch {
	case s.packets != nil:
		err = answerPackets(s.packets)
	case o.HTTP:
		err = serveHTTP(ctx, s.listener)
	default:
		err = answerConns(ctx, s.listener, o.Keep)
	}
	if stop() { // it ended by itself
		s.close()
		return err
	}
	<-closed
	return nil
}

// server is an open socket, and the file that it made.
type server struct {
	listener net.Listener   // nil for datagrams
	packets  net.PacketConn // nil for connections
	file     *socketFile    // nil where there is none
}

func (s *server) address() net.Addr {
	if s.packets != nil {
		return s.packets.LocalAddr()
	}
	return s.listener.Addr()
}

// close removes the file first: whoever finds it can still connect then.
func (s *server) close() {
	if s.file != nil {
		s.file.remove()
	}
	if s.packets != nil {
		s.packets.Close()
		return
	}
	s.listener.Close()
}
