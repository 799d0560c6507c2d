package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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
	c, err := s.Claim(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func aRun(id string, round, cell int) profiles.Run {
	return profiles.Run{
		Comparison: id, Round: round, Cell: cell, Position: cell, StartedAt: time.Date(2026, 11, 22, 12, 0, 1, 0, time.UTC), Elapsed: 1500 * time.Millisecond,
		Metrics: map[string]float64{profiles.LatencyP50: 84.25, profiles.RequestsPerSecond: 1e4 / 3}, Counters: map[string]int64{"dial_retries": 2},
		Curve: []int64{1, 2, 3}, Warnings: []string{"It was noisy."}, ProfilingEffect: 1.03,
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

func TestComparisonLivesThroughToDone(t *testing.T) {
	t.Parallel()
	s, now := setup(t)
	c := create(t, s)
	want := asked()
	want.ID, want.State, want.CreatedAt = "C-1", profiles.Queued, now.Now()
	if diff := cmp.Diff(want, c); diff != "" {
		t.Fatalf("created (-want +got):\n%s", diff)
	}
	now.advance(time.Second)
	c = claim(t, s, c.ID)
	want.State, want.Attempt, want.StartedAt = profiles.Running, 1, now.Now()
	if diff := cmp.Diff(want, c); diff != "" {
		t.Fatalf("claimed (-want +got):\n%s", diff)
	}
	for round := 1; round <= 2; round++ {
		for cell := range 3 {
			storeRun(t, s, c, round, cell)
		}
	}
	if err := s.Attach(t.Context(), c.ID, 1, profiles.Attachment{Fingerprint: json.RawMessage(`{"cpus":2}`), Sources: []byte("bundle")}); err != nil {
		t.Fatal(err)
	}
	now.advance(time.Second)
	ending := profiles.Ending{State: profiles.Done, Merged: evidence("merged", 0, 2)}
	if err := s.Finish(t.Context(), c.ID, 1, ending); err != nil {
		t.Fatal(err)
	}

	got, err := s.Comparison(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	want.State, want.Done, want.FinishedAt, want.Fingerprint = profiles.Done, 6, now.Now(), json.RawMessage(`{"cpus":2}`)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(profiles.Comparison{}, "Sources")); diff != "" {
		t.Errorf("finished (-want +got):\n%s", diff)
	}
	if b, err := s.Sources(t.Context(), got.Sources); err != nil || string(b) != "bundle" {
		t.Errorf("Sources = %q, %v", b, err)
	}
	runs, err := s.Runs(t.Context(), c.ID)
	if err != nil || len(runs) != 6 {
		t.Fatalf("%d runs, %v; want 6", len(runs), err)
	}
	first := aRun(c.ID, 1, 0)
	first.ID, first.Attempt = runs[0].ID, 1
	if diff := cmp.Diff(first, runs[0]); diff != "" {
		t.Errorf("run (-want +got):\n%s", diff)
	}
	if b, err := s.Histogram(t.Context(), runs[5].ID); err != nil || string(b) != "histogram C-1 2 2" {
		t.Errorf("Histogram = %q, %v", b, err)
	}
	checkProfiles(t, s, got)
	if r := sound(t, s); r.Runs != 6 || r.Profiles != 14 || r.Blobs != 14+6+1 {
		t.Errorf("report %+v", r)
	}
}

func checkProfiles(t *testing.T, s *store.Store, c profiles.Comparison) {
	t.Helper()
	ps, err := s.Profiles(t.Context(), c.ID)
	if err != nil || len(ps) != 14 {
		t.Fatalf("%d profiles, %v; want 12 of runs and 2 merged", len(ps), err)
	}
	merged := 0
	for _, p := range ps {
		if p.Merged() {
			merged++
		}
		if p.Sources != c.Sources || p.Comparison != c.ID || p.Ops != 100 || len(p.SampleTypes) != 2 {
			t.Errorf("profile %+v", p)
		}
		b, err := s.Blob(t.Context(), p.SHA256)
		if err != nil || int64(len(b)) != p.Bytes || !strings.HasSuffix(string(b), string(p.Side)) {
			t.Errorf("blob of %s = %q, %v", p.ID, b, err)
		}
		again, err := s.Profile(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("Profile(%s) (-listed +read):\n%s", p.ID, diff)
		}
	}
	if merged != 2 {
		t.Errorf("%d merged profiles, want 2", merged)
	}
}

func TestStoreRunIsFencedAndIdempotent(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c := create(t, s)
	if _, err := s.StoreRun(t.Context(), 0, aRun(c.ID, 1, 0), nil, nil); !errors.Is(err, profiles.ErrStale) {
		t.Errorf("a run of a queued comparison: %v, want ErrStale", err)
	}
	old := claim(t, s, c.ID)
	storeRun(t, s, old, 1, 0)
	if stored, err := s.StoreRun(t.Context(), 1, aRun(c.ID, 1, 0), []byte("other"), evidence("other", 1, 0)); stored || err != nil {
		t.Errorf("the same run again = %v, %v; want it left alone", stored, err)
	}
	c = claim(t, s, c.ID) // the worker is presumed dead
	if c.Attempt != 2 || c.InterruptedAt.IsZero() {
		t.Errorf("claimed from a running worker: %+v", c)
	}
	if _, err := s.StoreRun(t.Context(), 1, aRun(c.ID, 1, 1), nil, evidence("late", 1, 1)); !errors.Is(err, profiles.ErrStale) {
		t.Errorf("a late run: %v, want ErrStale", err)
	}
	if err := s.Finish(t.Context(), c.ID, 1, profiles.Ending{State: profiles.Done}); !errors.Is(err, profiles.ErrStale) {
		t.Errorf("a late end: %v, want ErrStale", err)
	}
	if err := s.Attach(t.Context(), c.ID, 1, profiles.Attachment{Sources: []byte("late")}); !errors.Is(err, profiles.ErrStale) {
		t.Errorf("a late attachment: %v, want ErrStale", err)
	}
	for _, at := range [][2]int{{0, 0}, {3, 0}, {1, -1}, {1, 3}} {
		if _, err := s.StoreRun(t.Context(), 2, aRun(c.ID, at[0], at[1]), nil, nil); err == nil {
			t.Errorf("round %d, cell %d was stored", at[0], at[1])
		}
	}
	storeRun(t, s, c, 2, 2)
	if got, _ := s.Comparison(t.Context(), c.ID); got.Done != 2 {
		t.Errorf("done %d, want 2", got.Done)
	}
	sound(t, s)
}

// A run that cannot be stored whole leaves nothing.
func TestStoreRunIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c := create(t, s)
	c = claim(t, s, c.ID)
	twice := evidence(c.ID, 1, 0)
	twice[1].Side = twice[0].Side // breaks the uniqueness of (run, side, kind) at the last statement
	if _, err := s.StoreRun(t.Context(), c.Attempt, aRun(c.ID, 1, 0), []byte("h"), twice); err == nil {
		t.Fatal("two client profiles of one run were stored")
	}
	if err := s.Finish(t.Context(), c.ID, c.Attempt, profiles.Ending{State: profiles.Failed, Merged: twice}); err == nil {
		t.Fatal("two merged client profiles of one cell were stored")
	}
	if r := sound(t, s); r.Runs != 0 || r.Profiles != 0 || r.Blobs != 0 {
		t.Errorf("left behind: %+v", r)
	}
	if got, _ := s.Comparison(t.Context(), c.ID); got.State != profiles.Running || got.Done != 0 {
		t.Errorf("the comparison is %s with %d runs", got.State, got.Done)
	}
}

func TestRecoverInterruptsAtTheLastSignOfLife(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), newClock()
	s := open(t, dir, now)
	queued, running := create(t, s), create(t, s)
	running = claim(t, s, running.ID)
	now.advance(5 * time.Second)
	storeRun(t, s, running, 1, 0)
	seen := now.Now()
	now.advance(time.Hour)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, dir, now)
	ids, err := s.Recover(t.Context())
	if err != nil || !cmp.Equal(ids, []string{running.ID}) {
		t.Fatalf("Recover = %v, %v; want %s", ids, err, running.ID)
	}
	pending, err := s.Pending(t.Context())
	if err != nil || len(pending) != 2 || pending[0].ID != running.ID || pending[1].ID != queued.ID {
		t.Fatalf("pending %+v, %v; want the interrupted one first", pending, err)
	}
	if got := pending[0]; got.State != profiles.Interrupted || !got.InterruptedAt.Equal(seen) || got.Done != 1 {
		t.Errorf("interrupted %+v, want at %s with 1 run", got, seen)
	}
	if c := claim(t, s, running.ID); c.Attempt != 2 || !c.InterruptedAt.Equal(seen) {
		t.Errorf("claimed again %+v", c)
	}
}

