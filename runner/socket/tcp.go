package socket

import (
	"fmt"
	"net"
	"strings"

	"github.com/sockscope/sockscope/runner"
)

// tcp is TCP over loopback, IPv4 or IPv6.
type tcp struct{ kind runner.Socket }

func (k tcp) Name() runner.Socket { return k.kind }

// Listen takes a free port. The addresses are literals: "localhost" may mean ::1
// first and would add a failed connect to each dial.
func (k tcp) Listen(o Options) (net.Listener, string, error) {
	all, err := k.listen(max(1, o.Targets))
	if err != nil {
		return nil, "", err
	}
	targets := make([]string, len(all))
	for i, l := range all {
		targets[i] = l.Addr().String()
		if err := setBacklog(l, o.Backlog); err != nil {
			closeAll(all)
			return nil, "", err
		}
	}
	return nagle(join(all), o.Variant), addressOf(k.kind, targets...), nil
}

// tries is how many ports are tried until one is free at all the addresses.
const tries = 20

func (k tcp) listen(n int) ([]net.Listener, error) {
	for try := 1; ; try++ {
		all, err := k.listenOnce(n)
		if err == nil {
			return all, nil
		}
		if try == tries {
			return nil, fmt.Errorf("listen on a free port of %d loopback addresses: %w", n, err)
		}
	}
}

func (k tcp) listenOnce(n int) ([]net.Listener, error) {
	var all []net.Listener
	port := "0"
	for i := range n {
		address := "[::1]:0"
		if k.kind == runner.TCP4 {
			address = fmt.Sprintf("127.0.0.%d:%s", i+1, port)
		}
		l, err := net.Listen(string(k.kind), address)
		if err != nil {
			closeAll(all)
			return nil, err
		}
		all = append(all, l)
		_, port, _ = net.SplitHostPort(l.Addr().String())
	}
	return all, nil
}

func (k tcp) Dialer(address string, o DialOptions) (*Dialer, error) {
	list, err := cutKind(k.kind, address)
	if err != nil {
		return nil, err
	}
	targets, err := loopbacks(list, k.kind == runner.TCP6)
	if err != nil {
		return nil, err
	}
	return &Dialer{connect: vary(net.Dial, o.Variant), network: string(k.kind), targets: targets}, nil
}

// vary applies the variants of TCP to what connect opens.
func vary(connect func(network, address string) (net.Conn, error), v runner.Variant) func(network, address string) (net.Conn, error) {
	if v != runner.Nagle && v != runner.Linger0 {
		return connect
	}
	return func(network, address string) (net.Conn, error) {
		conn, err := connect(network, address)
		if err != nil {
			return nil, err
		}
		if err := varyConn(conn, v); err != nil {
			conn.Close()
			return nil, err
		}
		return conn, nil
	}
}

func varyConn(conn net.Conn, v runner.Variant) error {
	below := conn
	if over, ok := conn.(interface{ NetConn() net.Conn }); ok {
		below = over.NetConn()
	}
	c, ok := below.(*net.TCPConn)
	if !ok {
		return fmt.Errorf("%s needs TCP", strings.ToLower(v.Label()))
	}
	if v == runner.Nagle {
		return c.SetNoDelay(false)
	}
	return c.SetLinger(0)
}

// nagle leaves Nagle on for the server's writes, if that is the variant.
func nagle(l net.Listener, v runner.Variant) net.Listener {
	if v != runner.Nagle {
		return l
	}
	return nagleListener{l}
}

type nagleListener struct{ net.Listener }

func (l nagleListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if err := varyConn(conn, runner.Nagle); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
