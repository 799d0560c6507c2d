package web

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/templates"
)

// hostParts is what each host does of a comparison on several, or on one that is
// not this server's own; empty for the others. Its links lead to pages only where
// those are open to who reads.
func (s *Server) hostParts(ctx context.Context, r *report, open bool) []templates.HostPart {
	parts := r.Comparison.Parts
	if len(parts) == 0 || len(parts) == 1 && (parts[0].Host == "" || parts[0].Host == s.Host.Name) {
		return nil
	}
	known := s.known(ctx)
	list := []templates.HostPart{}
	var first host.Fingerprint
	for i, p := range parts {
		print, told := readFingerprint(p.Fingerprint)
		now := s.standing(p, known)
		if now != "" && !open {
			now = "Waiting for its host." // who sees a share learns nothing of what else there is
		}
		v := templates.HostPart{
			Host: p.Host, State: partState(p), Done: p.Done, Total: p.Total, Left: fmt.Sprintf("%d of %s", p.Done, plural(p.Total, "run", "runs")),
			Failure: p.Failure, Now: now, Fingerprint: fingerprintLine(print),
		}
		if v.Host == "" {
			v.Host = s.Host.Name
		}
		if open {
			v.URL = "/hosts"
		}
		if i == 0 {
			first = print
		} else if told && len(first.Go) > 0 {
			v.Differences, v.Unlike = partDifferences(first, print)
		}
		list = append(list, v)
	}
	return list
}

// known are the hosts by name; empty where nobody knows them.
func (s *Server) known(ctx context.Context) map[string]profiles.Host {
	hosts := map[string]profiles.Host{}
	if s.Fleet == nil {
		return hosts
	}
	all, err := s.Fleet.Hosts(ctx)
	if err != nil {
		s.Log.ErrorContext(ctx, "hosts not read", "err", err)
		return hosts
	}
	for _, h := range all {
		hosts[h.Name] = h
	}
	return hosts
}

func readFingerprint(raw json.RawMessage) (f host.Fingerprint, ok bool) {
	ok = len(raw) > 0 && json.Unmarshal(raw, &f) == nil
	return f, ok
}

// maxDifferences is how many differences of two hosts a page lists; the page of the
// hosts has all.
const maxDifferences = 12

// partDifferences are those that matter most, and how many there are.
func partDifferences(first, other host.Fingerprint) (list []templates.HostDifference, all int) {
	list = []templates.HostDifference{}
	differences := host.Differences(first, other)
	for _, d := range differences[:min(len(differences), maxDifferences)] {
		list = append(list, templates.HostDifference{Name: d.Name, First: told(d.A), This: told(d.B), Matters: d.Matters})
	}
	return list, len(differences)
}

func told(text string) string {
	if text == "" {
		return "not known"
	}
	return text
}

func partState(p profiles.Part) templates.StateView {
	return stateView(profiles.Comparison{State: p.State, Done: p.Done, Total: p.Total})
}

// standing says what a part waits for; "" while it runs and when it has ended.
func (s *Server) standing(p profiles.Part, known map[string]profiles.Host) string {
	if p.State != profiles.Queued && p.State != profiles.Interrupted || p.Host == "" || p.Host == s.Host.Name || s.Fleet == nil {
		return ""
	}
	h, ok := known[p.Host]
	switch {
	case !ok:
		return fmt.Sprintf("Waiting for host %s, which has never been online: start sockscope worker on it.", p.Host)
	case h.OnlineSince.IsZero():
		return fmt.Sprintf("Waiting for host %s, which is offline (last seen %s).", p.Host, quantity.Ago(h.SeenAt, s.Now()))
	case h.Running != "":
		return fmt.Sprintf("Waiting for host %s, which works at %s now.", p.Host, h.Running)
	}
	return ""
}
