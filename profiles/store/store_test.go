package store_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

// clock is a settable time.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)} }

func open(t *testing.T, dir string, c *clock) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func setup(t *testing.T) (*store.Store, *clock) {
	t.Helper()
	c := newClock()
	return open(t, t.TempDir(), c), c
}

// asked is a comparison of two sockets and the A/A cell over two rounds.
func asked() profiles.Comparison {
	cell := profiles.Cell{Socket: "unix", Workload: "echo", Size: 5, Concurrency: 1, Placement: "free"}
	aa, tcp := cell, cell
	aa.AA, tcp.Socket = true, "tcp4"
	return profiles.Comparison{
		Title: "unix or tcp", Spec: json.RawMessage(`{"rounds":2}`), Base: "unix", Host: "here",
		Cells: []profiles.Cell{cell, aa, tcp}, Total: 6,
	}
}

func create(t *testing.T, s *store.Store) profiles.Comparison {
	t.Helper()
	c, err := s.CreateComparison(t.Context(), asked())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func claim(t *testing.T, s *store.Store, id string) profiles.Comparison {
	t.Helper()
	c, err := s.Claim(t.Context(), id, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func aRun(id string, round, cell int) profiles.Run {
	return profiles.Run{
		Comparison: id, Round: round, Cell: cell, Position: cell, StartedAt: time.Date(2026, 11, 22, 12, 0, 1, 0, time.UTC), Elapsed: 1500 * time.Millisecond,
		Metrics: map[string]float64{profiles.LatencyP50: 84.25, profiles.RequestsPerSecond: 1e4 / 3}, Counters: map[string]int64{"dial_retries": 2},
		Curve: []int64{1, 2, 3}, Warnings: []string{"It was noisy."}, ProfilingEffect: 1.03, NoKernel: "This user may not.",
	}
}

// evidence is a client's and a server's profile; the store does not look inside.
func evidence(id string, round, cell int) []profiles.Evidence {
	both := []profiles.Evidence{}
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		both = append(both, profiles.Evidence{
			Profile: profiles.Profile{
				Side: side, Kind: profiles.Go, Cell: cell, Title: "t", Ops: 100, Samples: 7, Duration: time.Second,
				SampleTypes: []string{"samples/count", "cpu/nanoseconds"},
			},
			Data: fmt.Appendf(nil, "%s %d %d %s", id, round, cell, side),
		})
	}
	return both
}

func storeRun(t *testing.T, s *store.Store, c profiles.Comparison, round, cell int) {
	t.Helper()
	histogram := fmt.Appendf(nil, "histogram %s %d %d", c.ID, round, cell)
	stored, err := s.StoreRun(t.Context(), c.Attempt, aRun(c.ID, round, cell), histogram, evidence(c.ID, round, cell))
	if err != nil || !stored {
		t.Fatalf("StoreRun = %v, %v; want it stored", stored, err)
	}
}

func sound(t *testing.T, s *store.Store) store.Report {
	t.Helper()
	r, err := s.Check(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) > 0 {
		t.Errorf("the check finds %q", r.Problems)
	}
	return r
}
