package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
)

// maxHosts is how many hosts are known at a time; it is the store's bound too.
const maxHosts = 64

// station is a host as the dispatcher knows it. The instance names the one worker
// that speaks for it, also while it is not heard: another one may take its place then.
type station struct {
	profiles.Host
	instance string
	online   bool
	changed  time.Time // the last time that an announcement cost a write
}

// stations are the hosts that were seen, by name.
type stations struct {
	own, reserved string        // the server's host, and the only instance that may speak for it
	absence       time.Duration // how long one stays online without a word

	mu  sync.Mutex
	all map[string]*station
}

func newStations(own, reserved string, absence time.Duration) *stations {
	return &stations{own: own, reserved: reserved, absence: absence, all: map[string]*station{}}
}

// load fills in the hosts that the store knows.
func (s *stations) load(hs []profiles.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range hs {
		h.OnlineSince = time.Time{}
		s.all[h.Name] = &station{Host: h}
	}
}

// news is what follows from a hello.
type news struct {
	arrived bool           // another instance than before: what that one had is to be taken from it
	save    *profiles.Host // to be stored; nil for no change
}

// greet notes a hello and answers it.
func (s *stations) greet(q helloRequest, now time.Time) (answer, news) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reserved != "" && q.Host == s.own && q.Instance != s.reserved {
		return answer{refuse, fmt.Sprintf("%s is the server's own host: give this worker another name with --host", q.Host)}, news{}
	}
	st := s.all[q.Host]
	if st != nil && st.online && now.Sub(st.SeenAt) < s.absence && st.instance != q.Instance {
		return answer{refuse, fmt.Sprintf("another worker is there for the host %s, and was heard %s ago: stop it, or give this one another name with --host",
			q.Host, now.Sub(st.SeenAt).Round(time.Second))}, news{}
	}
	if st == nil {
		if !s.room() {
			return answer{refuse, fmt.Sprintf("there are %d hosts already: stop the worker of one", maxHosts)}, news{}
		}
		st = &station{Host: profiles.Host{Name: q.Host, FirstSeen: now}}
		s.all[q.Host] = st
	}
	const often = time.Second
	arrived := st.instance != q.Instance
	changed := arrived || !st.online || !bytes.Equal(st.Fingerprint, q.Fingerprint) || !bytes.Equal(st.Checks, q.Checks) || !slices.Equal(st.Warnings, q.Warnings)
	if (changed || q.Ready) && now.Sub(st.changed) < often {
		return answer{later, "it changes too often"}, news{}
	}
	st.SeenAt = now
	if !changed {
		return answer{Verdict: goOn}, news{}
	}
	if arrived || !st.online {
		st.instance, st.online, st.OnlineSince = q.Instance, true, now
	}
	st.changed, st.Fingerprint, st.Checks, st.Warnings = now, q.Fingerprint, q.Checks, q.Warnings
	save := st.Host
	return answer{Verdict: goOn}, news{arrived, &save}
}

// room forgets a host that is not online when a further one would be one too many.
func (s *stations) room() bool {
	if len(s.all) < maxHosts {
		return true
	}
	var oldest *station
	for _, st := range s.all {
		if !st.online && (oldest == nil || st.SeenAt.Before(oldest.SeenAt)) {
			oldest = st
		}
	}
	if oldest != nil {
		delete(s.all, oldest.Name)
	}
	return oldest != nil
}

// leave takes a host offline, when the instance is the one that speaks for it.
func (s *stations) leave(name, instance string, now time.Time) (profiles.Host, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.all[name]
	if st == nil || st.instance == "" || st.instance != instance {
		return profiles.Host{}, false
	}
	st.instance, st.online, st.SeenAt, st.OnlineSince = "", false, now, time.Time{}
	return st.Host, true
}

// hear notes a sign of life, and reports whether the instance is the one that
// speaks for the host.
func (s *stations) hear(name, instance string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.all[name]
	if st == nil || st.instance == "" || st.instance != instance {
		return false
	}
	st.SeenAt = now
	return true
}

// absent takes the hosts offline that have said nothing for too long.
func (s *stations) absent(now time.Time) (gone []profiles.Host) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.all {
		if st.online && now.Sub(st.SeenAt) >= s.absence {
			st.online, st.OnlineSince = false, time.Time{}
			gone = append(gone, st.Host)
		}
	}
	return gone
}

// list returns the hosts by name.
func (s *stations) list() []profiles.Host {
	s.mu.Lock()
	defer s.mu.Unlock()
	hs := make([]profiles.Host, 0, len(s.all))
	for _, st := range s.all {
		h := st.Host
		h.Warnings = slices.Clone(h.Warnings)
		hs = append(hs, h)
	}
	slices.SortFunc(hs, func(a, b profiles.Host) int { return strings.Compare(a.Name, b.Name) })
	return hs
}

func (s *stations) one(name string) (profiles.Host, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.all[name]; st != nil {
		return st.Host, true
	}
	return profiles.Host{}, false
}

// missing says which sockets a host cannot open, as its preflight found.
func missing(h profiles.Host) func(runner.Socket) string {
	var checks []host.Usable
	_ = json.Unmarshal(h.Checks, &checks) // greet took none that cannot be read
	for i, u := range checks {
		if !u.OK && u.Reason == "" {
			checks[i].Reason = fmt.Sprintf("The socket %s cannot be used on %s.", u.Socket, h.Name)
		}
	}
	return host.Missing(checks)
}
