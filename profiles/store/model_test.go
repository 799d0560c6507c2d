package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

// model is what a comparison has to be like, after any sequence of calls.
type model struct {
	state    profiles.State
	attempt  int
	canceled bool
	deleted  bool
	runs     map[[2]int]int // attempt that stored each run
}

// TestLifeOfAComparison makes random calls, with current and with old attempts,
// and compares every answer and the row with the model.
func TestLifeOfAComparison(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	rapid.Check(t, func(rt *rapid.T) {
		c, err := s.CreateComparison(t.Context(), asked())
		if err != nil {
			rt.Fatal(err)
		}
		m := &model{state: profiles.Queued, runs: map[[2]int]int{}}
		l := life{t: t, rt: rt, s: s, id: c.ID, m: m}
		rt.Repeat(map[string]func(*rapid.T){
			"claim": l.claim, "run": l.run, "finish": l.finish, "interrupt": l.interrupt,
			"cancel": l.cancel, "recover": l.recover, "delete": l.delete, "": l.invariant,
		})
		if err := s.DeleteComparison(t.Context(), c.ID); err != nil && !m.deleted {
			rt.Fatal(err)
		}
	})
	if r := sound(t, s); r.Blobs != 0 {
		t.Errorf("%d blobs of deleted comparisons", r.Blobs)
	}
}

type life struct {
	t  *testing.T
	rt *rapid.T
	s  *store.Store
	id string
	m  *model
}

// attempt is mostly the current one.
func (l life) attempt(rt *rapid.T) int {
	return max(0, l.m.attempt-rapid.IntRange(0, 3).Draw(rt, "older")/3)
}

func (l life) want(rt *rapid.T, what string, err, want error) {
	if l.m.deleted {
		want = profiles.ErrNotFound
	}
	if !errors.Is(err, want) {
		rt.Fatalf("%s of %+v: %v, want %v", what, *l.m, err, want)
	}
}

// fence is what a report of an attempt is answered when only a worker that has
// the comparison may make it.
func (m *model) fence(attempt int) error {
	switch {
	case attempt != m.attempt:
		return profiles.ErrStale
	case m.state.Final():
		return profiles.ErrFinal
	case m.state != profiles.Running:
		return profiles.ErrStale
	}
	return nil
}

func (l life) claim(rt *rapid.T) {
	c, err := l.s.Claim(l.t.Context(), l.id, "")
	if l.m.state.Final() {
		l.want(rt, "Claim", err, profiles.ErrFinal)
		return
	}
	l.want(rt, "Claim", err, nil)
	if l.m.deleted {
		return
	}
	l.m.state, l.m.attempt = profiles.Running, l.m.attempt+1
	if c.Attempt != l.m.attempt {
		rt.Fatalf("claimed as attempt %d, want %d", c.Attempt, l.m.attempt)
	}
}

func (l life) run(rt *rapid.T) {
	attempt, round, cell := l.attempt(rt), rapid.IntRange(1, 2).Draw(rt, "round"), rapid.IntRange(0, 2).Draw(rt, "cell")
	stored, err := l.s.StoreRun(l.t.Context(), attempt, aRun(l.id, round, cell), fmt.Appendf(nil, "h %s %d %d", l.id, round, cell), evidence(l.id, round, cell))
	want := l.m.fence(attempt)
	l.want(rt, "StoreRun", err, want)
	at := [2]int{round, cell}
	fresh := want == nil && !l.m.deleted && l.m.runs[at] == 0
	if stored != fresh {
		rt.Fatalf("stored %v, want %v", stored, fresh)
	}
	if fresh {
		l.m.runs[at] = attempt
	}
}

func (l life) finish(rt *rapid.T) {
	attempt := l.attempt(rt)
	state := rapid.SampledFrom([]profiles.State{profiles.Done, profiles.Failed, profiles.Canceled}).Draw(rt, "state")
	if state == profiles.Done && len(l.m.runs) < 6 {
		state = profiles.Failed
	}
	err := l.s.Finish(l.t.Context(), l.id, "", attempt, profiles.Ending{State: state, Merged: evidence("merged "+l.id, 0, 0)})
	want := l.m.fence(attempt)
	if attempt == l.m.attempt && l.m.state == profiles.Interrupted {
		want = nil
	}
	l.want(rt, "Finish", err, want)
	if err == nil {
		l.m.state = state
	}
}

