package socket

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/sockscope/sockscope/runner"
)

// An address is the kind's name, a colon, and what that kind dials, so that the
// address of another kind is told apart instead of dialed.

func addressOf(k runner.Socket, targets ...string) string {
	return string(k) + ":" + strings.Join(targets, ",")
}

// cutKind is the part of an address that the kind dials.
func cutKind(k runner.Socket, address string) (string, error) {
	name, rest, ok := strings.Cut(address, ":")
	if !ok || name != string(k) {
		return "", fmt.Errorf("the address %.200q is not one of %s: dial the address that the server's Listen returned", address, k)
	}
	return rest, nil
}

// loopbacks reads a list of loopback addresses with ports, all of one family.
func loopbacks(list string, v6 bool) ([]string, error) {
	targets := strings.Split(list, ",")
	for _, target := range targets {
		a, err := netip.ParseAddrPort(target)
		if err != nil || !a.Addr().IsLoopback() || a.Addr().Is6() != v6 || a.Port() == 0 {
			return nil, fmt.Errorf("the address %.100q is not one of this machine's own (loopback) with a port", target)
		}
	}
	return targets, nil
}
