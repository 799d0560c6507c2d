package echo_test

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/sockscope/sockscope/runner/echo"
)

func TestFileHasTheModeAndGoes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("modes are those of unix")
	}
	for _, network := range []string{"unix", "unixgram"} {
		for text, want := range map[string]fs.FileMode{"": 0o600, "0600": 0o600, "660": 0o660, "0777": 0o777, "0000": 0, "0644": 0o644} {
			t.Run(network+" "+text, func(t *testing.T) {
				t.Parallel()
				p := path(t)
				s := start(t, echo.Options{Network: network, Address: p, Mode: text})
				info, err := os.Lstat(p)
				if err != nil || info.Mode() != fs.ModeSocket|want {
					t.Errorf("mode %v, %v, want %s", info.Mode(), err, fs.ModeSocket|want)
				}
				s.stop()
				if err := <-s.ended; err != nil {
					t.Error(err)
				}
				s.ended <- nil
				if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the file is there after the server: %v", err)
				}
			})
		}
	}
}

// TestLeavesAnothersFile replaces the server's file behind its back.
func TestLeavesAnothersFile(t *testing.T) {
	t.Parallel()
	p := path(t)
	s := start(t, echo.Options{Network: "unix", Address: p})
	if err := os.Remove(p); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.stop()
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
	s.ended <- nil
	if b, err := os.ReadFile(p); err != nil || string(b) != "keep me" {
		t.Errorf("what took the name of the socket is %q, %v", b, err)
	}
}

// stale leaves a socket behind that nobody listens to.
func stale(t *testing.T, network, p string) {
	t.Helper()
	if network == "unixgram" {
		c, err := net.ListenPacket(network, p)
		if err != nil {
			t.Fatal(err)
		}
		c.Close() // leaves its file
		waitUntilRefused(t, network, p)
		return
	}
	l, err := net.Listen(network, p)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	waitUntilRefused(t, network, p)
}

// waitUntilRefused waits for the last copy of a closed socket to go: a process
// that another test starts has one between fork and exec.
func waitUntilRefused(t *testing.T, network, p string) {
	t.Helper()
	for {
		conn, err := net.Dial(network, p)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			conn.Close()
		}
		if t.Context().Err() != nil {
			t.Fatalf("a closed socket still answers: %v", err)
		}
		runtime.Gosched()
	}
}

func TestStaleFile(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the other systems lack some of these sockets")
	}
	for _, network := range []string{"unix", "unixpacket", "unixgram"} {
		t.Run(network, func(t *testing.T) {
			t.Parallel()
			p := path(t)
			stale(t, network, p)
			before, err := os.Lstat(p)
			if err != nil {
				t.Fatal(err)
			}
			err = echo.Serve(t.Context(), echo.Options{Network: network, Address: p}, io.Discard)
			if err == nil || !strings.Contains(err.Error(), "is left over from a server that is gone: remove it with rm "+p) {
				t.Errorf("error %v", err)
			}
			if after, err := os.Lstat(p); err != nil || !os.SameFile(before, after) {
				t.Errorf("what was left is gone: %v", err)
			}
			start(t, echo.Options{Network: network, Address: p, Replace: true})
			if got := ask(t, network, p, "Hello"); got != "Hello" {
				t.Errorf("the server that took its place says %q", got)
			}
		})
	}
}

func TestReplaceTakesOnlyDeadSockets(t *testing.T) {
	t.Parallel()
	plants := map[string]struct {
		plant func(t *testing.T, p string)
		want  string
	}{
		"live server": {func(t *testing.T, p string) { start(t, echo.Options{Network: "unix", Address: p}) }, "another server listens on "},
		"live server of another type": {func(t *testing.T, p string) {
			start(t, echo.Options{Network: "unixgram", Address: p})
		}, "another server listens on "},
		"file": {func(t *testing.T, p string) {
			if err := os.WriteFile(p, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is a file and not a socket"},
		"symbolic link": {func(t *testing.T, p string) {
			other := path(t)
			stale(t, "unix", other)
			if err := os.Symlink(other, p); err != nil {
				t.Fatal(err)
			}
		}, "is a symbolic link and not a socket"},
	}
	if os.Geteuid() == 0 {
		plants["socket of another user"] = struct {
			plant func(t *testing.T, p string)
			want  string
		}{func(t *testing.T, p string) {
			stale(t, "unix", p)
			if err := os.Lchown(p, 65534, 65534); err != nil {
				t.Fatal(err)
			}
		}, "of another user"}
	}
	for name, c := range plants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" {
				t.Skip("the files are those of unix")
			}
			p := path(t)
			c.plant(t, p)
			before, err := os.Lstat(p)
			if err != nil {
				t.Fatal(err)
			}
			err = echo.Serve(t.Context(), echo.Options{Network: "unix", Address: p, Replace: true}, io.Discard)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if after, err := os.Lstat(p); err != nil || !os.SameFile(before, after) {
				t.Errorf("what was there is gone: %v", err)
			}
		})
	}
}
