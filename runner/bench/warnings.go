package bench

import (
	"fmt"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// From where on a disturbance is worth a sentence.
//
// Note: involuntary context switches are counted and not warned of. On one CPU
// the Go runtime's own monitor thread makes about one per request, so they do not
// tell that anybody else was there; the CPU time of others does.
const (
	muchOthers  = 0.05 // of all CPU time
	muchSteal   = 0.01 // of all CPU time
	muchGarbage = 0.01 // garbage collections a request
)

// warnings say what makes a timing pass less than clean.
func warnings(cell profiles.Cell, p pass) []string {
	var w []string
	say := func(format string, a ...any) { w = append(w, fmt.Sprintf(format, a...)) }
	n := float64(p.client.Requests)
	if noise, ok := host.NoiseOf(p.machine, own(p)); ok {
		if noise.Others > muchOthers {
			say("Other processes used %.0f %% of the CPU time during the timing pass.", 100*noise.Others)
		}
		if noise.Steal > muchSteal {
			say("The hypervisor gave %.1f %% of the CPU time to other machines during the timing pass.", 100*noise.Steal)
		}
	}
	for _, side := range []struct {
		name string
		u    child.Usage
	}{{"client", p.client.Usage}, {"server", p.reports[1].Usage}} {
		if float64(side.u.GC)/n > muchGarbage && side.u.GC > 1 {
			say("The garbage collector of the %s ran %d times in %d requests.", side.name, side.u.GC, p.client.Requests)
		}
	}
	if cell.Socket == string(runner.TCP4) && cell.Workload == string(runner.DialEcho) {
		if most := host.DialsPerSecond(); most > 0 && n/p.client.Elapsed.Seconds() > most {
			say("More than half of the local ports were in TIME_WAIT: above %.0f dials a second each takes longer to find a free one.", most)
		}
	}
	// The last echo of each connection may be counted on either side of a border.
	if off := p.reports[1].Served - p.client.Requests; max(off, -off) > int64(cell.Concurrency) {
		say("The server answered %d requests where the client sent %d: something else may have used the socket.", p.reports[1].Served, p.client.Requests)
	}
	if p.client.Beyond > 0 {
		say("%d requests took longer than %s and are counted as %[2]s.", p.client.Beyond, workload.Longest)
	}
	return w
}
