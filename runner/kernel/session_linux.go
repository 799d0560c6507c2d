package kernel

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Sampler opens a [Session] for each run. It keeps the names of the kernel's functions.
type Sampler struct {
	support Support
	names   symbols
}

// NewSampler asks what the host allows.
func NewSampler() *Sampler { return &Sampler{support: Probe()} }

// Support is what the host allowed.
func (s *Sampler) Support() Support { return s.support }

// Session samples the two children of a run. Close has to be called.
type Session struct {
	sampler *Sampler
	rings   []ring
	forks   chan func()   // run on the thread that holds the events
	closed  chan struct{} // ends that thread
	images  map[uint32]*image
	got     samples
	enabled time.Time
	window  time.Duration
	stop    *os.File // its end ends the reader, while the events are enabled
	stopped chan struct{}
}

// Open opens the events, disabled. They belong to a thread of their own, from which
// [Session.Start] forks.
func (s *Sampler) Open() (*Session, error) {
	if !s.support.Usable() {
		return nil, errors.New(s.support.Sentence())
	}
	o := &Session{
		sampler: s, forks: make(chan func()), closed: make(chan struct{}),
		images: map[uint32]*image{}, got: samples{watched: map[uint32]bool{}},
	}
	opened := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // for good: the thread has the events and ends with the goroutine
		var err error
		o.rings, err = openRings(s.support.Level)
		opened <- err
		for err == nil {
			select {
			case fork := <-o.forks:
				fork()
			case <-o.closed:
				return
			}
		}
	}()
	if err := <-opened; err != nil {
		return nil, fmt.Errorf("sample the kernel: %w", err)
	}
	return o, nil
}

// Start calls start, which starts a process, where what it starts is sampled.
func (s *Session) Start(start func() error) error {
	done := make(chan error, 1)
	s.forks <- func() { done <- start() }
	return <-done
}

// Watch has a child sampled. It must run this very binary and have come past exec,
// and the events must be disabled.
func (s *Session) Watch(pid int) error {
	im, err := imageOf(pid)
	if err != nil {
		return fmt.Errorf("sample process %d: %w", pid, err)
	}
	s.images[uint32(pid)], s.got.watched[uint32(pid)] = im, true
	return nil
}

// Enable begins to sample.
func (s *Session) Enable() error {
	until, stop, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("sample the kernel: %w", err)
	}
	s.stop, s.stopped = stop, make(chan struct{})
	go s.read(until)
	s.enabled = time.Now()
	return s.enableApart()
}

// enableApart enables the event of each CPU at its phase.
func (s *Session) enableApart() error {
	order := make([]int, len(s.rings))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(phase(a), phase(b)) })
	for _, i := range order {
		time.Sleep(phase(i) - time.Since(s.enabled))
		if err := s.rings[i].control(unix.PERF_EVENT_IOC_ENABLE); err != nil {
			return err
		}
	}
	return nil
}

// Disable ends what Enable began; it may be called twice.
func (s *Session) Disable() error {
	if s.stop == nil {
		return nil
	}
	var err error
	for _, r := range s.rings {
		err = cmp.Or(err, r.control(unix.PERF_EVENT_IOC_DISABLE)) // all of them, and the first error
	}
	s.window += time.Since(s.enabled)
	s.end()
	return err
}

// phase is when within a period the CPU of a number is sampled: no two at once. Where
// they are, the sample of one CPU stops a side just before the other is sampled, which is
// then found waiting more often than it waits: a client lost a third of its samples to
// idleness, most of them of what follows a wait. The golden ratio keeps any two of n CPUs
// at least a third of an nth of the period apart, and neighbours a third of it.
func phase(cpu int) time.Duration {
	const golden = 0.6180339887498949
	_, part := math.Modf(float64(cpu) * golden)
	return time.Duration(part * float64(Period))
}

// read empties the rings until the writer of until is closed. It is woken when a ring
// is half full, so that it runs about once a second.
func (s *Session) read(until *os.File) {
	defer close(s.stopped)
	defer until.Close()
	fds := make([]unix.PollFd, len(s.rings)+1)
	for i, r := range s.rings {
		fds[i] = unix.PollFd{Fd: int32(r.fd), Events: unix.POLLIN}
	}
	last := &fds[len(s.rings)]
	*last = unix.PollFd{Fd: int32(until.Fd()), Events: unix.POLLIN}
	for last.Revents == 0 {
		_, err := unix.Poll(fds, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			last.Revents = unix.POLLERR // nothing more can be waited for
		}
		for _, r := range s.rings {
			s.got.drain(r)
		}
	}
}

func (s *Session) end() {
	if s.stop != nil {
		_ = s.stop.Close()
		<-s.stopped
		s.stop = nil
	}
}

// Stats of what was sampled so far. The events must be disabled.
func (s *Session) Stats() Stats {
	return Stats{Level: s.sampler.support.Level, Lost: s.got.lost, Throttled: s.got.slowed, Others: time.Duration(s.got.others) * Period}
}

// Recording is what was sampled of a watched child. The events must be disabled.
func (s *Session) Recording(pid int) (Recording, error) {
	im := s.images[uint32(pid)]
	if im == nil {
		return Recording{}, fmt.Errorf("process %d was not watched", pid)
	}
	names, err := s.sampler.names.load()
	if err != nil {
		return Recording{}, err
	}
	b := newBuilder(im, names)
	for _, one := range s.got.list {
		if one.pid == uint32(pid) {
			b.add(s.got.chains[one.from:one.to])
		}
	}
	b.r.Profile.DurationNanos = int64(s.window)
	b.r.Profile.TimeNanos = s.enabled.UnixNano()
	return b.r, nil
}

// Close gives the events back. It may be called twice, and at any time.
func (s *Session) Close() {
	select {
	case <-s.closed:
		return
	default:
	}
	s.end()
	close(s.closed)
	closeRings(s.rings)
}

// sameBinary guards against addresses of another program, which would get names of
// this one.
func sameBinary(pid int) error {
	own, err := os.Stat("/proc/self/exe")
	if err != nil {
		return err
	}
	its, err := os.Stat(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return err
	}
	if !os.SameFile(own, its) {
		return errors.New("it does not run this binary")
	}
	return nil
}
