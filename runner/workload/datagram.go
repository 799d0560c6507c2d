package workload

import (
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sockscope/sockscope/runner/socket"
)

// errLost is the error of a read whose reply did not come before the deadline. The
// request is counted as lost and not sent again.
var errLost = errors.New("no reply came before the deadline")

// mostMissing is how many given up requests are remembered, to tell a reply that
// is late from one that is doubled.
const mostMissing = 256

// numbered stands between a loop and a socket that carries records. It numbers the
// requests and takes nothing but the reply to the last one. It has one user, and
// one request under way at a time.
type numbered struct {
	lossy     bool // requests can get lost: a watch gives them up
	connected bool // nobody else can send
	stream    uint32
	state     atomic.Uint64 // the last sequence number twice, plus 1 while its reply is waited for
	givenUp   atomic.Uint64 // the state that a watch gave up

	mu   sync.Mutex // held to change or to interrupt conn
	conn net.Conn

	missing []uint64 // given up, and may still come
	counts  Counts
}

// Write sends a request. It writes its number over the beginning of the message:
// each worker has a message of its own.
func (n *numbered) Write(message []byte) (int, error) {
	sequence := n.state.Load()>>1 + 1
	stamp(message, sequence, n.stream)
	n.state.Store(sequence<<1 | 1)
	return n.conn.Write(message)
}

// Read returns the reply to the last request, which is as long as b, or errLost.
// Everything else that arrives is counted and left out.
func (n *numbered) Read(b []byte) (int, error) {
	sequence := n.state.Load() >> 1
	for {
		got, err := n.conn.Read(b)
		if err != nil {
			if err = n.failed(err, sequence); err != nil {
				return 0, err
			}
			continue
		}
		h := parse(b[:got])
		if got == len(b) && h.sequence == low(sequence, got) && (h.stream == n.stream || !h.known) {
			n.state.Store(sequence << 1)
			return got, nil
		}
		if err := n.stray(got, len(b), h, sequence); err != nil {
			return 0, err
		}
	}
}

// failed decides what the error of a read means. It returns nil to read again.
func (n *numbered) failed(err error, sequence uint64) error {
	switch {
	case n.lossy && errors.Is(err, os.ErrDeadlineExceeded):
		if err := n.conn.SetReadDeadline(time.Time{}); err != nil {
			return err
		}
		if n.givenUp.Load() != sequence<<1|1 {
			return nil // meant for a request before, whose reply came after all
		}
		n.state.Store(sequence << 1)
		n.counts.Lost++
		if n.missing = append(n.missing, sequence); len(n.missing) > mostMissing {
			n.missing = n.missing[1:]
		}
		return errLost
	case !n.connected && errors.Is(err, socket.ErrTruncated):
		n.counts.Truncated++
		return nil
	}
	return err
}

// stray counts a message that is not the reply which is waited for. On a
// connection there can be none.
func (n *numbered) stray(got, want int, h header, sequence uint64) error {
	if n.connected {
		return fmt.Errorf("a record of %d bytes came back that is not the echo of one of %d bytes; another program may answer on this address", got, want)
	}
	if got != want || h.known && h.stream != n.stream {
		n.counts.Foreign++
		return nil
	}
	if i := slices.Index(n.missing, near(sequence, h.sequence, got)); i >= 0 {
		n.missing = slices.Delete(n.missing, i, i+1)
		n.counts.Reordered++
		return nil
	}
	n.counts.Duplicates++
	return nil
}

// use makes conn the one that follows.
func (n *numbered) use(conn net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conn = conn
}

// giveUp ends the read that waits since the request of that state.
func (n *numbered) giveUp(state uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.givenUp.Store(state)
	_ = n.conn.SetReadDeadline(time.Unix(1, 0)) // fails when it is closed, which ends the read too
}

func (n *numbered) Close() error                       { return n.conn.Close() }
func (n *numbered) LocalAddr() net.Addr                { return n.conn.LocalAddr() }
func (n *numbered) RemoteAddr() net.Addr               { return n.conn.RemoteAddr() }
func (n *numbered) SetDeadline(t time.Time) error      { return n.conn.SetDeadline(t) }
func (n *numbered) SetReadDeadline(t time.Time) error  { return n.conn.SetReadDeadline(t) }
func (n *numbered) SetWriteDeadline(t time.Time) error { return n.conn.SetWriteDeadline(t) }

// numberedDialer numbers the messages of each connection of one worker.
type numberedDialer struct {
	Dialer
	numbered *numbered
}

func (d numberedDialer) Dial() (net.Conn, error) {
	conn, err := d.Dialer.Dial()
	if err != nil {
		return nil, err
	}
	d.numbered.use(conn)
	return d.numbered, nil
}
