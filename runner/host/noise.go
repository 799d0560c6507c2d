package host

import (
	"fmt"
	"math"
	"runtime"
	"time"
)

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

// NoiseLimits say from where on a run counts as disturbed.
type NoiseLimits struct {
	Others float64 // share of all CPU time that other processes used
	Steal  float64 // share of all CPU time that the hypervisor gave to others
	// Load is the load average of one minute, per CPU of the machine. It counts only
	// for a stretch that is too short to tell what others used: the average is still
	// high a minute after the others went.
	Load float64
}

// UsualLimits are those that bench marks runs by. Client and server themselves
// bring the load to 2 per CPU when both may use all of them.
func UsualLimits() NoiseLimits { return NoiseLimits{Others: 0.05, Steal: 0.01, Load: 3} }

// Noisy returns the sentence for a stretch of measuring that was disturbed beyond
// the limits, and "" for one that was not. own is the CPU time that the run's own
// processes used in it.
func (l NoiseLimits) Noisy(done Sample, own time.Duration) string {
	return l.noisy(done, own, runtime.NumCPU())
}

func (l NoiseLimits) noisy(done Sample, own time.Duration, cpus int) string {
	n, ok := NoiseOf(done, own)
	switch {
	case ok && n.Others-samplingError(done.Total) > l.Others:
		return fmt.Sprintf("Other processes used %.0f %% of the CPU time during the timing pass.", 100*n.Others)
	case ok && n.Steal > l.Steal:
		return fmt.Sprintf("The hypervisor gave %.1f %% of the CPU time to other machines during the timing pass.", 100*n.Steal)
	case !ok && done.Load > l.Load*float64(cpus):
		return fmt.Sprintf("The load average was %.1f on %d CPUs: more than they could run at once.", done.Load, cpus)
	}
	return ""
}

// samplingError is by how much the share of others may be too high by chance. Most
// kernels count the CPU time of the machine by looking, at each of their own
// ticks, who runs; that of one process they measure. With n looks at a CPU that is
// busy for a share p, the standard error is sqrt(p(1-p)/n), at most half of
// 1/sqrt(n); two of them are one in 40.
func samplingError(total time.Duration) float64 {
	const look = 4 * time.Millisecond // 250 Hz, what distributions build
	return 1 / math.Sqrt(float64(max(total, look))/float64(look))
}
