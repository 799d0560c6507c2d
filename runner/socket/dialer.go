package socket

import (
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// Dialer opens connections to one listener. It may be used from any number of
// goroutines at once.
//
// It is one type for all kinds, not an implementation a kind, so that the profiles
// of two kinds have the same frames and their difference lines up.
type Dialer struct {
	// connect is net.Dial, or the kind's own where net.Dial does not do.
	connect func(network, address string) (net.Conn, error)
	network string
	targets []string
	// again tells whether EAGAIN means a full backlog.
	again   bool
	rotate  atomic.Uint32 // how many targets take turns
	turn    atomic.Uint32
	retries atomic.Int64
	resumed atomic.Int64
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
	conn, err := d.connect(d.network, d.target())
	if err != nil {
		return d.dialAgain(err)
	}
	return conn, nil
}

// Targets is how many addresses the listener has.
func (d *Dialer) Targets() int { return len(d.targets) }

// Rotate makes the dials that follow go to the first n targets in turn; 0 and 1
// are the first one alone, and more than there are means all of them.
func (d *Dialer) Rotate(n int) { d.rotate.Store(uint32(max(0, min(n, len(d.targets))))) }

// Retries counts how often a dial found the backlog full and was tried again. It
// stays 0 for TCP, where the kernel does that by itself, after 1 s and more.
func (d *Dialer) Retries() int64 { return d.retries.Load() }

// Resumed counts the dials that resumed a TLS session.
func (d *Dialer) Resumed() int64 { return d.resumed.Load() }

func (d *Dialer) target() string {
	n := d.rotate.Load()
	if n <= 1 {
		return d.targets[0]
	}
	return d.targets[(d.turn.Add(1)-1)%n]
}

// dialAgain keeps dialing with growing pauses until dialDeadline, if that is what
// the error asks for. The runtime's timers are good to about 1 ms on an idle
// process, so the short pauses may take that long.
//
// Note: EAGAIN says of itself that it is a timeout, which it is not.
func (d *Dialer) dialAgain(err error) (net.Conn, error) {
	until := time.Now().Add(dialDeadline)
	for pause := firstPause; d.again && errors.Is(err, syscall.EAGAIN); pause = min(2*pause, longestPause) {
		if time.Now().After(until) {
			return nil, fmt.Errorf("the backlog of %s stayed full for %s: use fewer connections at once, or raise net.core.somaxconn: %w", d.targets[0], dialDeadline, err)
		}
		time.Sleep(pause)
		d.retries.Add(1)
		var conn net.Conn
		if conn, err = d.connect(d.network, d.target()); err == nil {
			return conn, nil
		}
	}
	if errors.Is(err, syscall.EADDRNOTAVAIL) || !d.again && errors.Is(err, syscall.EAGAIN) {
		return nil, portsUsedUp(err)
	}
	return nil, err
}
