//go:build !linux

package bench_test

// playBare is for Linux, where processes can be tied to CPUs.
func playBare(string) { panic("there is no bare loop on this system") }
