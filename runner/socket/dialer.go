package socket

import (
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// Dialer opens connections to one address. It may be used from any number of
// goroutines at once.
//
// It is one type for all kinds, not an implementation a kind, so that the profiles
// of two kinds have the same frames and their difference lines up.
type Dialer struct {
	network, address string
	retries          atomic.Int64
}

// Back-off of a dial that finds the backlog full.
const (
	firstPause   = 50 * time.Microsecond
	longestPause = 5 * time.Millisecond
	dialDeadline = 10 * time.Second
)

// Dial opens a connection and returns when it is established. It is net.Dial, but
// a unix dial does not give up on a full backlog: there connect(2) fails with
// EAGAIN at once where TCP sends its SYN again. The time of the retries is time of
// the dial.
func (d *Dialer) Dial() (net.Conn, error) {
	conn, err := net.Dial(d.network, d.address)
	if err != nil {
		return d.dialAgain(err)
	}
	return conn, nil
}

// Retries counts how often a dial found the backlog full and was tried again. It
// stays 0 for TCP, where the kernel does that by itself, after 1 s and more.
func (d *Dialer) Retries() int64 { return d.retries.Load() }

// dialAgain keeps dialing with growing pauses until dialDeadline, if that is what
// the error asks for. The runtime's timers are good to about 1 ms on an idle
// process, so the short pauses may take that long.
func (d *Dialer) dialAgain(err error) (net.Conn, error) {
	until := time.Now().Add(dialDeadline)
	for pause := firstPause; errors.Is(err, syscall.EAGAIN); pause = min(2*pause, longestPause) {
		if time.Now().After(until) {
			return nil, fmt.Errorf("the backlog of %s stayed full for %s: use fewer connections at once, or raise net.core.somaxconn: %w", d.address, dialDeadline, err)
		}
		time.Sleep(pause)
		d.retries.Add(1)
		var conn net.Conn
		if conn, err = net.Dial(d.network, d.address); err == nil {
			return conn, nil
		}
	}
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		return nil, fmt.Errorf("every local port is still in TIME_WAIT: use fewer requests, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse to 2: %w", err)
	}
	return nil, err
}
