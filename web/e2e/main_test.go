package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary is the product, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "sockscope")
	build := exec.Command("go", "build", "-o", binary, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the product: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const token = "e2e-token-of-the-tests"

// server is the product while it runs.
type server struct {
	t       *testing.T
	url     string // without a slash at the end
	data    string
	tmp     string // its TMPDIR: run directories are made below
	process *exec.Cmd
	stderr  *bytes.Buffer
	gone    chan struct{}
}

// serve starts the product on a free port and waits for its link. It is stopped
// with the test.
func serve(t *testing.T, args ...string) *server {
	t.Helper()
	tmp, err := os.MkdirTemp("", "s") // t.TempDir is too long for the path of a unix socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(tmp) })
	return serveIn(t, filepath.Join(t.TempDir(), "data"), tmp, args...)
}

var printed = regexp.MustCompile(`^sockscope: (http://127\.0\.0\.1:[0-9]+)/\?token=(\S+)$`)

func serveIn(t *testing.T, data, tmp string, args ...string) *server {
	t.Helper()
	s := &server{t: t, data: data, tmp: tmp, stderr: &bytes.Buffer{}, gone: make(chan struct{})}
	s.process = exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data}, args...)...)
	s.process.Env = append(os.Environ(), "SOCKSCOPE_TOKEN="+token, "TMPDIR="+tmp, "XDG_RUNTIME_DIR=")
	s.process.Stderr = s.stderr
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	m := printed.FindStringSubmatch(strings.TrimSpace(line))
	if err != nil || m == nil || m[2] != token {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		t.Fatalf("the server printed %q (%v) and on stderr: %s", line, err, s.stderr)
	}
	s.url = m[1]
	go func() { _ = s.process.Wait(); close(s.gone) }()
	return s
}

// stop sends SIGTERM and expects a clean end.
func (s *server) stop() {
	select {
	case <-s.gone:
		return
	default:
	}
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.gone:
		if code := s.process.ProcessState.ExitCode(); code != 0 {
			s.t.Errorf("after SIGTERM the server exited with %d; stderr: %s", code, s.stderr)
		}
	case <-time.After(15 * time.Second):
		_ = s.process.Process.Kill()
		s.t.Errorf("the server did not stop within 15 s of SIGTERM; stderr: %s", s.stderr)
	}
}

// call sends JSON with the token and reads JSON.
func (s *server) call(method, path string, body, into any) int {
	s.t.Helper()
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			s.t.Fatal(err)
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if into != nil {
		if err := json.NewDecoder(res.Body).Decode(into); err != nil {
			s.t.Fatalf("%s %s: %d, and no JSON: %v", method, path, res.StatusCode, err)
		}
	}
	return res.StatusCode
}

// measuredCell is what the tests read of a cell.
type measuredCell struct {
	Socket  string
	AA      bool
	Metrics map[string]struct{ Median float64 }
	Ratio   map[string]struct {
		Estimate float64
		Low      *float64
		High     *float64
	}
	Profiles []struct{ ID, Side, Kind string }
}

// result is what the tests read of a comparison's document.
type result struct {
	ID       string
	State    string
	Failure  string
	Progress struct{ Done, Total int }
	Cells    []measuredCell
	Verdict  struct {
		Text  string
		Facts []string
	}
}

// finished waits until the comparison has ended, and once it runs does to it what is
// asked for, again and again.
func (s *server) finished(id string, within time.Duration, meanwhile ...func(id string)) result {
	s.t.Helper()
	deadline := time.Now().Add(within)
	for {
		var r result
		if code := s.call(http.MethodGet, "/api/v1/comparisons/"+id, nil, &r); code != http.StatusOK {
			s.t.Fatalf("GET comparison %s: %d", id, code)
		}
		switch {
		case r.State == "done" || r.State == "failed" || r.State == "canceled":
			return r
		case time.Now().After(deadline):
			s.t.Fatalf("%s is still %s after %v, %d of %d runs; stderr: %s", id, r.State, within, r.Progress.Done, r.Progress.Total, s.stderr)
		}
		if r.State == "running" {
			for _, do := range meanwhile {
				do(id)
			}
		}
		pause(s.t.Context(), 100*time.Millisecond)
	}
}

// quick runs a small comparison to its end.
func (s *server) quick(spec map[string]any) result {
	s.t.Helper()
	var created struct{ ID, Detail string }
	if code := s.call(http.MethodPost, "/api/v1/comparisons", spec, &created); code != http.StatusCreated {
		s.t.Fatalf("POST comparison: %d %s", code, created.Detail)
	}
	r := s.finished(created.ID, 3*time.Minute)
	if r.State != "done" {
		s.t.Fatalf("%s is %s: %s", r.ID, r.State, r.Failure)
	}
	return r
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