func TestListsArePagedNewestFirst(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	for range 5 {
		create(t, s)
		if _, err := s.AddProfile(t.Context(), profiles.Profile{Title: "up", Comparison: "C-9", Run: 3}, []byte("same")); err != nil {
			t.Fatal(err)
		}
	}
	var cs, ps []string
	for before := ""; ; before = cs[len(cs)-1] {
		page, err := s.Comparisons(t.Context(), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			cs = append(cs, c.ID)
		}
	}
	for before := ""; ; before = ps[len(ps)-1] {
		page, err := s.UploadedProfiles(t.Context(), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			ps = append(ps, p.ID)
			if p.Comparison != "" || p.Run != 0 || p.Cell != -1 {
				t.Errorf("an upload that belongs to a comparison: %+v", p)
			}
		}
	}
	if diff := cmp.Diff([]string{"C-5", "C-4", "C-3", "C-2", "C-1"}, cs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"P-5", "P-4", "P-3", "P-2", "P-1"}, ps); diff != "" {
		t.Error(diff)
	}
	if r := sound(t, s); r.Blobs != 1 {
		t.Errorf("the same bytes are stored %d times", r.Blobs)
	}
}

func TestUnknownIDsAreNotFound(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	create(t, s)
	for _, id := range []string{"", "C-", "C-2", "c-1", "C-01", "C-+1", "C-1 ", "P-1", "1", "C-99999999999999999999", "C-1'--"} {
		if _, err := s.Comparison(t.Context(), id); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("Comparison(%q): %v, want ErrNotFound", id, err)
		}
		if err := s.DeleteComparison(t.Context(), id); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("DeleteComparison(%q): %v, want ErrNotFound", id, err)
		}
		if _, err := s.Claim(t.Context(), id); !errors.Is(err, profiles.ErrNotFound) {
			t.Errorf("Claim(%q): %v, want ErrNotFound", id, err)
		}
	}
	if _, err := s.Profile(t.Context(), "P-1"); !errors.Is(err, profiles.ErrNotFound) {
		t.Error(err)
	}
	if _, err := s.Blob(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, profiles.ErrNotFound) {
		t.Error(err)
	}
	if err := s.RevokeShare(t.Context(), "S-1"); !errors.Is(err, profiles.ErrNotFound) {
		t.Error(err)
	}
}

