package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/merge"
	"github.com/sockscope/sockscope/profiles/source"
	"github.com/sockscope/sockscope/runner"
)

// period is the CPU time of one sample of the profiles made here.
const period = 10 * time.Millisecond

// queued files the article's comparison, of 8 rounds, as a page or program asked
// for it.
func (s *site) queued(title string) profiles.Comparison {
	s.t.Helper()
	spec := runner.Article()
	spec.Title, spec.Rounds = title, 8
	raw, err := json.Marshal(spec)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.store.CreateComparison(s.t.Context(), profiles.Comparison{
		Title: spec.Name(), Spec: raw, Base: string(spec.Base), Cells: spec.Cells(), Host: "testhost", Total: len(spec.Cells()) * spec.Rounds,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// running files a comparison whose first rounds are done.
func (s *site) running(title string, rounds int) profiles.Comparison {
	s.t.Helper()
	c, err := s.store.Claim(s.t.Context(), s.queued(title).ID, "")
	if err != nil {
		s.t.Fatal(err)
	}
	bundle := map[string]string{}
	for _, name := range []string{"dial_echo.go", "serve.go"} {
		file, text := loopFile(s.t, name)
		bundle[file] = text
	}
	err = s.store.Attach(s.t.Context(), c.ID, "", c.Attempt, profiles.Attachment{
		Fingerprint: json.RawMessage(`{"hostname":"testhost","cpu":"Test CPU","cpus":2,"kernel":"6.1","go":"go1.26"}`), Sources: source.Of(bundle).Encode(),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for round := 1; round <= rounds; round++ {
		for cell := range c.Cells {
			s.run(c, round, cell)
		}
	}
	return c
}

const opsPerRun = 5000

func (s *site) run(c profiles.Comparison, round, cell int) {
	s.t.Helper()
	slow := 1.0
	if c.Cells[cell].Socket == "tcp4" {
		slow = 2.1
	}
	jitter := 1 + float64((round*7+cell*3)%5)/100
	run := profiles.Run{
		Comparison: c.ID, Round: round, Cell: cell, Position: (cell + round) % len(c.Cells), StartedAt: s.clock.Now(), Elapsed: 3 * time.Second,
		Metrics:  map[string]float64{},
		Counters: map[string]int64{"dial_retries": int64(round)}, Curve: make([]int64, len(profiles.Quantiles)), Warnings: []string{}, ProfilingEffect: 1.04,
		NoKernel: "This user may not. What helps: “sudo sysctl”.",
	}
	for i, q := range profiles.Quantiles {
		run.Curve[i] = int64(40_000 * slow * jitter * (1 + q))
	}
	for _, m := range profiles.Metrics {
		switch {
		case m.Name == profiles.BytesPerSecond:
		case m.MoreIsBetter:
			run.Metrics[m.Name] = 12_000 / slow / jitter
		default:
			run.Metrics[m.Name] = 30_000 * slow * jitter
		}
	}
	ps := []profiles.Evidence{}
	for side, p := range s.sides(c, cell) {
		ps = append(ps, profiles.Evidence{Profile: merge.Row(p, side, profiles.Go, opsPerRun, 2*time.Second), Data: encode(s.t, p)})
	}
	stored, err := s.store.StoreRun(s.t.Context(), c.Attempt, run, fmt.Appendf(nil, "histogram %d %d", round, cell), ps)
	if err != nil || !stored {
		s.t.Fatalf("store round %d, cell %d: %v, %v", round, cell, stored, err)
	}
}

func (s *site) sides(c profiles.Comparison, cell int) map[profiles.Side]*profile.Profile {
	return map[profiles.Side]*profile.Profile{profiles.Client: client(s.t, c.Cells[cell].Socket, 5), profiles.Server: server(s.t, 5)}
}

// done files a finished comparison with its runs, profiles, merges and sources.
func (s *site) done(title string) profiles.Comparison {
	s.t.Helper()
	c := s.running(title, 8)
	s.end(c, profiles.Done, "")
	return c
}

func (s *site) end(c profiles.Comparison, state profiles.State, failure string) {
	s.t.Helper()
	ending := profiles.Ending{State: state, Failure: failure}
	for cell := range c.Cells {
		for side, p := range s.sides(c, cell) {
			parts := []merge.Part{}
			for range c.Rounds() {
				parts = append(parts, merge.Part{Profile: p, Ops: opsPerRun, Duration: 2 * time.Second})
			}
			e, err := merge.Rounds(c, merge.Key{Cell: cell, Side: side, Kind: profiles.Go}, parts)
			if err != nil {
				s.t.Fatal(err)
			}
			ending.Merged = append(ending.Merged, e)
		}
	}
	if err := s.store.Finish(s.t.Context(), c.ID, "", c.Attempt, ending); err != nil {
		s.t.Fatal(err)
	}
	s.queue.tell(c.ID)
}

// merged is a merged profile of a comparison.
func (s *site) merged(c profiles.Comparison, cell int, side profiles.Side) profiles.Profile {
	s.t.Helper()
	ps, err := s.store.Profiles(s.t.Context(), c.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range ps {
		if p.Merged() && p.Cell == cell && p.Side == side {
			return p
		}
	}
	s.t.Fatalf("%s has no merged profile of cell %d, %s", c.ID, cell, side)
	return profiles.Profile{}
}

// upload sends a profile through the API and returns its id.
func (s *site) upload(data []byte, query string) string {
	s.t.Helper()
	a := s.do("POST", "/api/v1/profiles"+query, bytes.NewReader(data), bearer).want(s.t, 201)
	var got struct{ ID, URL string }
	a.json(s.t, &got)
	return got.ID
}

func (a answer) json(t testing.TB, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), to); err != nil {
		t.Fatalf("%s %s: no JSON (%v): %.300s", a.Request.Method, a.Request.URL, err, a.body)
	}
}
