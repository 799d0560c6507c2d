package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

func TestHostsAreKept(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), newClock()
	s := open(t, dir, now)
	h := profiles.Host{
		Name: "box", Fingerprint: json.RawMessage(`{"cpus":2}`), Checks: json.RawMessage(`[{"socket":"vsock","ok":false}]`),
		Warnings: []string{"One CPU."}, FirstSeen: now.Now(), OnlineSince: now.Now(), SeenAt: now.Now(),
	}
	save := func(h profiles.Host) {
		t.Helper()
		if err := s.SaveHost(t.Context(), h); err != nil {
			t.Fatal(err)
		}
	}
	save(h)
	later := h
	now.advance(time.Hour)
	later.FirstSeen, later.SeenAt, later.Warnings = now.Now(), now.Now(), nil
	save(later)
	later.FirstSeen = h.FirstSeen
	if hs, err := s.Hosts(t.Context()); err != nil || !cmp.Equal(hs, []profiles.Host{later}) {
		t.Errorf("hosts %+v, %v", hs, err)
	}
	for i := range store.MaxHosts - 1 {
		save(profiles.Host{Name: fmt.Sprint("online", i), OnlineSince: now.Now(), SeenAt: now.Now()})
	}
	if err := s.SaveHost(t.Context(), profiles.Host{Name: "one too many"}); err == nil {
		t.Error("there is no bound")
	}
	if _, err := s.Recover(t.Context()); err != nil { // now none is online
		t.Fatal(err)
	}
	save(profiles.Host{Name: "new", SeenAt: now.Now()})
	hs, err := s.Hosts(t.Context())
	if err != nil || len(hs) != store.MaxHosts || hs[0].Name != "new" || !hs[1].OnlineSince.IsZero() {
		t.Errorf("%d hosts, %v, the first %+v", len(hs), err, hs[:2])
	}
}
