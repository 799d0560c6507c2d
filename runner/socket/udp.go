package socket

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/sockscope/sockscope/runner"
)

// udp is UDP over loopback, IPv4 or IPv6. Messages get lost when the receiver does
// not keep up, without a word to the sender.
type udp struct{ kind runner.Socket }

// receiveBuffer is what the server's socket asks for; net.core.rmem_max may give
// less, see [Buffers].
const receiveBuffer = 4 << 20

func (k udp) Name() runner.Socket { return k.kind }

func (k udp) Listen(o Options) (net.Listener, string, error) {
	at := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if k.kind == runner.UDP6 {
		at = netip.IPv6Loopback()
	}
	bound, err := net.ListenUDP(string(k.kind), net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, 0)))
	if err != nil {
		return nil, "", noSuchLoopback(k.kind, err)
	}
	if err := bound.SetReadBuffer(receiveBuffer); err != nil {
		bound.Close()
		return nil, "", fmt.Errorf("set the receive buffer: %w", err)
	}
	h := newHandout(bound, bound.Close)
	for range max(1, o.Servers) {
		h.conns = append(h.conns, &udpServer{UDPConn: bound})
	}
	return h, addressOf(k.kind, bound.LocalAddr().String()), nil
}

func (k udp) Dialer(address string, _ DialOptions) (*Dialer, error) {
	list, err := cutKind(k.kind, address)
	if err != nil {
		return nil, err
	}
	targets, err := loopbacks(list, k.kind == runner.UDP6)
	if err != nil {
		return nil, err
	}
	return &Dialer{connect: dialUDP, network: string(k.kind), targets: targets}, nil
}

func dialUDP(network, address string) (net.Conn, error) {
	conn, err := net.Dial(network, address)
	if err != nil {
		return nil, err
	}
	return udpClient{conn.(*net.UDPConn)}, nil
}

// udpClient is connected: it receives what comes from the server's address only.
type udpClient struct{ *net.UDPConn }

func (c udpClient) Read(b []byte) (int, error) {
	n, _, flags, _, err := c.ReadMsgUDPAddrPort(b, nil)
	if err != nil {
		return n, err
	}
	return n, whole(flags, len(b))
}

// udpServer answers to whoever it read from last. It is one of several conns over
// one socket: closing it does not wake up those who read.
type udpServer struct {
	*net.UDPConn
	shut atomic.Bool

	mu   sync.Mutex
	peer netip.AddrPort
}

func (c *udpServer) Read(b []byte) (int, error) {
	if c.shut.Load() {
		return 0, errShut("read", c.UDPConn)
	}
	n, _, flags, from, err := c.ReadMsgUDPAddrPort(b, nil)
	if err != nil {
		return n, err
	}
	c.mu.Lock()
	c.peer = from
	c.mu.Unlock()
	return n, whole(flags, len(b))
}

func (c *udpServer) Write(b []byte) (int, error) {
	if c.shut.Load() {
		return 0, errShut("write", c.UDPConn)
	}
	c.mu.Lock()
	to := c.peer
	c.mu.Unlock()
	if !to.IsValid() {
		return 0, errNoPeer
	}
	return c.WriteToUDPAddrPort(b, to)
}

func (c *udpServer) Close() error {
	c.shut.Store(true)
	return nil
}
