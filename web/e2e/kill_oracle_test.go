//go:build linux

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/store"
)

// goesOn waits until the server has taken up one of the comparisons that were
// acknowledged in an earlier life and that it found unfinished. Nothing is posted
// meanwhile, since a new order could wake a worker that the old ones did not.
func (k *killer) goesOn(s *life) {
	k.t.Helper()
	const patience = 10 * time.Second // not as long as an order waits that nobody answers for
	end := time.After(patience)
	if !k.ready(s, end) {
		k.t.Fatalf("the server was not ready within %s", patience)
	}
	list, ok := k.list(s)
	if !ok {
		k.t.Fatal("the server does not list its comparisons")
	}
	for found := k.unfinished(list); ; list, ok = k.list(s) {
		waiting := 0
		for _, id := range found {
			switch list[id] {
			case profiles.Running, profiles.Done, profiles.Failed:
				k.resumed = append(k.resumed, time.Since(s.began))
				return
			case profiles.Canceled: // it need not run for that
			default:
				waiting++
			}
		}
		if ok && waiting == 0 {
			return // there is nothing to go on with
		}
		select {
		case <-end:
			k.t.Fatalf("%s after a restart none of %v has gone on: %v", patience, found, list)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// unfinished are the acknowledged ones of a list that have not ended.
func (k *killer) unfinished(list map[string]profiles.State) (ids []string) {
	for id, state := range list {
		if k.acknowledged[id] && !state.Final() {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// drain waits until all that was queued has ended.
func (k *killer) drain(s *life) {
	k.t.Helper()
	const patience = 5 * time.Minute
	for end := time.Now().Add(patience); ; {
		open := 0
		list, ok := k.list(s)
		for _, state := range list {
			if !state.Final() {
				open++
			}
		}
		if ok && open == 0 {
			return
		}
		if time.Now().After(end) {
			k.t.Fatalf("after %s the queue holds %v", patience, list)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// noChildren waits until no process runs the binary: children notice at once
// that their parent is gone.
func (k *killer) noChildren(when string) {
	k.t.Helper()
	const patience = 5 * time.Second
	began := time.Now()
	for {
		left := k.processes()
		if len(left) == 0 {
			k.childrenGone = max(k.childrenGone, time.Since(began))
			return
		}
		if time.Since(began) > patience {
			k.t.Fatalf("%s after %s there are still the processes %v", patience, when, left)
		}
		time.Sleep(time.Millisecond)
	}
}

// processes are those that run the server's binary: it, and its children.
func (k *killer) processes() (pids []string) {
	exes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		k.t.Fatal(err)
	}
	for _, exe := range exes {
		if target, err := os.Readlink(exe); err == nil && target == binary {
			env, _ := os.ReadFile(filepath.Join(filepath.Dir(exe), "environ"))
			role := "server"
			if bytes.Contains(env, []byte("SOCKSCOPE_CHILD=")) {
				role = "child"
			}
			pids = append(pids, filepath.Base(filepath.Dir(exe))+" ("+role+")")
		}
	}
	return pids
}

// sockets are the directories of runs.
func (k *killer) sockets() []string {
	dirs, err := filepath.Glob(filepath.Join(k.tmp, "*", "run-*"))
	if err != nil {
		k.t.Fatal(err)
	}
	return dirs
}

// noOrphans checks that a started server has removed what the kill left.
func (k *killer) noOrphans() {
	k.t.Helper()
	for _, dir := range k.sockets() {
		if slices.Contains(k.orphans, dir) {
			k.t.Errorf("the restart left %s", dir)
		}
	}
}

// noFiles checks that a server that has ended leaves the database, and nothing
// else.
func (k *killer) noFiles() {
	k.t.Helper()
	var left []string
	err := filepath.WalkDir(filepath.Dir(k.data), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			left = append(left, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	slices.Sort(left)
	if got := strings.Join(left, " "); got != "sockscope.db sockscope.lock" {
		k.t.Errorf("left are the files %s; want the database and its lock", got)
	}
	if dirs := k.sockets(); len(dirs) > 0 {
		k.t.Errorf("left are the socket directories %v", dirs)
	}
	if _, err := os.Stat(filepath.Join(k.data, "queue")); !os.IsNotExist(err) {
		k.t.Errorf("left is the queue's directory: %v", err)
	}
}

// checkStore opens the database itself and looks at everything in it.
func (k *killer) checkStore() {
	k.t.Helper()
	s, err := store.Open(k.t.Context(), k.data, store.Options{})
	if err != nil {
		k.t.Fatal(err)
	}
	defer s.Close()
	report, err := s.Check(k.t.Context(), true)
	if err != nil || len(report.Problems) > 0 {
		k.t.Errorf("the check finds %q, %v", report.Problems, err)
	}
	attempts := 0
	for id := range k.acknowledged {
		c, err := s.Comparison(k.t.Context(), id)
		if err != nil {
			k.t.Errorf("%s was acknowledged and is lost: %v", id, err)
			continue
		}
		attempts = max(attempts, c.Attempt)
		k.checkComparison(s, c)
	}
	k.t.Logf("%d comparisons, %d runs, %d profiles and %d blobs hold; the most attempts at one were %d",
		report.Comparisons, report.Runs, report.Profiles, report.Blobs, attempts)
}

func (k *killer) checkComparison(s *store.Store, c profiles.Comparison) {
	k.t.Helper()
	switch {
	case c.State == profiles.Done && c.Done == c.Total:
	case c.State == profiles.Canceled && c.CancelRequested:
	default:
		k.t.Errorf("%s is %s with %d of %d runs: %s", c.ID, c.State, c.Done, c.Total, c.Failure)
	}
	if k.canceled[c.ID] && !c.CancelRequested {
		k.t.Errorf("the cancel of %s was acknowledged and is lost", c.ID)
	}
	if c.Attempt > 1 && c.InterruptedAt.IsZero() {
		k.t.Errorf("%s had %d attempts, and it is not said when it was interrupted", c.ID, c.Attempt)
	}
	runs, err := s.Runs(k.t.Context(), c.ID)
	if err != nil || len(runs) != c.Done {
		k.t.Errorf("%s says %d runs and has %d, %v", c.ID, c.Done, len(runs), err)
	}
	ps, err := s.Profiles(k.t.Context(), c.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	merged, kinds := 0, map[profiles.Kind]bool{profiles.Go: true}
	for _, p := range ps {
		kinds[p.Kind] = true // where the kernel is sampled, there is one of it for each of Go's
		if p.Merged() {
			merged++
		}
		data, err := s.Blob(k.t.Context(), p.SHA256)
		if err != nil {
			k.t.Errorf("%s of %s: %v", p.ID, c.ID, err)
			continue
		}
		if _, err := guard.DecodeBytes(data, guard.Default()); err != nil {
			k.t.Errorf("%s of %s is half-written: %v", p.ID, c.ID, err)
		}
	}
	want := 0
	if c.Done == c.Total {
		want = 2 * len(c.Cells) * len(kinds)
	}
	if len(ps) != 2*len(runs)*len(kinds)+merged || merged != want {
		k.t.Errorf("%s is %s with %d runs and has %d profiles, %d of them merged; want %d merged", c.ID, c.State, len(runs), len(ps), merged, want)
	}
}
