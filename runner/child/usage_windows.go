package child

import (
	"syscall"
	"time"
)

func osUsage() Usage {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		return Usage{}
	}
	var created, exited, kernel, user syscall.Filetime
	if syscall.GetProcessTimes(self, &created, &exited, &kernel, &user) != nil {
		return Usage{}
	}
	return Usage{User: ticks(user), System: ticks(kernel)}
}

// ticks reads a Filetime as a span, in units of 100 ns.
func ticks(f syscall.Filetime) time.Duration {
	return time.Duration(int64(f.HighDateTime)<<32|int64(f.LowDateTime)) * 100
}