func TestDeleteTakesBlobsThatNothingElseNames(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c := create(t, s)
	c = claim(t, s, c.ID)
	storeRun(t, s, c, 1, 0)
	if err := s.Attach(t.Context(), c.ID, 1, profiles.Attachment{Sources: []byte("bundle")}); err != nil {
		t.Fatal(err)
	}
	if err := s.Attach(t.Context(), c.ID, 1, profiles.Attachment{Sources: []byte("bundle 2")}); err != nil {
		t.Fatal(err)
	}
	shared, err := s.AddProfile(t.Context(), profiles.Profile{Title: "the same bytes"}, evidence(c.ID, 1, 0)[0].Data)
	if err != nil {
		t.Fatal(err)
	}
	if r := sound(t, s); r.Blobs != 4 { // two profiles, a histogram, one bundle
		t.Errorf("%d blobs before", r.Blobs)
	}
	if err := s.DeleteComparison(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	if r := sound(t, s); r.Blobs != 1 || r.Runs != 0 || r.Profiles != 1 {
		t.Errorf("left %+v, want the upload's blob", r)
	}
	if _, err := s.StoreRun(t.Context(), 1, aRun(c.ID, 1, 1), nil, nil); !errors.Is(err, profiles.ErrNotFound) {
		t.Errorf("its worker hears %v, want ErrNotFound", err)
	}
	if err := s.DeleteProfile(t.Context(), shared.ID); err != nil {
		t.Fatal(err)
	}
	if r := sound(t, s); r.Blobs != 0 {
		t.Errorf("%d blobs left", r.Blobs)
	}
	if again := create(t, s); again.ID == c.ID {
		t.Errorf("the id %s was given out twice", c.ID)
	}
}

func TestPathWithAnyCharacter(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a b?c#d%20e&é")
	s := open(t, dir, newClock())
	create(t, s)
	if s.Dir() != dir {
		t.Errorf("Dir = %s", s.Dir())
	}
	if m, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", store.FileName)); len(m) != 1 {
		t.Errorf("the database is at %q", m)
	}
}

func TestCanceledContextLeavesNothing(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.CreateComparison(ctx, asked()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if r := sound(t, s); r.Comparisons != 0 {
		t.Errorf("%d comparisons", r.Comparisons)
	}
}
