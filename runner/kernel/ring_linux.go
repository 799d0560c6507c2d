package kernel

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ring is what one event writes to: a page of positions, then records.
type ring struct {
	fd           int
	memory, data []byte
}

// control switches the event of a ring.
func (r ring) control(request uint) error {
	if err := unix.IoctlSetInt(r.fd, request, 0); err != nil {
		return fmt.Errorf("switch an event: %w", err)
	}
	return nil
}

// samples are the stacks of the watched processes, and how many there were of others.
type samples struct {
	watched map[uint32]bool
	list    []sample
	chains  []uint64 // of all samples, one after the other
	lost    int64
	slowed  int64
	others  int64
}

// sample is one stack: chains[from:to], the innermost first, with context markers.
type sample struct {
	pid      uint32
	from, to int
}

// drain takes out what is in the ring.
func (s *samples) drain(r ring) {
	page := (*unix.PerfEventMmapPage)(unsafe.Pointer(&r.memory[0]))
	head, tail, n := atomic.LoadUint64(&page.Data_head), atomic.LoadUint64(&page.Data_tail), uint64(len(r.data))
	var record []byte
	for tail < head {
		header := r.data[tail%n:] // records are aligned to 8 bytes: the header never wraps
		kind, size := binary.NativeEndian.Uint32(header), uint64(binary.NativeEndian.Uint16(header[6:]))
		if size < 8 || size%8 != 0 || size > head-tail { // which the kernel never writes
			break
		}
		record = append(record[:0], header[:min(size, uint64(len(header)))]...)
		record = append(record, r.data[:size-uint64(len(record))]...) // what wrapped
		s.record(kind, record[8:])
		tail += size
	}
	atomic.StoreUint64(&page.Data_tail, head)
}

// record takes one record without its header.
func (s *samples) record(kind uint32, b []byte) {
	switch {
	case kind == unix.PERF_RECORD_SAMPLE && len(b) >= 16: // pid, tid | number | addresses
		pid := binary.NativeEndian.Uint32(b)
		if pid == 0 {
			return // an idle CPU, where the kernel does not leave them out
		}
		if !s.watched[pid] {
			s.others++ // whose stacks are nobody's business
			return
		}
		n := min(binary.NativeEndian.Uint64(b[8:]), uint64(len(b)-16)/8)
		from := len(s.chains)
		for i := range n {
			s.chains = append(s.chains, binary.NativeEndian.Uint64(b[16+8*i:]))
		}
		s.list = append(s.list, sample{pid, from, len(s.chains)})
	case kind == unix.PERF_RECORD_LOST && len(b) >= 16: // id | number
		s.lost += int64(binary.NativeEndian.Uint64(b[8:]))
	case kind == unix.PERF_RECORD_THROTTLE:
		s.slowed++
	}
}
