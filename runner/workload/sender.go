package workload

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"syscall"
	"time"
)

// The credit of a stream without connections: how many messages may be under way,
// all streams of a run together holding at most windowBytes. The kernel charges a
// datagram with about 1 KiB at least, and gives a socket 208 KiB by default.
const (
	mostWindow    = 64
	windowBytes   = 128 << 10
	leastCharge   = 1 << 10
	acksPerWindow = 4
)

// How long the sender of a stream waits: for credit before it takes what is under
// way for lost, for an answer before it asks again, and altogether.
const (
	creditDeadline = 50 * time.Millisecond
	answerDeadline = 100 * time.Millisecond
	answerPatience = 15 * time.Second
)

// sender is the sending end of a stream without connections. It numbers messages
// and sends no more of them than the receiver has given credit for. What is lost
// is not sent again: the receiver's report at the end of a pass tells how much of
// it arrived.
type sender struct {
	net.Conn
	lossy  bool
	size   int
	stream uint32
	pass   uint32
	every  uint8 // the receiver acknowledges every so many messages; 0: it does not
	window int64
	credit int64
	next   uint64 // sequence number of the next message
	buffer []byte
}

// newSender makes the sending end of one of n streams. A flood takes no credit.
func newSender(conn net.Conn, o Options, stream uint32) *sender {
	s := &sender{
		Conn: conn, lossy: o.Socket.Lossy(), size: o.Size, stream: stream, credit: math.MaxInt64,
		buffer: make([]byte, controlSize+reportSize),
	}
	if !o.floods() {
		s.window = window(o.Size, o.Concurrency)
		s.every = uint8(max(1, s.window/acksPerWindow))
		s.credit = s.window
	}
	return s
}

// window is how many messages of one of n streams may be under way, a power of two.
func window(size, n int) int64 {
	room := windowBytes / max(size, leastCharge) / n
	w := int64(1)
	for 2*w <= int64(min(room, mostWindow)) {
		w *= 2
	}
	return w
}

// Write sends one message when there is credit for it. It writes its number over
// the beginning of the message: each worker has a message of its own.
func (s *sender) Write(message []byte) (int, error) {
	if s.credit <= 0 {
		if err := s.wait(); err != nil {
			return 0, err
		}
	}
	s.credit--
	stamp(message, s.next, s.stream)
	s.next++
	n, err := s.Conn.Write(message)
	if s.lossy && errors.Is(err, syscall.ENOBUFS) {
		return len(message), nil // lost before it left
	}
	return n, err
}

// wait returns when there is credit again.
func (s *sender) wait() error {
	deadline := answerPatience
	if s.lossy {
		deadline = creditDeadline
	}
	for s.credit <= 0 {
		c, _, err := s.receive(deadline)
		if s.lossy && errors.Is(err, os.ErrDeadlineExceeded) {
			s.credit = s.window // nothing is under way any more
			return nil
		}
		if err != nil {
			return err
		}
		if c.kind == acknowledge && (c.stream == s.stream || s.size < HeaderSize) {
			taken := s.next - 1 - low(s.next-1-c.sequence, s.size)
			s.credit = s.window - int64(s.next-1-taken)
		}
	}
	return nil
}

// begin makes the stream known to the receiver.
func (s *sender) begin() error {
	_, err := s.ask(control{kind: begin, every: s.every, stream: s.stream})
	return err
}

// end ends a pass and returns what of it arrived.
func (s *sender) end() (report, error) {
	r, err := s.ask(control{kind: end, stream: s.stream, pass: s.pass, sequence: s.next})
	s.pass++
	if !s.floods() {
		s.credit = s.window
	}
	return r, err
}

func (s *sender) floods() bool { return s.every == 0 }

// ask sends a control message until its answer comes: where nothing gets lost once,
// because answers that nobody waits for any more would fill the receiver's buffer.
func (s *sender) ask(c control) (report, error) {
	deadline := answerPatience
	if s.lossy {
		deadline = answerDeadline
	}
	for until := time.Now().Add(answerPatience); time.Now().Before(until); c.again = true {
		message := c.append(make([]byte, 0, controlSize+1))
		if _, err := s.Conn.Write(message[:controlLength(s.size)]); err != nil && !errors.Is(err, syscall.ENOBUFS) {
			return report{}, err
		}
		for {
			got, r, err := s.receive(deadline)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil || got.kind == c.kind && got.stream == c.stream && got.pass == c.pass {
				return r, err
			}
		}
	}
	return report{}, fmt.Errorf("the receiver of a stream did not answer for %s", answerPatience)
}

// receive returns the next control message of the receiver, with the report behind
// it if it has one.
func (s *sender) receive(deadline time.Duration) (c control, r report, err error) {
	if err := s.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		return c, r, err
	}
	for {
		n, err := s.Read(s.buffer)
		if err != nil {
			return c, r, err
		}
		c, ok := parseControl(s.buffer[:n])
		if ok && c.kind == end {
			r, ok = parseReport(s.buffer[controlSize:n])
		}
		if ok {
			return c, r, nil
		}
	}
}

// endPass ends a pass of a stream and returns what of it arrived.
func endPass(conn net.Conn) (report, error) {
	if s, ok := conn.(*sender); ok {
		return s.end()
	}
	if _, err := conn.Write([]byte{endOfPass}); err != nil {
		return report{}, err
	}
	b := make([]byte, reportSize)
	if _, err := io.ReadFull(conn, b); err != nil {
		return report{}, fmt.Errorf("wait for the receiver's report: %w", err)
	}
	r, ok := parseReport(b)
	if !ok {
		return report{}, errors.New("the receiver's report makes no sense; another program may answer on this address")
	}
	return r, nil
}
