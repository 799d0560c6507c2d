package socket

import (
	"fmt"
	"os"
	"strings"
)

// portsUsedUp says why a dial found no local port, with numbers where the system
// tells them.
func portsUsedUp(err error) error {
	var numbers string
	if b, e := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); e == nil {
		if first, last, ok := strings.Cut(strings.Join(strings.Fields(string(b)), " "), " "); ok {
			numbers = fmt.Sprintf(" (the range is %s to %s, %s connections are in TIME_WAIT)", first, last, timeWait())
		}
	}
	return fmt.Errorf("%w%s: dial several addresses in turn, widen net.ipv4.ip_local_port_range, or set net.ipv4.tcp_tw_reuse to 2: %w", ErrPortsUsedUp, numbers, err)
}

// timeWait is the number of TCP connections in TIME_WAIT, as the kernel writes it.
func timeWait() string {
	b, _ := os.ReadFile("/proc/net/sockstat")
	fields := strings.Fields(string(b))
	for i, f := range fields {
		if f == "tw" && i+1 < len(fields) {
			return fields[i+1]
		}
	}
	return "an unknown number of"
}
