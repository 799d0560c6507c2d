package child

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// Pin calls start, which starts a process, from a thread that may run on cpus
// only: affinity belongs to threads and is inherited from the one that forks, so
// every thread of the child has it from the first instruction on, and the Go
// runtime there counts these CPUs. Without cpus it only calls start.
func Pin(cpus []int, start func() error) error {
	if len(cpus) == 0 {
		return start()
	}
	runtime.LockOSThread()
	var before, set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("read the CPU affinity: %w", err)
	}
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("pin to CPUs %v; choose the placement free where that is not allowed: %w", cpus, err)
	}
	err := start()
	// A thread that cannot be set free again stays locked to this goroutine and
	// ends with it.
	if e := unix.SchedSetaffinity(0, &before); e == nil {
		runtime.UnlockOSThread()
	}
	return err
}
