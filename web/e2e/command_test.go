package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/web/e2e/shapes"
)

// run runs the product to its end and returns what it printed and its exit code.
func run(t *testing.T, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append(append(os.Environ(), "SOCKSCOPE_TOKEN="+token), env...)
	cmd.Dir = t.TempDir()
	var errOut strings.Builder
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), errOut.String(), cmd.ProcessState.ExitCode()
}

// TestWrongUsageIsOneSentence: each says what is wrong and how to mend it, on one
// line of stderr, and exits with 2.
func TestWrongUsageIsOneSentence(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() }) // not deferred: the cases run after this function
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(t.TempDir(), strings.Repeat("l", 110))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args []string
		env  []string
		says []string
	}{
		"port in use":            {args: []string{"serve", "--listen", taken.Addr().String()}, says: []string{taken.Addr().String(), "in use", "--listen"}},
		"no address":             {args: []string{"serve", "--listen", "here"}, says: []string{`"here"`, "127.0.0.1:7070"}},
		"open to all":            {args: []string{"serve", "--listen", "0.0.0.0:0"}, says: []string{"--public-url"}},
		"bad public URL":         {args: []string{"serve", "--public-url", "example"}, says: []string{`"example"`, "https://"}},
		"data is a file":         {args: []string{"serve", "--listen", "127.0.0.1:0", "--data", file}, says: []string{"a file", "directory"}},
		"short token":            {args: []string{"serve"}, env: []string{"SOCKSCOPE_TOKEN=short"}, says: []string{"SOCKSCOPE_TOKEN", "16"}},
		"no token file":          {args: []string{"serve", "--token-file", "missing"}, says: []string{"missing"}},
		"unknown command":        {args: []string{"dance"}, says: []string{"dance"}},
		"unknown flag":           {args: []string{"compare", "--sokets", "unix"}, says: []string{"--sokets"}},
		"unknown socket":         {args: []string{"compare", "--sockets", "unix,smoke"}, says: []string{`"smoke"`, "unix"}},
		"0 rounds":               {args: []string{"compare", "--rounds", "0"}, says: []string{"0 rounds", "1 to 100"}},
		"1e9 requests":           {args: []string{"compare", "--requests", "1000000000"}, says: []string{"1000000000 requests"}},
		"no number":              {args: []string{"compare", "--rounds", "ten"}, says: []string{"--rounds", "ten"}},
		"unknown format":         {args: []string{"compare", "--format", "pdf"}, says: []string{`"pdf"`, "text"}},
		"unknown placement":      {args: []string{"compare", "--placement", "moon"}, says: []string{`"moon"`, "split"}},
		"unknown kernel mode":    {args: []string{"compare", "--kernel", "perhaps"}, says: []string{"kernel", "auto"}},
		"nothing to check":       {args: []string{"check", "--data", "nowhere"}, says: []string{"nowhere", "sockscope.db", "--data"}},
		"check of a file":        {args: []string{"check", "--data", file}, says: []string{"a file", "not a directory", "--data"}},
		"check with an argument": {args: []string{"check", "nowhere"}, says: []string{"nowhere"}},
		"backup to nowhere":      {args: []string{"backup"}, says: []string{"backup FILE", "one file"}},
		"backup of nothing":      {args: []string{"backup", "copy.db", "--data", "nowhere"}, says: []string{"nowhere", "sockscope.db"}},
		"unix path is too long":  {args: []string{"compare", "--rounds", "1", "--requests", "1"}, env: []string{"TMPDIR=" + long, "XDG_RUNTIME_DIR="}, says: []string{"107", "TMPDIR"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := []string{}
			if tt.args[0] == "serve" && name != "data is a file" {
				data = []string{"--data", filepath.Join(t.TempDir(), "data")}
			}
			stdout, stderr, code := run(t, tt.env, append(tt.args, data...)...)
			if code != 2 || stdout != "" {
				t.Errorf("exit %d, want 2; stdout %q, stderr %q", code, stdout, stderr)
			}
			last := strings.TrimSpace(stderr[strings.LastIndex(strings.TrimSpace(stderr), "\n")+1:])
			for _, s := range tt.says {
				if !strings.Contains(last, s) {
					t.Errorf("the sentence %q does not say %q", last, s)
				}
			}
			if strings.Contains(stderr, "goroutine ") {
				t.Errorf("stderr has a stack: %s", stderr)
			}
		})
	}
}

