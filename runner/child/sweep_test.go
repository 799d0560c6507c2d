package child_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

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
	dead, fresh, old, foreign := filepath.Join(base, child.DirName("2")), filepath.Join(base, child.DirName("3.new")), filepath.Join(base, child.DirName("4.new")), filepath.Join(base, "notes")
	for _, dir := range []string{dead, fresh, old, foreign} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "s"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hourAgo := time.Now().Add(-time.Hour)
	if err := os.Chtimes(old, hourAgo, hourAgo); err != nil {
		t.Fatal(err)
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
	for path, want := range map[string]bool{live: true, filepath.Join(live, "s"): true, dead: false, fresh: true, old: false, foreign: true, canary: true, link: true} {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", filepath.Base(path), err == nil, want)
		}
	}
}

func TestRunDirMustBeNew(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	if err := os.Mkdir(dir+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	server := start(t, child.Server, child.Options{})
	if _, err := server.Open(t.Context(), child.Task{Socket: runner.Unix, Size: 5, Concurrency: 1, Workload: runner.Echo, Dir: dir}); err == nil {
		t.Error("Open took a directory that was there")
	}
}
