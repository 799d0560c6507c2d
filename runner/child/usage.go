package child

import (
	"runtime"
	"time"
)

// gauge holds the counters of this process at one moment.
type gauge struct {
	os  Usage // only what the operating system counts
	mem runtime.MemStats
}

// start takes all counters. What the runtime counts is read outside of what the
// system counts, at both ends, because reading it stops the world.
func (g *gauge) start() {
	runtime.ReadMemStats(&g.mem)
	g.os = osUsage()
}

// since returns what was used up from start to now.
func (g *gauge) since() Usage {
	u := osUsage()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	u.User -= g.os.User
	u.System -= g.os.System
	u.Voluntary -= g.os.Voluntary
	u.Involuntary -= g.os.Involuntary
	u.MinorFaults -= g.os.MinorFaults
	u.Allocations = int64(mem.Mallocs - g.mem.Mallocs)
	u.AllocatedBytes = int64(mem.TotalAlloc - g.mem.TotalAlloc)
	u.GC = int64(mem.NumGC - g.mem.NumGC)
	u.GCPause = time.Duration(mem.PauseTotalNs - g.mem.PauseTotalNs)
	return u
}
