package child

import (
	"runtime"
	"time"
)

// gauge reads what this process uses up between Start and Stop.
type gauge struct {
	os   Usage // at Start, only what the operating system counts
	mem  runtime.MemStats
	used Usage // set by Stop
}

// Start and Stop read what the runtime counts outside of what the system counts:
// it stops the world.
func (g *gauge) Start() {
	runtime.ReadMemStats(&g.mem)
	g.os = osUsage()
}

func (g *gauge) Stop() {
	u := osUsage()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	u.User -= g.os.User
	u.System -= g.os.System
	u.Voluntary -= g.os.Voluntary
	u.Involuntary -= g.os.Involuntary
	u.MinorFaults -= g.os.MinorFaults
	if u.Calls = u.Calls && g.os.Calls; u.Calls {
		u.Reads, u.Writes = u.Reads-g.os.Reads-1, u.Writes-g.os.Writes // 1: the read at Start
	}
	u.Allocations = int64(mem.Mallocs - g.mem.Mallocs)
	u.AllocatedBytes = int64(mem.TotalAlloc - g.mem.TotalAlloc)
	u.GC = int64(mem.NumGC - g.mem.NumGC)
	u.GCPause = time.Duration(mem.PauseTotalNs - g.mem.PauseTotalNs)
	g.used = u
}