// TestSecondServer: one data directory has one server; the second is told whose it
// is, and nothing of the first is lost.
func TestSecondServer(t *testing.T) {
	t.Parallel()
	s := serve(t)
	_, stderr, code := run(t, nil, "serve", "--listen", "127.0.0.1:0", "--data", s.data)
	if code != 2 || strings.Count(strings.TrimSpace(stderr), "\n") != 0 || !strings.Contains(stderr, s.data) {
		t.Errorf("exit %d, stderr %q: want 2 and one sentence that names %s", code, stderr, s.data)
	}
	if code := s.call("GET", "/api/v1/comparisons", nil, nil); code != 200 {
		t.Errorf("the first server answers %d", code)
	}
}

// TestCheckAndBackup: both work beside a server and say what they looked at; a check
// that finds something says what, line by line, and exits with 1.
func TestCheckAndBackup(t *testing.T) {
	t.Parallel()
	s := serve(t)
	main := &profile.Function{ID: 1, Name: "main.main", Filename: "main.go"}
	at := &profile.Location{ID: 1, Line: []profile.Line{{Function: main, Line: 3}}}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}}, Function: []*profile.Function{main}, Location: []*profile.Location{at},
		Sample: []*profile.Sample{{Location: []*profile.Location{at}, Value: []int64{1000}}},
	}
	id := s.file(t, "mine", p)
	restored := t.TempDir()
	copied := filepath.Join(restored, "sockscope.db")
	for _, args := range [][]string{{"check", "--data", s.data, "--read-data"}, {"backup", "--data", s.data, copied}, {"check", "--data", restored}} {
		stdout, stderr, code := run(t, nil, args...)
		if code != 0 || strings.Count(stdout, "\n") != 1 || !strings.Contains(stdout, "0 runs, 1 profile, 0 shares and 1 blob of ") || !strings.HasSuffix(stdout, ": no fault.\n") || stderr != "" {
			t.Errorf("%v: exit %d, %q, %q", args, code, stdout, stderr)
		}
	}
	whole, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	gzipped, err := shapes.Encode(p) // as it was sent, and small enough to stand in one piece
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.Index(whole, gzipped)
	if start < 0 {
		t.Fatal("the copy does not hold the profile")
	}
	whole[start+len(gzipped)/2] ^= 1
	if err := os.WriteFile(copied, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := run(t, []string{"SOCKSCOPE_DATA=" + restored}, "check", "--read-data")
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if code != 1 || len(lines) != 2 || !strings.Contains(lines[0], "which is the profile "+id+", is damaged") || !strings.HasSuffix(lines[1], ": 1 fault.") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("a damaged blob: exit %d, %q, %q", code, stdout, stderr)
	}
}

// TestReadOnlyData: as root nothing is read-only by its mode, so the test needs
// another user's eyes.
func TestReadOnlyData(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		if _, err := exec.LookPath("setpriv"); err != nil {
			t.Skip("root may write everywhere, and there is no setpriv to be somebody else")
		}
	}
	dir, err := os.MkdirTemp("", "ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	args := []string{binary, "serve", "--listen", "127.0.0.1:0", "--data", dir}
	if os.Getuid() == 0 {
		if err := os.Chmod(filepath.Dir(binary), 0o755); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"}, args...)
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "SOCKSCOPE_TOKEN="+token, "HOME=/nonexistent")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || strings.Count(strings.TrimSpace(string(out)), "\n") != 0 || !strings.Contains(string(out), dir) {
		t.Errorf("%v, printed %q: want exit 2 and one sentence that names %s", err, out, dir)
	}
}

// TestCompareCommand: the same comparison without a server; the result on stdout
// alone, the files named as the manual says, and pprof opens them.
func TestCompareCommand(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	stdout, stderr, code := run(t, nil, "compare", "--sockets", "unix,tcp", "--rounds", "2", "--requests", "300", "--format", "json", "--out", out)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var r result
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("stdout is no JSON: %v", err)
	}
	if r.State != "done" || len(r.Cells) != 3 || r.Verdict.Text == "" {
		t.Errorf("the result is %+v", r)
	}
	for _, name := range []string{"unix.client.go.pprof", "unix.server.go.pprof", "tcp4.client.go.pprof", "tcp4.server.go.pprof", "unix-aa.client.go.pprof", "result.json"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !strings.Contains(stderr, "round 2 of 2") || !strings.Contains(stderr, "timing pass") {
		t.Errorf("the progress is %q", stderr)
	}
}
