package runner

import (
	"slices"
	"strings"
)

// validateMore judges the fields that most people leave alone.
func (s Spec) validateMore(bad func(field, format string, a ...any)) {
	for i, v := range s.Variants {
		if !slices.Contains(Variants[:], v) {
			bad("variants", "The variant %q is not known; use %s.", v, list(Variants[:]))
		} else if slices.Contains(s.Variants[:i], v) {
			bad("variants", "The variant %q is named twice; name it once.", v)
		} else if !slices.ContainsFunc(s.Sockets, func(k Socket) bool { return v.Of(k, s.Workload) }) {
			bad("variants", "The variant %q changes nothing about these sockets with the workload %s; leave it out.", v, s.Workload)
		}
	}
	if s.Rate < 0 || s.Rate > MaxRate {
		bad("rate", "A rate of %d requests per second cannot be run; use 1 to %d, or 0 for a closed loop.", s.Rate, MaxRate)
	} else if s.Rate > 0 && s.Workload == Stream {
		bad("rate", "A stream takes no rate; use 0, or another workload.")
	}
	if s.Budget < 0 || s.Budget > MaxBudget {
		bad("budget_s", "A time budget of %d s cannot be kept; use 1 to %d, or 0 for none.", s.Budget, MaxBudget)
	}
	if s.Ports != Rotate && s.Ports != OneAddress {
		bad("ports", "The plan %q for ports is not known; use rotate or one.", s.Ports)
	}
	if s.Host != "" && len(s.Hosts) > 0 && !slices.Contains(s.Hosts, s.Host) {
		bad("host", "The host %q is not among the hosts; name all of them in one field.", s.Host)
	}
	if len(s.Hosts) > MaxHosts {
		bad("hosts", "%d hosts are too many for one comparison; use at most %d.", len(s.Hosts), MaxHosts)
	}
	for i, h := range append([]string{s.Host}, s.Hosts...) {
		field := "hosts"
		if i == 0 {
			field = "host"
		}
		switch {
		case i == 0 && h == "":
		case h == "" || len(h) > MaxHostName || strings.ContainsFunc(h, func(r rune) bool { return r <= ' ' || r == 0x7f }):
			bad(field, "The name %q is none that a host can have.", h)
		case i > 0 && slices.Contains(s.Hosts[:i-1], h):
			bad(field, "The host %q is named twice; name it once.", h)
		}
	}
	if reason := s.baseReason(); reason != "" {
		bad("base", "The base cannot be measured: %s Choose another base or workload.", reason)
	}
}

// baseReason says why no size of the base can be measured; "" when one can.
func (s Spec) baseReason() string {
	reason := ""
	for _, size := range s.Sizes {
		if reason = Applicable(s.Workload, s.Base, size, s.Rate); reason == "" {
			return ""
		}
	}
	return reason
}
