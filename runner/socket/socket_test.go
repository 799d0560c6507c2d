package socket_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestExercise(t *testing.T) {
	t.Parallel()
	for _, name := range runner.Sockets {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			kind := of(t, name)
			if kind.Name() != name {
				t.Errorf("Of(%q) is named %q", name, kind.Name())
			}
			sockettest.Exercise(t, kind)
		})
	}
}

func TestOfUnknown(t *testing.T) {
	t.Parallel()
	if _, err := socket.Of("carrier-pigeon"); err == nil || !strings.Contains(err.Error(), "carrier-pigeon") {
		t.Errorf("Of(carrier-pigeon): %v, want an error that names it", err)
	}
}

func TestUnixFileIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux gives a socket's mode to its file")
	}
	l := listen(t, sockettest.Dir(t))
	info, err := os.Lstat(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != fs.ModeSocket|0o600 {
		t.Errorf("the socket's mode is %s, want srw-------", info.Mode())
	}
}

func TestUnixCloseRemovesItsFile(t *testing.T) {
	t.Parallel()
	l := listen(t, sockettest.Dir(t))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(l.Addr().String()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is there after Close: %v", err)
	}
}

// TestUnixLeavesOthersAlone puts something at the name that Listen wants.
func TestUnixLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	plants := map[string]func(dir, path string) error{
		"file":      func(_, path string) error { return os.WriteFile(path, []byte("keep me"), 0o600) },
		"directory": func(_, path string) error { return os.Mkdir(path, 0o700) },
		"symlink":   func(dir, path string) error { return os.Symlink(filepath.Join(dir, "nowhere"), path) },
	}
	for name, plant := range plants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := sockettest.Dir(t)
			path := unixPath(t, dir)
			if err := plant(dir, path); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			l, err := of(t, runner.Unix).Listen(dir)
			if err == nil {
				l.Close()
				t.Fatal("Listen took a name that was in use")
			}
			if !strings.Contains(err.Error(), path) {
				t.Errorf("error %q does not name %s", err, path)
			}
			if after, err := os.Lstat(path); err != nil || !os.SameFile(before, after) {
				t.Errorf("what was there is gone: %v", err)
			}
		})
	}
	t.Run("live server", func(t *testing.T) {
		t.Parallel()
		dir := sockettest.Dir(t)
		first := listen(t, dir)
		if l, err := of(t, runner.Unix).Listen(dir); err == nil {
			l.Close()
			t.Error("a second Listen in the same directory succeeded")
		}
		conn, err := net.Dial("unix", first.Addr().String())
		if err != nil {
			t.Fatalf("the first server does not answer any more: %v", err)
		}
		conn.Close()
	})
}

func TestUnixPathLength(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the limit differs between systems")
	}
	const most = 107
	base := sockettest.Dir(t)
	file := len(unixPath(t, base)) - len(base)
	for _, n := range []int{most - 1, most, most + 1} {
		dir := filepath.Join(base, strings.Repeat("d", n-file-len(base)-1))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		l, err := of(t, runner.Unix).Listen(dir)
		if (err == nil) != (n <= most) {
			t.Errorf("Listen with a path of %d bytes: %v", n, err)
		}
		if err == nil {
			l.Close()
		} else if !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "TMPDIR") {
			t.Errorf("error %q does not name the path and the mend", err)
		}
	}
}

func TestSourcesHoldTheDialers(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"dialer.go": "func (d *Dialer) Dial()", "unix.go": "func (unix) Listen("} {
		if b, err := fs.ReadFile(socket.Sources, file); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("Sources lack %q in %s: %v", want, file, err)
		}
	}
}

func of(t *testing.T, name runner.Socket) socket.Kind {
	t.Helper()
	kind, err := socket.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	return kind
}

func listen(t *testing.T, dir string) net.Listener {
	t.Helper()
	l, err := of(t, runner.Unix).Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// unixPath is where Listen makes its file in dir.
func unixPath(t *testing.T, dir string) string {
	t.Helper()
	l := listen(t, dir)
	path := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
