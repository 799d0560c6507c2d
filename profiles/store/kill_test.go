//go:build unix

package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/store"
)

// writeForever queues, runs and finishes comparisons, and prints the id of each
// step that the store has acknowledged.
func writeForever(dir string) {
	s, err := store.Open(context.Background(), dir, store.Options{})
	must(err)
	for {
		c, err := s.CreateComparison(context.Background(), asked())
		must(err)
		fmt.Println("created", c.ID)
		c, err = s.Claim(context.Background(), c.ID, "")
		must(err)
		for round := 1; round <= 2; round++ {
			for cell := range 3 {
				_, err = s.StoreRun(context.Background(), c.Attempt, aRun(c.ID, round, cell), fmt.Appendf(nil, "h%s%d%d", c.ID, round, cell), evidence(c.ID, round, cell))
				must(err)
				fmt.Println("run", c.ID)
			}
		}
		must(s.Finish(context.Background(), c.ID, "", c.Attempt, profiles.Ending{State: profiles.Done, Merged: evidence("merged "+c.ID, 0, 1)}))
		fmt.Println("done", c.ID)
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Whatever was acknowledged before kill -9 is there afterwards, nothing is
// half-written, and the directory is free at once.
func TestKilledWriterLosesNothing(t *testing.T) {
	t.Parallel()
	kills := 20
	if testing.Short() {
		kills = 5
	}
	const seed = 20261122
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	created, runs, done := map[string]bool{}, map[string]int{}, map[string]bool{}
	for range kills {
		cmd := process(t, "write", dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for after := random.IntN(30); after >= 0 && lines.Scan(); after-- {
			note(lines.Text(), created, runs, done)
		}
		time.Sleep(time.Duration(random.IntN(3000)) * time.Microsecond) // into the middle of a transaction
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // acknowledged before the kill, read after it
			note(lines.Text(), created, runs, done)
		}
		_ = cmd.Wait()
	}
	s := open(t, dir, newClock())
	sound(t, s)
	for id := range created {
		c, err := s.Comparison(t.Context(), id)
		if err != nil {
			t.Errorf("lost %s: %v", id, err)
		}
		if c.Done < runs[id] {
			t.Errorf("%s has %d runs, and %d were acknowledged", id, c.Done, runs[id])
		}
		if done[id] && c.State != profiles.Done {
			t.Errorf("%s is %s, and its end was acknowledged", id, c.State)
		}
		rs, err := s.Runs(t.Context(), id)
		if err != nil || len(rs) != c.Done {
			t.Errorf("%s says %d runs and has %d, %v", id, c.Done, len(rs), err)
		}
		ps, err := s.Profiles(t.Context(), id)
		want := 2 * c.Done
		if c.State == profiles.Done {
			want += 2
		}
		if err != nil || len(ps) != want {
			t.Errorf("%s is %s with %d runs and has %d profiles, want %d; %v", id, c.State, c.Done, len(ps), want, err)
		}
	}
	t.Logf("%d kills, %d comparisons, %d of them done", kills, len(created), len(done))
}

func note(line string, created map[string]bool, runs map[string]int, done map[string]bool) {
	what, id, ok := strings.Cut(line, " ")
	if !ok || !strings.HasPrefix(id, "C-") {
		return
	}
	switch what {
	case "created":
		created[id] = true
	case "run":
		runs[id]++
	case "done":
		done[id] = true
	}
}
