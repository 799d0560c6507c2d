package workload

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// alarm wakes one goroutine at a time. It is a timer of the kernel that is waited
// for with the sockets, so that it wakes within some 50 µs, and replies are read
// meanwhile even on one CPU.
//
// Note: the runtime's own timers round up to a millisecond when the process is
// idle, and nanosleep(2) keeps the only CPU from reading replies.
type alarm struct {
	fd   int
	file *os.File
	read [8]byte
}

// spinFrom is how long before a start the waiting worker begins to look at the
// clock without a pause: an alarm on an idle machine may be that late.
const spinFrom = 200 * time.Microsecond

func newAlarm() (*alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return &alarm{fd: fd, file: os.NewFile(uintptr(fd), "timerfd")}, nil
}

// wait returns after d, which is more than 0, or when wake was called.
func (a *alarm) wait(d time.Duration) {
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(d))}
	if err := unix.TimerfdSettime(a.fd, 0, &at, nil); err != nil {
		time.Sleep(d) // not seen with a valid timer; late, but it does not spin
		return
	}
	if _, err := a.file.Read(a.read[:]); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		time.Sleep(d)
	}
}

// wake ends this wait and all later ones.
func (a *alarm) wake() { _ = a.file.SetReadDeadline(time.Unix(1, 0)) }

func (a *alarm) close() { a.file.Close() }
