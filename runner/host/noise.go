package host

import "time"

// Noise is what others did to a stretch of measuring.
type Noise struct {
	Others float64 // share of all CPU time that went to other processes, at the least
	Steal  float64 // share that the hypervisor took away
}

// NoiseOf takes the CPU time that the run itself used from what the machine did.
// ok is false for a stretch too short to say, or on a system that does not tell.
func NoiseOf(done Sample, own time.Duration) (n Noise, ok bool) {
	if done.Total < 20*tick {
		return Noise{}, false
	}
	return Noise{
		Others: float64(OthersCPU(done, own)) / float64(done.Total),
		Steal:  float64(done.Steal) / float64(done.Total),
	}, true
}

// OthersCPU is the CPU time that other processes used, at the least. Depending on
// how the kernel was built, soft interrupts (the receiving half of loopback TCP)
// are part of a process's own time or of nobody's. When our own processes used
// more than all processes together, they are part of ours.
func OthersCPU(done Sample, own time.Duration) time.Duration {
	if others := done.Busy - own; others >= 0 {
		return others
	}
	return max(0, done.Busy+done.Soft-own)
}
