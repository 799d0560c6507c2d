package child_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/child"
)

func TestSweep(t *testing.T) {
	t.Parallel()
	live := runDir(t)
	base := filepath.Dir(live)
	server := start(t, child.Server, child.Options{})
	if _, err := server.Open(t.Context(), child.Task{Socket: runner.Unix, Size: 5, Concurrency: 1, Workload: runner.Echo, Dir: live}); err != nil {
		t.Fatal(err)
	}
	dead, gone, foreign := filepath.Join(base, child.DirName("2")), filepath.Join(base, child.DirName("3.old")), filepath.Join(base, "notes")
	for _, dir := range []string{dead, gone, foreign} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "s"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	canary := filepath.Join(base, "canary")
	if err := os.WriteFile(canary, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(base, child.DirName("5"))
	if err := os.Symlink(foreign, link); err != nil {
		t.Fatal(err)
	}
	n, err := child.Sweep(base)
	if err != nil || n != 2 {
		t.Errorf("Sweep removed %d, %v; want 2", n, err)
	}
	for path, want := range map[string]bool{live: true, filepath.Join(live, "s"): true, dead: false, gone: false, foreign: true, canary: true, link: true} {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", filepath.Base(path), err == nil, want)
		}
	}
}

func TestRunDirMustBeNew(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	server := start(t, child.Server, child.Options{})
	if _, err := server.Open(t.Context(), child.Task{Socket: runner.Unix, Size: 5, Concurrency: 1, Workload: runner.Echo, Dir: dir}); err == nil {
		t.Error("Open took a directory that was there")
	}
}

// TestSweepLeavesTheNew makes directories while others are swept: one that has only
// just been made, and is not locked yet, is not taken for one that is left over.
func TestSweepLeavesTheNew(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	done := make(chan struct{})
	sweeper := sync.WaitGroup{}
	sweeper.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if _, err := child.Sweep(base); err != nil {
				t.Error(err)
				return
			}
		}
	})
	makers := sync.WaitGroup{}
	for range 4 {
		makers.Go(func() {
			for range 200 {
				path, remove, err := child.MakeDir(base)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := os.Stat(path); err != nil {
					t.Errorf("Sweep took a directory of a process that lives: %v", err)
				}
				remove()
			}
		})
	}
	makers.Wait()
	close(done)
	sweeper.Wait()
}
