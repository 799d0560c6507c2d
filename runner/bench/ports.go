package bench

import (
	"context"
	"time"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

// fastestDials are more TCP dials a second than any machine was seen to make from
// one client.
const fastestDials = 50_000

// planTargets is at how many addresses the server listens: as many as the fastest
// dials need. How many of them are dialed shows the warm-up.
func (r *run) planTargets() int {
	if !r.socket().TCP() || !r.workload().Dials() || r.spec.Ports == runner.OneAddress {
		return 1
	}
	return host.PlanPorts(r.ports(fastestDials)).Targets
}

// rotate tells the client how many addresses to dial in turn, so that the dials
// in the time that a port is kept stay below half of the ports of each.
func (r *run) rotate(ctx context.Context) error {
	if !r.socket().TCP() || !r.workload().Dials() {
		return nil
	}
	// The warm-up has the slow first dials in it, and a machine that was busy then
	// may not be so later.
	const faster = 1.5
	perSecond := max(faster*float64(time.Second)/float64(max(r.pace, 1)), host.UsualDials)
	plan := host.PlanPorts(r.ports(perSecond))
	r.plan, r.dialed = &plan, min(plan.Targets, r.targets)
	if r.targets <= 1 {
		return nil
	}
	return r.client.Rotate(ctx, r.dialed)
}

// ports is what the run asks of the local ports: the requests of both passes, and
// what is dialed by the clock.
func (r *run) ports(perSecond float64) host.PortsAsked {
	byTheClock := warmUpAtMost
	if r.lengths.profile >= 0 {
		byTheClock += max(r.lengths.profile, profileAtMost)
	}
	return host.PortsAsked{Dials: 2*r.spec.Requests + int(perSecond*byTheClock.Seconds()), PerSecond: perSecond}
}
