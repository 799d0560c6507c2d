package store_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

// askedOf is asked on several hosts: each has two cells that are measured and one
// that is not.
func askedOf(hosts ...string) profiles.Comparison {
	c := asked()
	c.Spec, _ = json.Marshal(map[string]any{"hosts": hosts})
	like := c.Cells
	c.Cells = nil
	for _, host := range hosts {
		for i, cell := range like {
			cell.Host = host
			if i == 2 {
				cell.NA = "It cannot be dialed."
			}
			c.Cells = append(c.Cells, cell)
		}
	}
	c.Total = 2 * 2 * len(hosts) // rounds × cells
	return c
}

func createOf(t *testing.T, s *store.Store, c profiles.Comparison) profiles.Comparison {
	t.Helper()
	c, err := s.CreateComparison(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEachHostHasItsPart(t *testing.T) {
	t.Parallel()
	s, now := setup(t)
	c := createOf(t, s, askedOf("b", "a"))
	if want := []profiles.Part{{Host: "b", State: profiles.Queued, Total: 4}, {Host: "a", State: profiles.Queued, Total: 4}}; !cmp.Equal(c.Parts, want) {
		t.Fatalf("parts %+v", c.Parts)
	}
	states := func(sum profiles.State, done int, parts ...profiles.State) {
		t.Helper()
		got, err := s.Comparison(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		var are []profiles.State
		for _, p := range got.Parts {
			are = append(are, p.State)
		}
		if got.State != sum || got.Done != done || got.Total != 8 || !cmp.Equal(are, parts) || got.FinishedAt.IsZero() == sum.Final() {
			t.Fatalf("it is %s with %d of %d and %v, want %s with %d and %v; %+v", got.State, got.Done, got.Total, are, sum, done, parts, got)
		}
	}
	claim := func(host string, attempt int) {
		t.Helper()
		now.advance(time.Second)
		got, err := s.Claim(t.Context(), c.ID, host)
		if p, _ := got.Part(host); err != nil || p.Attempt != attempt {
			t.Fatalf("claimed %+v, %v", got, err)
		}
	}
	run := func(attempt, round, cell int, want error) {
		t.Helper()
		if _, err := s.StoreRun(t.Context(), attempt, aRun(c.ID, round, cell), nil, nil); !errors.Is(err, want) {
			t.Fatalf("run of cell %d: %v, want %v", cell, err, want)
		}
	}
	claim("b", 1)
	states(profiles.Running, 0, profiles.Running, profiles.Queued)
	run(1, 1, 3, profiles.ErrStale) // the other host's
	run(1, 1, 0, nil)
	if _, err := s.StoreRun(t.Context(), 1, aRun(c.ID, 1, 2), nil, nil); err == nil {
		t.Error("a run of a cell that is not measured was stored")
	}
	claim("b", 2)
	run(1, 1, 1, profiles.ErrStale)
	for _, at := range [][2]int{{1, 1}, {2, 0}, {2, 1}} {
		run(2, at[0], at[1], nil)
	}
	if err := s.Attach(t.Context(), c.ID, "b", 2, profiles.Attachment{Fingerprint: json.RawMessage(`{"cpus":4}`)}); err != nil {
		t.Fatal(err)
	}
	end := func(host string, attempt int, e profiles.Ending) {
		t.Helper()
		if err := s.Finish(t.Context(), c.ID, host, attempt, e); err != nil {
			t.Fatal(err)
		}
	}
	end("b", 2, profiles.Ending{State: profiles.Done})
	states(profiles.Queued, 4, profiles.Done, profiles.Queued) // it waits for a
	if pending, err := s.Pending(t.Context()); err != nil || len(pending) != 1 {
		t.Errorf("pending %+v, %v", pending, err)
	}
	claim("a", 1)
	run(1, 1, 3, nil)
	if err := s.Interrupt(t.Context(), c.ID, "a", 1); err != nil {
		t.Fatal(err)
	}
	states(profiles.Interrupted, 5, profiles.Done, profiles.Interrupted)
	claim("a", 2)
	states(profiles.Running, 5, profiles.Done, profiles.Running)
	end("a", 2, profiles.Ending{State: profiles.Failed, Failure: "It broke."})
	states(profiles.Failed, 5, profiles.Done, profiles.Failed)
	if got, _ := s.Comparison(t.Context(), c.ID); got.Failure != "On a: It broke." || string(got.Fingerprint) != `{"cpus":4}` || !got.FinishedAt.Equal(now.Now()) {
		t.Errorf("it ended as %+v", got)
	}
	sound(t, s)
}

func TestHostWithNothingToMeasureIsDone(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	c := askedOf("a", "b")
	for i := range c.Cells[3:] {
		c.Cells[3+i].NA = "There is none."
	}
	c.Total = 4
	c = createOf(t, s, c)
	if p, _ := c.Part("b"); p.State != profiles.Done || p.FinishedAt.IsZero() || c.State != profiles.Queued || c.Rounds() != 2 {
		t.Errorf("created %+v", c)
	}
	if _, err := s.Claim(t.Context(), c.ID, "b"); !errors.Is(err, profiles.ErrFinal) {
		t.Errorf("claimed: %v, want ErrFinal", err)
	}
	sound(t, s)
}

// TestLivesOfParts makes random calls for two hosts and holds the comparison
// against the rule of the summary.
func TestLivesOfParts(t *testing.T) {
	t.Parallel()
	s, _ := setup(t)
	rapid.Check(t, func(rt *rapid.T) {
		c := createOf(t, s, askedOf("a", "b"))
		canceled := false
		parts := map[string]*model{}
		for _, h := range []string{"a", "b"} {
			parts[h] = &model{state: profiles.Queued, runs: map[[2]int]int{}}
		}
		pick := func(rt *rapid.T) (string, *model) {
			h := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "host")
			return h, parts[h]
		}
		rt.Repeat(map[string]func(*rapid.T){
			"claim": func(rt *rapid.T) {
				h, m := pick(rt)
				_, err := s.Claim(t.Context(), c.ID, h)
				if m.state.Final() != errors.Is(err, profiles.ErrFinal) {
					rt.Fatalf("Claim of %+v: %v", *m, err)
				}
				if err == nil {
					m.state, m.attempt = profiles.Running, m.attempt+1
				}
			},
			"run": func(rt *rapid.T) {
				h, m := pick(rt)
				cell := rapid.IntRange(0, 1).Draw(rt, "cell")
				at := [2]int{rapid.IntRange(1, 2).Draw(rt, "round"), cell}
				if h == "b" {
					cell += 3
				}
				_, err := s.StoreRun(t.Context(), m.attempt, aRun(c.ID, at[0], cell), nil, nil)
				if !errors.Is(err, m.fence(m.attempt)) {
					rt.Fatalf("StoreRun of %+v: %v", *m, err)
				}
				if err == nil {
					m.runs[at] = 1
				}
			},
			"interrupt": func(rt *rapid.T) {
				h, m := pick(rt)
				err := s.Interrupt(t.Context(), c.ID, h, m.attempt)
				if !errors.Is(err, m.fence(m.attempt)) {
					rt.Fatalf("Interrupt of %+v: %v", *m, err)
				}
				if err == nil {
					m.state = profiles.Interrupted
				}
			},
			"finish": func(rt *rapid.T) {
				h, m := pick(rt)
				state := profiles.Failed
				if len(m.runs) == 4 {
					state = profiles.Done
				}
				err := s.Finish(t.Context(), c.ID, h, m.attempt, profiles.Ending{State: state})
				if (err == nil) != (m.state == profiles.Running || m.state == profiles.Interrupted) {
					rt.Fatalf("Finish of %+v: %v", *m, err)
				}
				if err == nil {
					m.state = state
				}
			},
			"cancel": func(rt *rapid.T) {
				if rapid.IntRange(0, 4).Draw(rt, "dice") > 0 {
					return
				}
				_, err := s.RequestCancel(t.Context(), c.ID)
				if over := parts["a"].state.Final() && parts["b"].state.Final(); over != errors.Is(err, profiles.ErrFinal) {
					rt.Fatalf("RequestCancel: %v", err)
				}
				if err != nil {
					return
				}
				canceled = true
				for _, m := range parts {
					if m.state == profiles.Queued {
						m.state = profiles.Canceled
					}
				}
			},
			"": func(rt *rapid.T) { checkSum(t, rt, s, c.ID, parts, canceled) },
		})
	})
	sound(t, s)
}

func checkSum(t *testing.T, rt *rapid.T, s *store.Store, id string, parts map[string]*model, canceled bool) {
	c, err := s.Comparison(t.Context(), id)
	if err != nil {
		rt.Fatal(err)
	}
	a, b := parts["a"], parts["b"]
	either := func(state profiles.State) bool { return a.state == state || b.state == state }
	want := profiles.Done
	switch {
	case either(profiles.Running):
		want = profiles.Running
	case either(profiles.Interrupted):
		want = profiles.Interrupted
	case either(profiles.Queued):
		want = profiles.Queued
	case either(profiles.Failed):
		want = profiles.Failed
	case either(profiles.Canceled):
		want = profiles.Canceled
	}
	if c.State != want || c.Done != len(a.runs)+len(b.runs) || c.Attempt != max(a.attempt, b.attempt) || c.CancelRequested != canceled {
		rt.Fatalf("it is %+v, want %s of %+v and %+v", c, want, *a, *b)
	}
	if c.State.Final() == c.FinishedAt.IsZero() {
		rt.Fatalf("%s and finished at %s", c.State, c.FinishedAt)
	}
	for host, m := range parts {
		if p, ok := c.Part(host); !ok || p.State != m.state || p.Attempt != m.attempt || p.Done != len(m.runs) {
			rt.Fatalf("the part of %s is %+v, want %+v", host, p, *m)
		}
	}
}
