package store_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

func TestComparisonLivesThroughToDone(t *testing.T) {
	t.Parallel()
	s, now := setup(t)
	c := create(t, s)
	want := asked()
	want.ID, want.State, want.CreatedAt = "C-1", profiles.Queued, now.Now()
	want.Parts = []profiles.Part{{State: profiles.Queued, Total: 6}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Fatalf("created (-want +got):\n%s", diff)
	}
	now.advance(time.Second)
	c = claim(t, s, c.ID)
	want.State, want.Attempt, want.StartedAt = profiles.Running, 1, now.Now()
	want.Parts = []profiles.Part{{State: profiles.Running, Attempt: 1, Total: 6, StartedAt: now.Now()}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Fatalf("claimed (-want +got):\n%s", diff)
	}
	for round := 1; round <= 2; round++ {
		for cell := range 3 {
			storeRun(t, s, c, round, cell)
		}
	}
	if err := s.Attach(t.Context(), c.ID, "", 1, profiles.Attachment{Fingerprint: json.RawMessage(`{"cpus":2}`), Sources: []byte("bundle")}); err != nil {
		t.Fatal(err)
	}
	now.advance(time.Second)
	ending := profiles.Ending{State: profiles.Done, Merged: evidence("merged", 0, 2)}
	if err := s.Finish(t.Context(), c.ID, "", 1, ending); err != nil {
		t.Fatal(err)
	}

	got, err := s.Comparison(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	want.State, want.Done, want.FinishedAt, want.Fingerprint = profiles.Done, 6, now.Now(), json.RawMessage(`{"cpus":2}`)
	want.Parts = []profiles.Part{{
		State: profiles.Done, Attempt: 1, Done: 6, Total: 6, StartedAt: want.StartedAt, FinishedAt: now.Now(), Fingerprint: want.Fingerprint,
	}}
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
	if err := s.Finish(t.Context(), c.ID, "", 1, profiles.Ending{State: profiles.Done}); !errors.Is(err, profiles.ErrStale) {
		t.Errorf("a late end: %v, want ErrStale", err)
	}
	if err := s.Attach(t.Context(), c.ID, "", 1, profiles.Attachment{Sources: []byte("late")}); !errors.Is(err, profiles.ErrStale) {
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
	if err := s.Finish(t.Context(), c.ID, "", c.Attempt, profiles.Ending{State: profiles.Failed, Merged: twice}); err == nil {
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
