package kernel

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ringPages is the size of a ring without its first page: 129 pages of 4 KiB are what
// a user without privileges may lock for each CPU (perf_event_mlock_kb).
const ringPages = 128

// attributes of an event. Note: never PerfBitEnableOnExec. It gives the child's events
// a context of their own, and each switch between two children then sets the timer.
func attributes(l Level, pages int) *unix.PerfEventAttr {
	a := &unix.PerfEventAttr{
		Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK,
		Size:        uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Sample:      uint64(Period),
		Sample_type: unix.PERF_SAMPLE_TID | unix.PERF_SAMPLE_CALLCHAIN,
		Bits:        unix.PerfBitDisabled | unix.PerfBitExcludeHv | unix.PerfBitExcludeGuest | unix.PerfBitExcludeIdle | unix.PerfBitWatermark,
		Wakeup:      uint32(pages * os.Getpagesize() / 2), // so that this process hardly runs meanwhile
	}
	if l != System {
		a.Bits |= unix.PerfBitInherit
	}
	if l == UserOnly {
		a.Bits |= unix.PerfBitExcludeKernel | unix.PerfBitExcludeCallchainKernel
	}
	return a
}

// openEvent opens a disabled event on a CPU: of all processes, or of this thread and
// of what it forks.
func openEvent(a *unix.PerfEventAttr, l Level, cpu int) (fd int, err error) {
	pid := 0
	if l == System {
		pid = -1
	}
	return unix.PerfEventOpen(a, pid, cpu, -1, unix.PERF_FLAG_FD_CLOEXEC)
}

// openRings opens an event with a ring on each CPU; with smaller rings where no more
// memory may be locked.
func openRings(l Level) (rings []ring, err error) {
	for pages := ringPages; pages >= 8; pages /= 2 {
		if rings, err = ringsOf(l, pages); !errors.Is(err, unix.EPERM) {
			return rings, err
		}
	}
	return rings, err
}

func ringsOf(l Level, pages int) ([]ring, error) {
	a, size := attributes(l, pages), os.Getpagesize()
	var rings []ring
	for _, cpu := range onlineCPUs() {
		fd, err := openEvent(a, l, cpu)
		if err != nil {
			closeRings(rings)
			return nil, fmt.Errorf("open an event on CPU %d: %w", cpu, err)
		}
		memory, err := unix.Mmap(fd, 0, (1+pages)*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			_ = unix.Close(fd)
			closeRings(rings)
			return nil, fmt.Errorf("map a ring of %d pages: %w", pages, err)
		}
		rings = append(rings, ring{fd, memory, memory[size:]})
	}
	return rings, nil
}

func closeRings(rings []ring) {
	for _, r := range rings {
		_ = unix.Munmap(r.memory)
		_ = unix.Close(r.fd)
	}
}

// onlineCPUs are those of the machine. Note: runtime.NumCPU counts those that this
// process may run on.
func onlineCPUs() []int {
	b, _ := os.ReadFile("/sys/devices/system/cpu/online")
	cpus := parseCPUs(strings.TrimSpace(string(b)))
	for i := 0; len(cpus) < 1 && i < runtime.NumCPU(); i++ {
		cpus = append(cpus, i)
	}
	return cpus
}

// parseCPUs reads the kernel's notation, "0-3,8"; nil for what makes no sense.
func parseCPUs(s string) []int {
	const most = 8192 // CPUs that Linux can have
	var cpus []int
	for part := range strings.SplitSeq(s, ",") {
		from, to, many := strings.Cut(part, "-")
		if !many {
			to = from
		}
		a, err1 := strconv.Atoi(from)
		b, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || a < 0 || b < a || b >= most {
			return nil
		}
		for ; a <= b; a++ {
			cpus = append(cpus, a)
		}
	}
	return cpus
}
