package workload

import (
	"math/bits"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Range and resolution of the histograms: 1 ns to 60 s, each value good to one
// part in a thousand.
const (
	Shortest = time.Nanosecond
	Longest  = time.Minute
	digits   = 3
)

// Layout of the counts, that of an HDR histogram with this range and resolution:
// octave k holds the values of 2,048<<k/2 to 2,048<<k in 1,024 counts, and the
// first octave holds all values below 2,048, one count each.
const (
	octave      = 1024
	octaveBits  = 11 // of values that are counted one by one
	octaves     = 26 // the last one ends at 2,048<<25 ns, which is 68.7 s
	blockLength = 256
	blockCount  = (octaves + 1) * octave / blockLength
)

// histogram is the counts of one worker. It counts exactly as an HDR histogram
// does, but has memory only for the parts of its range that occur: an HDR
// histogram takes 221 KB, so 1,024 workers would need 226 MB. The latencies of a
// worker lie within a few octaves, and a quarter of an octave takes 512 B.
type histogram struct {
	blocks [blockCount]*[blockLength]uint16
	// carries lists a count's index each time that it went over its 16 bits.
	carries []int
}

// record counts one value of 0 to Longest.
func (h *histogram) record(v int64) {
	i := index(v)
	block := h.blocks[i/blockLength]
	if block == nil {
		block = new([blockLength]uint16)
		h.blocks[i/blockLength] = block
	}
	block[i%blockLength]++
	if block[i%blockLength] == 0 {
		h.carries = append(h.carries, i)
	}
}

// index is the place of a value's count.
func index(v int64) int {
	k := bits.Len64(uint64(v)|(1<<octaveBits-1)) - octaveBits
	return k*octave + int(v>>k)
}

// lowest is the smallest value that is counted at a place.
func lowest(i int) int64 {
	if i < 2*octave {
		return int64(i)
	}
	return int64(i%octave+octave) << (i/octave - 1)
}

// addTo adds the counts to those of an HDR histogram of newHDR.
func (h *histogram) addTo(to *hdrhistogram.Histogram) {
	for b, block := range h.blocks {
		if block == nil {
			continue
		}
		for i, n := range block {
			if n > 0 {
				_ = to.RecordValues(lowest(b*blockLength+i), int64(n)) // fits
			}
		}
	}
	for _, i := range h.carries {
		_ = to.RecordValues(lowest(i), 1<<16)
	}
}

// reset forgets the counts and keeps the memory for the next pass.
func (h *histogram) reset() {
	for _, block := range h.blocks {
		if block != nil {
			clear(block[:])
		}
	}
	h.carries = nil
}

func newHDR() *hdrhistogram.Histogram {
	return hdrhistogram.New(int64(Shortest), int64(Longest), digits)
}
