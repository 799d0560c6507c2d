package workload

import "encoding/binary"

// HeaderSize is how many bytes a numbered message begins with: its sequence number
// in eight and the number of its stream in four, little-endian. A shorter message
// has only as much of that as fits, so its size on the wire is the one that was
// asked for, and one byte still tells 256 messages apart.
const HeaderSize = sequenceSize + 4

const sequenceSize = 8

// header is what can be read of a message's header.
type header struct {
	sequence uint64 // its low sequenceBits
	stream   uint32
	// known reports whether stream is there: the message is long enough.
	known bool
}

// stamp writes the header over the beginning of a message.
func stamp(message []byte, sequence uint64, stream uint32) {
	if len(message) >= HeaderSize {
		binary.LittleEndian.PutUint64(message, sequence)
		binary.LittleEndian.PutUint32(message[sequenceSize:], stream)
		return
	}
	var h [HeaderSize]byte
	binary.LittleEndian.PutUint64(h[:], sequence)
	binary.LittleEndian.PutUint32(h[sequenceSize:], stream)
	copy(message, h[:])
}

// parse reads the header of a message of any length.
func parse(message []byte) header {
	if len(message) >= HeaderSize {
		return header{
			sequence: binary.LittleEndian.Uint64(message),
			stream:   binary.LittleEndian.Uint32(message[sequenceSize:]), known: true,
		}
	}
	var h [sequenceSize]byte
	copy(h[:], message)
	return header{sequence: binary.LittleEndian.Uint64(h[:])}
}

// low keeps of a sequence number what a message of size bytes has room for.
func low(sequence uint64, size int) uint64 {
	if size >= sequenceSize {
		return sequence
	}
	return sequence & (1<<(8*size) - 1)
}

// near is the sequence number closest to expected of which a message of size bytes
// shows seen.
func near(expected, seen uint64, size int) uint64 {
	if size >= sequenceSize {
		return seen
	}
	span := uint64(1) << (8 * size)
	ahead := (seen - expected) & (span - 1)
	if ahead >= span/2 && expected+ahead >= span {
		return expected + ahead - span
	}
	return expected + ahead
}
