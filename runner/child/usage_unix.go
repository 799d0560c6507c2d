//go:build unix

package child

import (
	"syscall"
	"time"
)

func osUsage() Usage {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return Usage{}
	}
	u := Usage{
		User: time.Duration(r.Utime.Nano()), System: time.Duration(r.Stime.Nano()),
		Switches: true, Voluntary: int64(r.Nvcsw), Involuntary: int64(r.Nivcsw), MinorFaults: int64(r.Minflt),
	}
	countCalls(&u)
	return u
}
