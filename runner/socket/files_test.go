package socket_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/runner/socket/sockettest"
)

// eachWithFile runs a test for every kind that lives in the file system.
func eachWithFile(t *testing.T, test func(*testing.T, socket.Kind)) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has all of these kinds, and gives a socket's mode to its file")
	}
	for _, name := range []runner.Socket{runner.Unix, runner.UnixPacket, runner.UnixGram} {
		t.Run(string(name), func(t *testing.T) { t.Parallel(); test(t, of(t, name)) })
	}
}

func TestFileIsPrivate(t *testing.T) {
	eachWithFile(t, func(t *testing.T, kind socket.Kind) {
		l, d := sockettest.Open(t, kind, 1)
		paths := []string{l.Addr().String()}
		if kind.Name() == runner.UnixGram {
			paths = append(paths, sockettest.Dial(t, d).LocalAddr().String())
		}
		for _, path := range paths {
			info, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode() != fs.ModeSocket|0o600 {
				t.Errorf("the mode of %s is %s, want srw-------", path, info.Mode())
			}
		}
	})
}

func TestCloseRemovesItsFile(t *testing.T) {
	eachWithFile(t, func(t *testing.T, kind socket.Kind) {
		l, _ := sockettest.Open(t, kind, 1)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(l.Addr().String()); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the file is there after Close: %v", err)
		}
		// The name may be another one's by now.
		if err := os.WriteFile(l.Addr().String(), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		if err := os.Remove(l.Addr().String()); err != nil {
			t.Errorf("a second Close took away what came after: %v", err)
		}
	})
}

// TestListenLeavesOthersAlone puts something at the name that Listen wants.
func TestListenLeavesOthersAlone(t *testing.T) {
	plants := map[string]func(kind socket.Kind, dir, path string) error{
		"file":      func(_ socket.Kind, _, path string) error { return os.WriteFile(path, []byte("keep me"), 0o600) },
		"directory": func(_ socket.Kind, _, path string) error { return os.Mkdir(path, 0o700) },
		"symlink":   func(_ socket.Kind, dir, path string) error { return os.Symlink(filepath.Join(dir, "nowhere"), path) },
		"live server": func(kind socket.Kind, dir, _ string) error {
			l, address, err := kind.Listen(socket.Options{Dir: dir})
			if err != nil {
				return err
			}
			t.Cleanup(func() {
				d, err := kind.Dialer(address, socket.DialOptions{Dir: dir})
				if err != nil {
					t.Error(err)
				} else if conn, err := d.Dial(); err != nil {
					t.Errorf("the first server does not answer any more: %v", err)
				} else {
					conn.Close()
				}
				l.Close()
				os.RemoveAll(dir)
			})
			return nil
		},
	}
	eachWithFile(t, func(t *testing.T, kind socket.Kind) {
		for name, plant := range plants {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dir, err := os.MkdirTemp("", "ss")
				if err != nil {
					t.Fatal(err)
				}
				if name != "live server" {
					t.Cleanup(func() { os.RemoveAll(dir) })
				}
				path := filepath.Join(dir, "s")
				if err := plant(kind, dir, path); err != nil {
					t.Fatal(err)
				}
				before, err := os.Lstat(path)
				if err != nil {
					t.Fatal(err)
				}
				l, _, err := kind.Listen(socket.Options{Dir: dir})
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
	})
}

func TestPathLength(t *testing.T) {
	eachWithFile(t, func(t *testing.T, kind socket.Kind) {
		const most = 107
		base := sockettest.Dir(t)
		for _, n := range []int{most - 1, most, most + 1} {
			dir := filepath.Join(base, strings.Repeat("d", n-len("/s")-len(base)-1))
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			l, _, err := kind.Listen(socket.Options{Dir: dir})
			if (err == nil) != (n <= most) {
				t.Errorf("Listen with a path of %d bytes: %v", n, err)
			}
			if err == nil {
				l.Close()
			} else if !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "TMPDIR") {
				t.Errorf("error %q does not name the path and the mend", err)
			}
		}
		if kind.Name() != runner.UnixGram {
			return
		}
		// A client's file has a longer name than the server's.
		long := filepath.Join(base, strings.Repeat("d", most-len("/s")-len(base)-1))
		if _, err := kind.Dialer("unixgram:"+long+"/s", socket.DialOptions{Dir: long}); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
			t.Errorf("Dialer in a directory that leaves no room for a client's file: %v", err)
		}
	})
}
