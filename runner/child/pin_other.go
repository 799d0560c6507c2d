//go:build !linux

package child

// Pin calls start: only Linux lets a process be tied to CPUs. Package host gives
// no CPUs here, and a warning instead.
func Pin(_ []int, start func() error) error { return start() }
