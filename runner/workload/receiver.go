package workload

import (
	"errors"
	"time"

	"github.com/sockscope/sockscope/runner/socket"
)

// streamBuffer is the least that the receiver of a stream reads into at once. A
// program that takes in a stream reads what is there, with a buffer that is larger
// than most messages: bufio and io.Copy do the same. So the cost of small messages
// is that of sending them. A receiver that reads message by message would measure
// its own system calls; the echo does that.
const streamBuffer = 64 << 10

// Receiver counts what arrives on one connection of a stream; where there are no
// connections, on all streams of the socket.
type Receiver struct {
	size    int
	tally   *Tally
	epoch   time.Time
	buffer  []byte
	numbers *numbers // where there are no connections

	bytes int64 // of this pass
	from  time.Duration
	reply []byte
}

// NewReceiver returns one for one connection, or for one socket without connections.
func NewReceiver(o ServeOptions, t *Tally) *Receiver {
	r := &Receiver{size: o.Size, tally: t, epoch: t.epoch, buffer: make([]byte, max(streamBuffer, o.Size))}
	if !o.Socket.Connected() {
		r.numbers = &numbers{size: o.Size, tally: t, epoch: t.epoch, streams: map[uint32]*arrivals{}}
	}
	return r
}

// Add counts what one read returned, and returns what to answer: nil for nothing,
// as to nearly all. It looks at the clock at the first read of a pass and the last,
// or where messages are counted one by one at every 64th.
func (r *Receiver) Add(data []byte) (reply []byte) {
	if r.numbers != nil {
		return r.numbers.add(data)
	}
	if r.bytes == 0 {
		r.from = time.Since(r.epoch)
	}
	r.bytes += int64(len(data))
	if len(data) == 0 || data[len(data)-1] != endOfPass {
		return nil
	}
	return r.end()
}

// Ends reports whether the error of a read ends the stream.
func (r *Receiver) Ends(err error) bool {
	if r.numbers != nil && errors.Is(err, socket.ErrTruncated) {
		r.numbers.strays.Truncated++
		return false
	}
	return true
}

func (r *Receiver) end() []byte {
	bytes := r.bytes - 1
	done := report{
		Counts: Counts{Messages: bytes / int64(r.size), Bytes: bytes},
		when:   interval{r.from, time.Since(r.epoch)},
	}
	if bytes == 0 {
		done.when = interval{}
	}
	r.bytes = 0
	r.tally.add(done.Counts, done.when)
	r.reply = done.append(r.reply[:0])
	return r.reply
}
