package bench

import (
	"fmt"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/workload"
)

// From where on something is worth a sentence.
const (
	muchGarbage = 0.01 // garbage collections a request
	muchLate    = 0.05 // of the starts of an open loop
	muchBehind  = 0.98 // of the rate that was asked for
)

// warnings say what makes a timing pass less than clean. What others did to it
// stands in Run.Noisy.
func (r *run) warnings(p pass) []string {
	w := []string{}
	say := func(format string, a ...any) { w = append(w, fmt.Sprintf(format, a...)) }
	n := float64(p.client.Requests)
	for _, side := range []struct {
		name string
		u    child.Usage
	}{{"client", p.client.Usage}, {"server", p.reports[1].Usage}} {
		if float64(side.u.GC)/n > muchGarbage && side.u.GC > 1 {
			say("The garbage collector of the %s ran %d times in %d requests.", side.name, side.u.GC, p.client.Requests)
		}
	}
	if r.plan != nil {
		r.portWarnings(p, say)
	}
	if r.spec.Rate > 0 {
		r.rateWarnings(p, say)
	}
	if p.client.Beyond > 0 {
		say("%d requests took longer than %s and are counted as %[2]s.", p.client.Beyond, workload.Longest)
	}
	r.countWarnings(p, say)
	if r.workload() != runner.Stream && p.sent() < int64(r.spec.Requests) {
		say("The time budget ended the timing pass after %d of %d requests.", p.sent(), r.spec.Requests)
	}
	return w
}

// portWarnings: dials that were faster than the plan for the ports allows.
func (r *run) portWarnings(p pass, say func(string, ...any)) {
	if r.plan.Short {
		say("%s", r.plan.Sentence)
		return
	}
	most := host.DialsPerSecond() * float64(r.dialed)
	perSecond := float64(p.client.Requests) / p.client.Elapsed.Seconds()
	if inOneWindow := perSecond * r.plan.Held.Seconds(); most > 0 && perSecond > most && float64(p.client.Requests) > inOneWindow/2 {
		say("More than half of the local ports were in TIME_WAIT: above %.0f dials a second each takes longer to find a free one.", most)
	}
}

func (r *run) rateWarnings(p pass, say func(string, ...any)) {
	if share := float64(p.client.Late) / float64(p.client.Requests); share > muchLate {
		say("%.0f %% of the requests were sent more than 50 µs after they were due: response times hold this delay.", 100*share)
	}
	if got := float64(p.client.Requests) / p.client.Elapsed.Seconds(); got < muchBehind*float64(r.spec.Rate) {
		say("The rate was %s/s where %d/s were asked for: the connections could not keep up.", quantity.Rate(got), r.spec.Rate)
	}
}

// countWarnings: both sides have to agree about the messages.
func (r *run) countWarnings(p pass, say func(string, ...any)) {
	server := p.reports[1].Counts
	truncated, foreign := r.strange(p)
	if truncated > 0 {
		say("%d messages were longer than the buffer for them.", truncated)
	}
	if foreign > 0 {
		say("%d messages or connections were of somebody else: something else may have used the socket.", foreign)
		return
	}
	if r.socket().Lossy() {
		return
	}
	// The last echo of each connection may be counted on either side of a border.
	if off := server.Messages - p.client.Requests; max(off, -off) > int64(r.cell.Concurrency) {
		say("The server answered %d requests where the client sent %d: something else may have used the socket.", server.Messages, p.client.Requests)
	}
}
