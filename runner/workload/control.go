package workload

import (
	"bytes"
	"encoding/binary"
	"time"
)

// endOfPass is what the sender of a connected stream writes after its last message,
// in one byte; then it waits for the receiver's report. As nothing follows, it is
// the last byte of a read, which is all that the receiver looks at. No message has
// this byte in it.
const endOfPass = 0xFF

// report is what the receiver of one stream tells its sender at the end of a pass.
type report struct {
	Counts
	when interval
}

const reportSize = 8 * 8

func (r report) append(b []byte) []byte {
	for _, v := range [...]int64{
		r.Messages, r.Bytes, r.Duplicates, r.Reordered, r.Truncated, r.Foreign, int64(r.when.from), int64(r.when.to),
	} {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	return b
}

// parseReport reads a report; false if there are not enough bytes or they make no
// sense.
func parseReport(b []byte) (r report, ok bool) {
	if len(b) < reportSize {
		return r, false
	}
	var v [8]int64
	for i := range v {
		v[i] = int64(binary.LittleEndian.Uint64(b[8*i:]))
		if v[i] < 0 {
			return r, false
		}
	}
	r.Messages, r.Bytes, r.Duplicates, r.Reordered, r.Truncated, r.Foreign = v[0], v[1], v[2], v[3], v[4], v[5]
	r.when = interval{time.Duration(v[6]), time.Duration(v[7])}
	return r, r.when.from <= r.when.to
}

// control is a message between the ends of a stream without a connection, beside
// the messages that are measured. One from the sender has a length that no measured
// message has; the receiver sends nothing else.
type control struct {
	kind controlKind
	// every is the distance of messages that are acknowledged, a power of two of at
	// most 128; 0 for none. It matters in begin.
	every  uint8
	again  bool // the same was sent before
	stream uint32
	pass   uint32
	// sequence is that of the next message in end, that of the message in acknowledge.
	sequence uint64
}

type controlKind uint8

const (
	begin       controlKind = iota + 1 // sender: a stream begins; the receiver returns it
	acknowledge                        // receiver: this message was taken
	end                                // sender: a pass ends; the receiver returns it with a report behind
)

const (
	controlSize  = 24
	controlMagic = "\x00sksc"
)

// controlLength is how long control messages are that go the way of measured ones.
func controlLength(size int) int {
	if size == controlSize {
		return controlSize + 1
	}
	return controlSize
}

func (c control) append(b []byte) []byte {
	b = append(b, controlMagic...)
	b = append(b, byte(c.kind), c.every, 0)
	if c.again {
		b[len(b)-1] = 1
	}
	b = binary.LittleEndian.AppendUint32(b, c.stream)
	b = binary.LittleEndian.AppendUint32(b, c.pass)
	return binary.LittleEndian.AppendUint64(b, c.sequence)
}

// parseControl reads the control message at the beginning of b; false if there is
// none.
func parseControl(b []byte) (c control, ok bool) {
	if len(b) < controlSize || !bytes.HasPrefix(b, []byte(controlMagic)) {
		return c, false
	}
	c = control{
		kind: controlKind(b[5]), every: b[6], again: b[7] == 1,
		stream: binary.LittleEndian.Uint32(b[8:]), pass: binary.LittleEndian.Uint32(b[12:]),
		sequence: binary.LittleEndian.Uint64(b[16:]),
	}
	return c, c.kind >= begin && c.kind <= end && c.every&(c.every-1) == 0
}