func (l life) interrupt(rt *rapid.T) {
	attempt := l.attempt(rt)
	err := l.s.Interrupt(l.t.Context(), l.id, "", attempt)
	l.want(rt, "Interrupt", err, l.m.fence(attempt))
	if err == nil {
		l.m.state = profiles.Interrupted
	}
}

func (l life) cancel(rt *rapid.T) {
	c, err := l.s.RequestCancel(l.t.Context(), l.id)
	if l.m.state.Final() {
		l.want(rt, "RequestCancel", err, profiles.ErrFinal)
		return
	}
	l.want(rt, "RequestCancel", err, nil)
	if l.m.deleted {
		return
	}
	l.m.canceled = true
	if l.m.state == profiles.Queued {
		l.m.state = profiles.Canceled
	}
	if c.State != l.m.state {
		rt.Fatalf("canceled to %s, want %s", c.State, l.m.state)
	}
}

func (l life) recover(rt *rapid.T) {
	if _, err := l.s.Recover(l.t.Context()); err != nil {
		rt.Fatal(err)
	}
	if l.m.state == profiles.Running {
		l.m.state = profiles.Interrupted
	}
}

func (l life) delete(rt *rapid.T) {
	if rapid.IntRange(0, 9).Draw(rt, "dice") > 0 {
		return
	}
	l.want(rt, "DeleteComparison", l.s.DeleteComparison(l.t.Context(), l.id), nil)
	l.m.deleted = true
}

func (l life) invariant(rt *rapid.T) {
	c, err := l.s.Comparison(l.t.Context(), l.id)
	l.want(rt, "Comparison", err, nil)
	if l.m.deleted {
		return
	}
	if c.State != l.m.state || c.Attempt != l.m.attempt || c.CancelRequested != l.m.canceled || c.Done != len(l.m.runs) {
		rt.Fatalf("it is %+v, want %+v", c, *l.m)
	}
	if c.FinishedAt.IsZero() == c.State.Final() {
		rt.Fatalf("%s and finished at %s", c.State, c.FinishedAt)
	}
	if c.State == profiles.Interrupted && c.InterruptedAt.IsZero() {
		rt.Fatal("interrupted, and it is not said when")
	}
	runs, err := l.s.Runs(l.t.Context(), l.id)
	if err != nil || len(runs) != len(l.m.runs) {
		rt.Fatalf("%d runs, %v; want %d", len(runs), err, len(l.m.runs))
	}
	for _, r := range runs {
		if r.Attempt != l.m.runs[[2]int{r.Round, r.Cell}] {
			rt.Fatalf("run %+v, want attempt %d", r, l.m.runs[[2]int{r.Round, r.Cell}])
		}
	}
}

// Many workers at one comparison, many readers beside them: each run is stored
// once.
func TestOneRunOneResult(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c := create(t, s)
	c = claim(t, s, c.ID)
	var stored, refused atomic.Int32
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for round := 1; round <= 2; round++ {
				for cell := range 3 {
					ok, err := s.StoreRun(t.Context(), c.Attempt, aRun(c.ID, round, cell), []byte("h"), evidence(c.ID, round, cell))
					if ok {
						stored.Add(1)
					}
					if err != nil && !errors.Is(err, profiles.ErrFinal) { // another worker was through first
						t.Error(err)
					}
				}
			}
			if err := s.Finish(t.Context(), c.ID, "", c.Attempt, profiles.Ending{State: profiles.Failed}); errors.Is(err, profiles.ErrFinal) {
				refused.Add(1)
			} else if err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			for range 20 {
				got, err := s.Comparison(t.Context(), c.ID)
				if err != nil {
					t.Error(err)
				}
				runs, err := s.Runs(t.Context(), c.ID)
				if err != nil || len(runs) < got.Done {
					t.Errorf("%d runs, %v; after it said %d", len(runs), err, got.Done)
				}
			}
		})
	}
	all.Wait()
	if stored.Load() != 6 || refused.Load() != 5 {
		t.Errorf("%d runs stored, %d ends refused; want 6 and 5", stored.Load(), refused.Load())
	}
	sound(t, s)
}
