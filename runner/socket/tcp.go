package socket

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/sockscope/sockscope/runner"
)

// tcp is TCP over loopback, IPv4 or IPv6.
type tcp struct{ kind runner.Socket }

func (k tcp) Name() runner.Socket { return k.kind }

// Listen takes a free port. The addresses are literals: "localhost" may mean ::1
// first and would add a failed connect to each dial.
func (k tcp) Listen(o Options) (net.Listener, string, error) {
	all, targets, err := k.listen(o)
	if err != nil {
		return nil, "", err
	}
	return join(all), addressOf(k.kind, targets...), nil
}

// Bounds of how many addresses make sense, and of how many ports are tried until
// one is free at all of them.
const (
	mostTargets = 250
	mostTries   = 20
)

// listen opens one listener a target.
func (k tcp) listen(o Options) (all []net.Listener, targets []string, err error) {
	n := max(1, o.Targets)
	if n > mostTargets {
		return nil, nil, fmt.Errorf("%d addresses are too many: use %d at most", n, mostTargets)
	}
	for try := 1; ; try++ {
		if all, err = k.listenOnce(n); err == nil {
			break
		}
		if errors.Is(err, syscall.EADDRINUSE) && try == mostTries {
			return nil, nil, portsUsedUp(err)
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, nil, noSuchLoopback(k.kind, err)
		}
	}
	for i, l := range all {
		targets = append(targets, l.Addr().String())
		if err := setBacklog(l, o.Backlog); err != nil {
			_ = closeAll(all)
			return nil, nil, err
		}
		all[i] = nagle(l, o.Variant)
	}
	return all, targets, nil
}

func (k tcp) listenOnce(n int) ([]net.Listener, error) {
	var all []net.Listener
	port := "0"
	for i := range n {
		network, address := "tcp4", fmt.Sprintf("127.0.0.%d:%s", i+1, port)
		switch k.kind {
		case runner.TCP6:
			network, address = "tcp6", "[::1]:0"
		case runner.TLS:
			address = "127.0.0.1:0"
		}
		l, err := net.Listen(network, address)
		if err != nil {
			_ = closeAll(all)
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
