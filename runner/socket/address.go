package socket

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"

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

// cutPath is the path of a socket that has a file.
func cutPath(k runner.Socket, address string) (string, error) {
	path, err := cutKind(k, address)
	if err != nil {
		return "", err
	}
	return path, fits(path)
}

// loopbacks reads a list of loopback addresses with ports, all of one family.
func loopbacks(list string, v6 bool) ([]string, error) {
	targets := strings.Split(list, ",")
	for _, target := range targets {
		a, err := netip.ParseAddrPort(target)
		ip := a.Addr()
		if err != nil || !ip.IsLoopback() || ip.Is6() != v6 || ip.Is4In6() || ip.Zone() != "" || a.Port() == 0 {
			return nil, fmt.Errorf("the address %.100q is not one of this machine's own (loopback) with a port", target)
		}
	}
	return targets, nil
}

// noSuchLoopback says in words that a loopback address is missing.
func noSuchLoopback(k runner.Socket, err error) error {
	missing := errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
	switch {
	case missing && (k == runner.TCP6 || k == runner.UDP6):
		return fmt.Errorf("the IPv6 loopback address ::1 is not there (sysctl -w net.ipv6.conf.lo.disable_ipv6=0): %w", err)
	case missing:
		return fmt.Errorf("a loopback address is not there, and only Linux answers to all of 127.0.0.0/8: %w", err)
	}
	return fmt.Errorf("listen on a free port of loopback: %w", err)
}
