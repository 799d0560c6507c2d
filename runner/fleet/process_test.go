package fleet_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what has to happen. It is no assertion
// about speed.
const patience = 3 * time.Minute

// binaries are built once for all tests.
type binaries struct {
	dir       string
	sockscope func() (string, error)
	nats      func() (string, error)
}

var built = sync.OnceValue(func() *binaries {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		panic(err)
	}
	build := func(name, pkg string) func() (string, error) {
		return sync.OnceValues(func() (string, error) {
			file := filepath.Join(dir, name)
			out, err := exec.Command("go", "build", "-o", file, pkg).CombinedOutput()
			if err != nil {
				return "", errors.New(err.Error() + ": " + string(out))
			}
			return file, nil
		})
	}
	return &binaries{dir, build("sockscope", "github.com/sockscope/sockscope"), build("nats-server", "github.com/nats-io/nats-server/v2")}
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(built().dir)
	os.Exit(code)
}

func sockscope(t *testing.T) string {
	t.Helper()
	file, err := built().sockscope()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// process is one that a test has started. Its lines can be awaited.
type process struct {
	t    *testing.T
	name string
	cmd  *exec.Cmd

	mu    sync.Mutex
	lines []string
	news  chan struct{} // closed and made anew at each line
	done  chan struct{} // closed at its end
}

// start runs a program in a place: a network namespace, or "" for this one.
func start(t *testing.T, name, place, file string, args ...string) *process {
	t.Helper()
	argv := append([]string{file}, args...)
	if place != "" {
		argv = append([]string{"ip", "netns", "exec", place}, argv...) // it becomes the program: the pid stays
	}
	p := &process{t: t, name: name, cmd: exec.Command(argv[0], argv[1:]...), news: make(chan struct{}), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), "SOCKSCOPE_TOKEN="+startToken)
	r, w := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = w, w
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(r)
	go func() {
		_ = p.cmd.Wait() // how it ended is asked of ProcessState
		w.Close()
		close(p.done)
	}()
	t.Cleanup(p.kill)
	return p
}

func (p *process) read(r io.Reader) {
	for s := bufio.NewScanner(r); s.Scan(); {
		p.mu.Lock()
		p.lines = append(p.lines, s.Text())
		close(p.news)
		p.news = make(chan struct{})
		p.mu.Unlock()
	}
}

// await returns the first line that has all of the words.
func (p *process) await(words ...string) string {
	p.t.Helper()
	timeout := time.After(patience)
	for {
		p.mu.Lock()
		lines, news := p.lines, p.news
		p.mu.Unlock()
		for _, line := range lines {
			if hasAll(line, words) {
				return line
			}
		}
		select {
		case <-news:
		case <-p.done:
			p.t.Fatalf("%s ended without %q; it said %q", p.name, words, p.said())
		case <-timeout:
			p.t.Fatalf("%s did not say %q within %s; it said %q", p.name, words, patience, p.said())
		}
	}
}

func hasAll(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.lines, "\n")
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// stop is SIGTERM; it returns the exit code.
func (p *process) stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	return p.exit()
}

func (p *process) exit() int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode()
	case <-ctx.Done():
		p.t.Fatalf("%s does not end", p.name)
		return -1
	}
}

// word is the one of a line that begins so.
func word(line, prefix string) string {
	for w := range strings.FieldsSeq(line) {
		if strings.HasPrefix(w, prefix) {
			return w
		}
	}
	return ""
}
