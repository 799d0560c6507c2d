package store_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

// BenchmarkStoreRun stores runs of the size that a run has: a histogram of 18 KB
// and two profiles of 30 KB. Most of it is the wait for the disk.
func BenchmarkStoreRun(b *testing.B) {
	s, err := store.Open(b.Context(), b.TempDir(), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c := asked()
	const rounds = 1_000_000 // more than fit in the time
	c.Total = len(c.Cells) * rounds
	if c, err = s.CreateComparison(b.Context(), c); err != nil {
		b.Fatal(err)
	}
	if c, err = s.Claim(b.Context(), c.ID, ""); err != nil {
		b.Fatal(err)
	}
	filler := bytes.Repeat([]byte("sample "), 30<<10/7)
	round := 0
	for b.Loop() {
		round++
		ps := evidence(c.ID, round, 0)
		for i := range ps {
			ps[i].Data = append(ps[i].Data, filler...)
		}
		if _, err := s.StoreRun(b.Context(), c.Attempt, aRun(c.ID, round, 0), filler[:18<<10], ps); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkComparisonPage reads what a comparison's page takes: the row, 30 runs
// and 66 profiles' rows.
func BenchmarkComparisonPage(b *testing.B) {
	s, err := store.Open(b.Context(), b.TempDir(), store.Options{Now: func() time.Time { return time.Unix(1e9, 0) }})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	c := asked()
	c.Total = 30
	if c, err = s.CreateComparison(b.Context(), c); err != nil {
		b.Fatal(err)
	}
	if c, err = s.Claim(b.Context(), c.ID, ""); err != nil {
		b.Fatal(err)
	}
	for round := 1; round <= 10; round++ {
		for cell := range 3 {
			if _, err := s.StoreRun(b.Context(), c.Attempt, aRun(c.ID, round, cell), nil, evidence(c.ID, round, cell)); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := s.Finish(b.Context(), c.ID, "", c.Attempt, profiles.Ending{State: profiles.Done, Merged: evidence("m", 0, 0)}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Comparison(b.Context(), c.ID); err != nil {
			b.Fatal(err)
		}
		runs, err := s.Runs(b.Context(), c.ID)
		if err != nil || len(runs) != 30 {
			b.Fatal(len(runs), err)
		}
		if _, err := s.Profiles(b.Context(), c.ID); err != nil {
			b.Fatal(err)
		}
	}
}
