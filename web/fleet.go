package web

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

// machine is a host as pages show it: what its worker sent, decoded.
type machine struct {
	profiles.Host
	print  host.Fingerprint
	checks []host.Usable
	own    bool // the server's own
}

func (m machine) online() bool { return m.own || !m.OnlineSince.IsZero() }

// machines are all hosts, the server's own first.
type machines []machine

// machines asks the fleet. What a worker sent and cannot be read counts as not
// known; the server's own host is there even when no worker has reported it.
func (s *Server) machines(ctx context.Context) (machines, error) {
	own := machine{
		Host:  profiles.Host{Name: s.Host.Name, Warnings: s.Host.Warnings},
		print: s.Host.Fingerprint, checks: s.Host.Checks, own: true,
	}
	if s.Fleet == nil {
		return machines{own}, nil
	}
	known, err := s.Fleet.Hosts(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask which hosts there are: %w", err)
	}
	ms := machines{}
	for _, h := range known {
		if h.Name == own.Name {
			h.Warnings = own.Warnings
			own.Host = h
			continue
		}
		m := machine{Host: h}
		if json.Unmarshal(h.Fingerprint, &m.print) != nil {
			m.print = host.Fingerprint{}
		}
		if json.Unmarshal(h.Checks, &m.checks) != nil {
			m.checks = nil
		}
		ms = append(ms, m)
	}
	slices.SortFunc(ms, func(a, b machine) int { return strings.Compare(a.Name, b.Name) })
	return append(machines{own}, ms...), nil
}

// find returns the host of that name, "" being the server's own; nil for none.
func (ms machines) find(name string) *machine {
	for i := range ms {
		if name == ms[i].Name || name == "" && ms[i].own {
			return &ms[i]
		}
	}
	return nil
}

// missing is why a kind of socket cannot be opened on a host; "" when it can, or
// when the host has not said.
func (ms machines) missing(name string, k runner.Socket) string {
	m := ms.find(name)
	if m == nil {
		return ""
	}
	for _, u := range m.checks {
		if u.Socket == k && !u.OK {
			return u.Reason
		}
	}
	return ""
}

// of are the hosts of a spec, those that are known.
func (ms machines) of(spec runner.Spec) machines {
	var chosen machines
	for _, name := range spec.HostNames() {
		if m := ms.find(name); m != nil {
			chosen = append(chosen, *m)
		}
	}
	return chosen
}

func (ms machines) names() []string {
	names := make([]string, len(ms))
	for i, m := range ms {
		names[i] = m.Name
	}
	return names
}

// onHost is what of a spec is measured on one host: its sockets that can be opened
// there.
func (ms machines) onHost(spec runner.Spec, name string) runner.Spec {
	spec.Host, spec.Hosts = name, nil
	spec.Sockets = slices.DeleteFunc(slices.Clone(spec.Sockets), func(k runner.Socket) bool {
		return ms.missing(name, k) != ""
	})
	return spec
}

// wrong is what is wrong with the hosts of a spec, and with its base on them.
func (ms machines) wrong(spec runner.Spec) runner.FieldErrors {
	field := "hosts"
	if len(spec.Hosts) == 0 {
		field = "host"
	}
	var es runner.FieldErrors
	for _, name := range spec.HostNames() {
		m := ms.find(name)
		if m == nil {
			es = append(es, runner.FieldError{Field: field, Sentence: fmt.Sprintf("There is no host %q; use %s.", clip(name), strings.Join(ms.names(), ", "))})
			continue
		}
		if reason := ms.missing(name, spec.Base); reason != "" {
			_, why, ok := strings.Cut(reason, ": ")
			if !ok {
				why = reason
			}
			es = append(es, runner.FieldError{Field: "base", Sentence: fmt.Sprintf("The base %s cannot be opened on the host %s (%s); choose another base.", spec.Base, m.Name, strings.TrimSuffix(why, "."))})
		}
	}
	return es
}
