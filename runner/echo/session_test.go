package echo_test

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is the command in a process of its own.
type process struct {
	cmd   *exec.Cmd
	ready string
}

func run(t *testing.T, args ...string) *process {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM")
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(exe)}
	p.cmd.Env = append(os.Environ(), arguments+"="+strings.Join(args, "\n"))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // of no use where the test ended it
		_ = p.cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line: %v", err)
	}
	p.ready = strings.TrimSpace(line)
	return p
}

// try runs the command that the ready line tells to try, in a shell.
func (p *process) try(t *testing.T) string {
	t.Helper()
	_, command, ok := strings.Cut(p.ready, "; try: ")
	if !ok {
		t.Fatalf("ready line %q", p.ready)
	}
	return shell(t, command)
}

func shell(t *testing.T, command string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "sh", "-c", command).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

func needs(t *testing.T, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed: make setup does it", tool)
	}
}

// TestSessionsOfTheArticle types what the article types.
func TestSessionsOfTheArticle(t *testing.T) {
	t.Parallel()
	t.Run("nc", func(t *testing.T) {
		t.Parallel()
		needs(t, "nc")
		file := path(t)
		p := run(t, "--network", "unix", "--address", file)
		if got := p.try(t); got != "Hello\n" {
			t.Errorf("%s: %q", p.ready, got)
		}
		if got := shell(t, `echo "I'm a Kungfu Dev" | nc -U `+file); got != "I'm a Kungfu Dev\n" {
			t.Errorf("nc -U: %q", got)
		}
	})
	t.Run("nc over TCP", func(t *testing.T) {
		t.Parallel()
		needs(t, "nc")
		if got := run(t, "--network", "tcp", "--address", ":0").try(t); got != "Hello\n" {
			t.Errorf("nc: %q", got)
		}
	})
	t.Run("nc with datagrams", func(t *testing.T) {
		t.Parallel()
		needs(t, "nc")
		for _, network := range []string{"udp", "unixgram"} {
			address := path(t)
			if network == "udp" {
				address = "127.0.0.1:0"
			}
			if got := run(t, "--network", network, "--address", address).try(t); got != "Hello\n" {
				t.Errorf("nc with %s: %q", network, got)
			}
		}
	})
	t.Run("curl", func(t *testing.T) {
		t.Parallel()
		needs(t, "curl")
		file := path(t)
		p := run(t, "--http", "--address", file)
		const want = "Hello kung fu developer!\n"
		if got := p.try(t); got != want {
			t.Errorf("%s: %q", p.ready, got)
		}
		if got := shell(t, "curl -s -N --unix-socket "+file+" http://localhost/"); got != want {
			t.Errorf("curl: %q", got)
		}
		if got := shell(t, "curl -s --unix-socket "+file+" -d posted http://localhost/"); got != "posted" {
			t.Errorf("curl -d: %q", got)
		}
	})
	t.Run("curl to a name without a file", func(t *testing.T) {
		t.Parallel()
		needs(t, "curl")
		if runtime.GOOS != "linux" {
			t.Skip("only Linux has them")
		}
		if got := run(t, "--http", "--address", "@sockscope-echo-curl").try(t); !strings.HasPrefix(got, "Hello") {
			t.Errorf("curl: %q", got)
		}
	})
	t.Run("its own client", func(t *testing.T) {
		t.Parallel()
		file := path(t)
		run(t, "--http", "--address", file)
		if got := run(t, "--get", "/", "--address", file).ready; got != "Hello kung fu developer!" {
			t.Errorf("--get: %q", got)
		}
	})
}

// TestSignalsRemoveTheFile ends servers that have a client in the middle of a
// session.
func TestSignalsRemoveTheFile(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		for _, kind := range []string{"--keep", "--http", "--network=unixgram"} {
			t.Run(kind+" "+s.String(), func(t *testing.T) {
				t.Parallel()
				file := path(t)
				p := run(t, kind, "--address", file)
				network := "unix"
				if strings.HasSuffix(kind, "gram") {
					network = "unixgram"
				}
				conn := dial(t, network, file)
				defer conn.Close()
				if err := p.cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
				if err := p.cmd.Wait(); err != nil {
					t.Errorf("ended with %v, want exit code 0", err)
				}
				if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the file is there after %s: %v", s, err)
				}
			})
		}
	}
}

func TestCommandRefuses(t *testing.T) {
	t.Parallel()
	file := path(t)
	stale(t, "unix", file)
	for want, args := range map[string][]string{
		"use --replace":                 {"--address", file},
		"are for starting one":          {"--get", "/", "--replace"},
		"no server listens":             {"--get", "/", "--address", file},
		"the network \"pigeon\" is not": {"--network", "pigeon"},
	} {
		exe, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), arguments+"="+strings.Join(args, "\n"))
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), want) || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%q: %v, %q; want one line with %q", args, err, out, want)
		}
	}
}
