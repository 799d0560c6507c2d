//go:build unix

package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sockscope/sockscope/profiles/store"
)

// asProcess makes this test binary act as another process, see TestMain.
const asProcess = "SOCKSCOPE_STORE_TEST"

func TestMain(m *testing.M) {
	do, dir, _ := strings.Cut(os.Getenv(asProcess), ":")
	switch do {
	case "":
		os.Exit(m.Run())
	case "open":
		openOnce(dir)
	case "write":
		writeForever(dir)
	}
}

// openOnce prints why the directory cannot be opened, or "opened".
func openOnce(dir string) {
	s, err := store.Open(context.Background(), dir, store.Options{})
	var r *store.Refusal
	switch {
	case errors.As(err, &r):
		fmt.Println(r.Sentence)
	case err != nil:
		fmt.Println("no refusal:", err)
	default:
		fmt.Println("opened")
		s.Close()
	}
}

func process(t *testing.T, do, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), asProcess+"="+do+":"+dir)
	cmd.Stderr = t.Output()
	return cmd
}

// asNobody opens a directory as a user who may do little.
func asNobody(t *testing.T, dir string) string {
	t.Helper()
	cmd := process(t, "open", dir)
	if os.Geteuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		self := filepath.Join(t.TempDir(), "test") // the test binary's own directory is closed to others
		data, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		// A child that is forked while the file is open for writing would hold it open,
		// and it could not be executed ("text file busy").
		syscall.ForkLock.RLock()
		err = os.WriteFile(self, data, 0o755)
		syscall.ForkLock.RUnlock()
		if err != nil {
			t.Fatal(err)
		}
		for d := filepath.Dir(self); strings.HasPrefix(d, os.TempDir()+"/"); d = filepath.Dir(d) {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Path = self
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestSecondServerIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, newClock())
	out, err := process(t, "open", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("Data directory %s is in use by process %d: stop that sockscope, or give this one a directory of its own with --data.\n", dir, os.Getpid())
	if string(out) != want {
		t.Errorf("refused with %q, want %q", out, want)
	}
	create(t, s) // the first one goes on
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, newClock())
}

func TestUnusableDirectories(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(base, "closed")
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dir, want string }{
		{closed, "Data directory " + closed + " cannot be written by this user (permission denied): give this user write permission, or choose another directory with --data."},
		{filepath.Join(closed, "below"), "Data directory " + filepath.Join(closed, "below") + " cannot be written by this user (permission denied): give this user write permission, or choose another directory with --data."},
		{file, "Data directory " + file + " is not a directory (not a directory): choose another one with --data."},
	} {
		if got := asNobody(t, c.dir); got != c.want {
			t.Errorf("refused with %q, want %q", got, c.want)
		}
	}
	if entries, _ := os.ReadDir(closed); len(entries) > 0 {
		t.Errorf("left %v", entries)
	}
}

func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, newClock())
	create(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for file, mode := range map[string]os.FileMode{store.FileName: 0o444, "sockscope.lock": 0o666} {
		if err := os.Chmod(filepath.Join(dir, file), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("Database %s/sockscope.db cannot be opened for writing: give this user write permission on it and on its directory, or choose another directory with --data.", dir)
	if got := asNobody(t, dir); got != want {
		t.Errorf("refused with %q, want %q", got, want)
	}
}

func TestForeignFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, store.FileName)
	text := strings.Repeat("not a database\n", 1000)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), dir, store.Options{})
	var r *store.Refusal
	if !errors.As(err, &r) || !strings.Contains(r.Sentence, "is not a readable SQLite database: restore it from a backup") {
		t.Errorf("refused with %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != text {
		t.Error("the foreign file was changed")
	}
}
