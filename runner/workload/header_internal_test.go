package workload

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// FuzzHeader reads the header of any bytes, and any header out of a message of any
// size that it was stamped on.
func FuzzHeader(f *testing.F) {
	f.Add([]byte{}, uint64(0), uint32(0))
	f.Add([]byte("H"), uint64(255), uint32(1))
	f.Add([]byte("HelloHello"), uint64(1)<<40, uint32(7))
	f.Add([]byte("HelloHelloHello"), ^uint64(0), ^uint32(0))
	f.Fuzz(func(t *testing.T, message []byte, sequence uint64, stream uint32) {
		parse(message)
		stamped := bytes.Clone(message)
		stamp(stamped, sequence, stream)
		if h := parse(stamped); h.sequence != low(sequence, len(message)) || h.known != (len(message) >= HeaderSize) || h.known && h.stream != stream {
			t.Errorf("stamped %d of stream %d on %d bytes, read %+v", sequence, stream, len(message), h)
		}
		if rest := min(HeaderSize, len(message)); !bytes.Equal(stamped[rest:], message[rest:]) {
			t.Error("the stamp went over the end of the header")
		}
		if len(message) > 0 {
			for _, expected := range []uint64{sequence, sequence + 1, sequence - min(sequence, 100), sequence + 100} {
				if got := near(expected, low(sequence, len(message)), len(message)); low(got, len(message)) != low(sequence, len(message)) {
					t.Errorf("near(%d) of %d is %d", expected, sequence, got)
				}
			}
		}
	})
}

// FuzzControl reads controls and reports out of any bytes.
func FuzzControl(f *testing.F) {
	c := control{kind: end, every: 16, again: true, stream: 1, pass: 2, sequence: 3}
	f.Add(c.append(nil))
	f.Add(report{Counts: Counts{Messages: 3, Bytes: 15}, when: interval{1, 2}}.append(c.append(nil)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, ok := parseControl(b); ok {
			if again, ok := parseControl(c.append(nil)); !ok || again != c {
				t.Errorf("%+v is read as %+v", c, again)
			}
		}
		if r, ok := parseReport(b); ok {
			if !bytes.Equal(r.append(nil), b[:reportSize]) {
				t.Errorf("%+v does not give its bytes back", r)
			}
		}
	})
}

// FuzzNumbers sends any records to a receiver without connections.
func FuzzNumbers(f *testing.F) {
	f.Add(5, control{kind: begin, every: 1, stream: 1}.append(nil), []byte("Hello"))
	f.Add(24, append(control{kind: begin, every: 64, stream: 1}.append(nil), 0), bytes.Repeat([]byte{1}, 24))
	f.Add(12, control{kind: begin, stream: 1}.append(nil), control{kind: end, stream: 1, sequence: 99}.append(nil))
	f.Fuzz(func(t *testing.T, size int, first, second []byte) {
		if size < 1 || size > 1000 {
			return
		}
		tally := &Tally{}
		n := &numbers{size: size, tally: tally, epoch: time.Now(), streams: map[uint32]*arrivals{}}
		for _, record := range [][]byte{first, second, first, second, second} {
			reply := n.add(record)
			if reply == nil {
				continue
			}
			if _, ok := parseControl(reply); !ok {
				t.Fatalf("the answer %x is no control message", reply)
			}
		}
		if c := tally.Counts(); c.Bytes != c.Messages*int64(size) || c.Receiving < 0 {
			t.Errorf("the tally is %+v", c)
		}
	})
}

func TestNearFindsTheSequence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 12).Draw(t, "size")
		expected := rapid.Uint64Range(0, 1<<62).Draw(t, "expected")
		span := int64(1) << min(8*size, 60)
		off := rapid.Int64Range(-min(span/2-1, int64(expected)), span/2-1).Draw(t, "off")
		sequence := uint64(int64(expected) + off)
		if got := near(expected, low(sequence, size), size); got != sequence {
			t.Errorf("%d bytes of %d are taken for %d where %d was expected", size, sequence, got, expected)
		}
	})
}

// TestArrivals sends numbers to a stream: some twice, some out of order.
func TestArrivals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := &arrivals{}
		base := rapid.Uint64Range(0, 1000).Draw(t, "base")
		a.base, a.next = base, base
		seen := map[uint64]bool{}
		delivered, duplicates := 0, int64(0)
		for _, s := range rapid.SliceOf(rapid.Uint64Range(base, base+seenLength-1)).Draw(t, "sequences") {
			if a.take(s) {
				delivered++
			}
			if seen[s] {
				duplicates++
			}
			seen[s] = true
		}
		if delivered != len(seen) || a.counts.Duplicates != duplicates {
			t.Errorf("%d are delivered and %d doubled, want %d and %d", delivered, a.counts.Duplicates, len(seen), duplicates)
		}
		if base > 0 && (a.take(base-1) || a.counts.Reordered == 0) {
			t.Error("a message of the pass before was delivered")
		}
	})
}
