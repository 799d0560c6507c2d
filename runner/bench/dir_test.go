package bench_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/child"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

func runDir(t *testing.T) string { return sockettest.Dir(t) }

// longDir is a directory below which no unix socket fits.
func longDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(sockettest.Dir(t), strings.Repeat("long", 25))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind in the run directory: %v, %v", left, err)
	}
}

func TestDefaultRunDir(t *testing.T) {
	base := sockettest.Dir(t)
	t.Setenv("XDG_RUNTIME_DIR", base)
	dir, err := bench.DefaultRunDir()
	if err != nil || dir != filepath.Join(base, "sockscope") {
		t.Fatalf("DefaultRunDir() = %q, %v", dir, err)
	}
	if info, err := os.Lstat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if again, err := bench.DefaultRunDir(); err != nil || again != dir {
		t.Errorf("the second time: %q, %v", again, err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := bench.DefaultRunDir(); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a directory that all may write to: %v", err)
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(base, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := bench.DefaultRunDir(); err == nil {
		t.Error("a symbolic link was taken for a private directory")
	}
	t.Setenv("XDG_RUNTIME_DIR", filepath.Join(base, "nowhere"))
	t.Setenv("TMPDIR", base)
	if dir, err := bench.DefaultRunDir(); err != nil || filepath.Dir(dir) != base {
		t.Errorf("without XDG_RUNTIME_DIR: %q, %v", dir, err)
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	dir := runDir(t)
	if err := os.Mkdir(filepath.Join(dir, child.DirName("dead")), 0o700); err != nil {
		t.Fatal(err)
	}
	if n, err := bench.Sweep(dir); n != 1 || err != nil {
		t.Errorf("Sweep: %d, %v", n, err)
	}
	empty(t, dir)
}
