package advice

import (
	"fmt"
	"time"

	"github.com/sockscope/sockscope/profiles/quantity"
)

// fullTimeWait is how long TIME_WAIT lasts in Linux: a constant of the kernel.
const fullTimeWait = 60 * time.Second

// timeWait says what the connections of the case do to the local ports of who
// closes first.
func (l limits) timeWait() []Line {
	ports := l.with(ported)
	unix := l.with(func(s Socket) bool { return s.Family == File || s.Family == Abstract })
	switch {
	case l.Case.Who == OneProcess:
		return nil
	case l.Case.Dials <= 0:
		return add(nil, ports, "Your connections are kept, so ports are not used up.", l.sysctl("net.ipv4.ip_local_port_range"))
	}
	lines := add(nil, ports, l.usedUp(), l.sysctl("net.ipv4.ip_local_port_range"), l.sysctl("net.ipv4.tcp_tw_reuse"), l.sysctl("net.ipv4.tcp_tw_reuse_delay"))
	return add(lines, unix, "There are no ports and there is no TIME_WAIT.", Source{Known: "unix(7)"})
}

// usedUp computes when the ports towards one address are used up. With a steady rate
// as many are held as are opened while one is held.
func (l limits) usedUp() string {
	if l.host.Ports <= 0 {
		return "Who closes first keeps the port for 60 s in TIME_WAIT. How many local ports this host has is not known."
	}
	dials, ports := l.Case.Dials, float64(l.host.Ports)
	s := fmt.Sprintf("Who closes first keeps the port in TIME_WAIT for 60 s. At %s connections/s the %s local ports towards one address", quantity.Rate(dials), quantity.Count(int64(l.host.Ports)))
	if dials*fullTimeWait.Seconds() > ports {
		s += fmt.Sprintf(" would be used up after %s.", quantity.Lasting(seconds(ports/dials)))
	} else {
		s += fmt.Sprintf(" are enough: %s are held.", quantity.Rate(dials*fullTimeWait.Seconds()))
	}
	held := l.host.HeldHere
	where := "On loopback"
	if l.Case.Who == TwoHosts || l.Case.Who == ContainerAndHost {
		held, where = l.host.HeldAway, "Towards other addresses"
	}
	if held <= 0 || held >= fullTimeWait {
		return s
	}
	n := dials * held.Seconds()
	s += fmt.Sprintf(" %s this kernel uses a port again after %s: ", where, quantity.Lasting(held))
	switch {
	case n > ports:
		s += fmt.Sprintf("even so they are used up after %s.", quantity.Lasting(seconds(ports/dials)))
	case n > ports/2:
		s += fmt.Sprintf("about %s are held, more than half, and each dial takes longer to find one.", quantity.Rate(n))
	default:
		s += fmt.Sprintf("about %s are held.", quantity.Rate(n))
	}
	return s
}

// seconds is a time, bounded to what a Duration holds.
func seconds(s float64) time.Duration {
	return time.Duration(min(s, 1e9) * float64(time.Second))
}
