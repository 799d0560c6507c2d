package workload

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// alarm wakes one goroutine at a time. It is a timer of the kernel that is waited
// for with the sockets, so that it wakes within some 100 µs, and replies are read
// meanwhile even on one CPU.
//
// Note: the runtime's own timers round up to a millisecond when the process is
// idle, and nanosleep(2) keeps the only CPU from reading replies.
type alarm struct {
	fd    int
	timer *os.File
	event *os.File // becomes readable when yield says so
	raw   syscall.RawConn
	poked bool
	value [8]byte
}

// spinFrom is how long before a start the waiting worker begins to look at the
// clock without a pause: an alarm on an idle machine may be that late.
const spinFrom = 200 * time.Microsecond

func newAlarm() (*alarm, error) {
	event, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	a := &alarm{event: os.NewFile(uintptr(event), "eventfd")}
	if a.raw, err = a.event.SyscallConn(); err != nil {
		return nil, errors.Join(err, a.event.Close())
	}
	if a.fd, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC); err != nil {
		return nil, errors.Join(err, a.event.Close())
	}
	a.timer = os.NewFile(uintptr(a.fd), "timerfd")
	return a, nil
}

// wait returns after d, which is more than 0, or when wake was called.
func (a *alarm) wait(d time.Duration) {
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(d))}
	if err := unix.TimerfdSettime(a.fd, 0, &at, nil); err != nil {
		time.Sleep(d) // not seen with a valid timer; late, but it does not spin
		return
	}
	if _, err := a.timer.Read(a.value[:]); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		time.Sleep(d)
	}
}

// yield lets all replies be read that are there, and other processes run that want
// to. It takes 2 µs if there are none.
//
// Note: runtime.Gosched lets goroutines run that are known to be ready, but while
// there are such, the scheduler does not ask the network. It does for a goroutine
// that waits itself: for a file that it has just made readable.
func (a *alarm) yield() {
	a.poked = false
	_ = a.raw.Read(a.poke) // fails when the file is closed, by the same goroutine
	_, _, _ = unix.Syscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
}

func (a *alarm) poke(fd uintptr) (done bool) {
	if a.poked {
		_, _ = unix.Read(int(fd), a.value[:])
		return true
	}
	a.poked, a.value = true, [8]byte{1}
	_, err := unix.Write(int(fd), a.value[:])
	return err != nil
}

// wake ends this wait and all later ones.
func (a *alarm) wake() { _ = a.timer.SetReadDeadline(time.Unix(1, 0)) }

func (a *alarm) close() {
	a.timer.Close()
	a.event.Close()
}
