package e2e

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// push runs "sockscope push" in dir and returns what it printed and its exit code.
func push(t *testing.T, dir string, stdin []byte, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"push"}, args...)...)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(stdin)
	cmd.Env = append(os.Environ(), append([]string{"SOCKSCOPE_TOKEN=", "SOCKSCOPE_SERVER="}, env...)...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), said.String(), cmd.ProcessState.ExitCode()
}

// burner is a program of the user's own, in a module of its own, with a profile of
// what it does.
func burner(t *testing.T, flags ...string) (dir, profile string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.org/burner\n\ngo 1.26\n",
		"cmd/burner/main.go": `package main

import (
	"os"
	"runtime/pprof"

	"example.org/burner/internal/work"
)

func main() {
	f, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		panic(err)
	}
	for range 5000 { // half a second of CPU, whatever else the machine does
		work.Burn(100_000)
	}
	pprof.StopCPUProfile()
}
`,
		"internal/work/work.go": `package work

var sink uint64

//go:noinline
func Burn(n int) {
	for i := range n {
		sink = sink*31 + uint64(i) // the line that burns
	}
}
`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(t.TempDir(), "burner")
	build := exec.Command("go", append(append([]string{"build", "-o", program}, flags...), "./cmd/burner")...)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the burner: %v\n%s", err, out)
	}
	profile = filepath.Join(t.TempDir(), "cpu.pprof")
	if out, err := exec.Command(program, profile).CombinedOutput(); err != nil {
		t.Fatalf("run the burner: %v\n%s", err, out)
	}
	return dir, profile
}

func body(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%s: %d, %v: %.300s", url, res.StatusCode, err, text)
	}
	return string(text)
}

var profileLink = regexp.MustCompile(`^(http://127\.0\.0\.1:[0-9]+)/profiles/(P-[0-9]+)$`)

// The lines of the user's own code show their text, however it was built.
func TestPushWithSource(t *testing.T) {
	s := serve(t)
	for name, flags := range map[string][]string{"plain": nil, "trimpath": {"-trimpath"}} {
		dir, profile := burner(t, flags...)
		out, said, code := push(t, dir, nil, []string{"SOCKSCOPE_TOKEN=" + token}, profile, "--server", s.url, "--with-source", "--ops", "1000", "--title", name)
		m := profileLink.FindStringSubmatch(strings.TrimSpace(out))
		if code != 0 || m == nil || m[1] != s.url {
			t.Fatalf("%s: exit %d, printed %q, said %q", name, code, out, said)
		}
		if !regexp.MustCompile(`cpu\.pprof: [0-9]+ source files?`).MatchString(said) || strings.Contains(said, "changed since") {
			t.Errorf("%s: it said %q", name, said)
		}
		page := body(t, m[0]+"?tab=lines&function=work.Burn")
		for _, want := range []string{"the line that burns", name} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page of lines has no %q", name, want)
			}
		}
		var facts struct {
			Title string
			Ops   int
		}
		s.call(http.MethodGet, "/api/v1/profiles/"+m[2], nil, &facts)
		if facts.Title != name || facts.Ops != 1000 {
			t.Errorf("%s: stored %+v", name, facts)
		}
		list, _, code := push(t, dir, nil, nil, profile, "--list-source")
		if code != 0 || !strings.Contains(list, filepath.Join(dir, "internal/work/work.go")) {
			t.Errorf("%s: --list-source: exit %d, %q", name, code, list)
		}
	}
}

func TestPush(t *testing.T) {
	s := serve(t)
	_, profile := burner(t)
	data, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"SOCKSCOPE_TOKEN=" + token, "SOCKSCOPE_SERVER=" + s.url}
	out, said, code := push(t, ".", data, env, "-", profile, "--ops", "10,20")
	if links := strings.Fields(out); code != 0 || len(links) != 2 || said != "" || !profileLink.MatchString(links[0]) || !profileLink.MatchString(links[1]) {
		t.Fatalf("two files: exit %d, %q, %q", code, out, said)
	}
	out, said, code = push(t, ".", nil, nil, "--server", s.url+"/?token="+token, "--diff", profile, profile)
	m := regexp.MustCompile(`^http://\S+/diff\?base=(P-3)&other=(P-4)\n$`).FindString(out)
	if code != 0 || m == "" || strings.Count(said, "/profiles/P-") != 2 {
		t.Fatalf("--diff: exit %d, %q, %q", code, out, said)
	}
	if page := body(t, strings.TrimSpace(m)); !strings.Contains(page, "cpu.pprof") {
		t.Error("the difference is not that of the two files")
	}
	out, _, code = push(t, ".", nil, env, profile, "--base", "P-1")
	if code != 0 || !strings.HasSuffix(out, "/diff?base=P-1&other=P-5\n") {
		t.Errorf("--base: exit %d, %q", code, out)
	}
}

func TestPushSaysWhatIsWrong(t *testing.T) {
	s := serve(t)
	dir, profile := burner(t)
	text := filepath.Join(dir, "go.mod")
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 33<<20); err != nil {
		t.Fatal(err)
	}
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Authorization") {
		case "Bearer leads":
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusMovedPermanently)
		case "Bearer odd":
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"id":"P-1","url":"javascript:alert(1)"}`))
		default:
			http.Error(w, "\x1b[31mno", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(broken.Close)
	env := []string{"SOCKSCOPE_TOKEN=" + token, "SOCKSCOPE_SERVER=" + s.url}
	for _, c := range []struct {
		args []string
		env  []string
		code int
		says string
	}{
		{nil, env, 2, "needs a profile"},
		{[]string{"none.pprof"}, env, 2, "no file none.pprof"},
		{[]string{dir}, env, 2, "is a directory"},
		{[]string{text}, env, 2, "not a pprof profile"},
		{[]string{profile, text}, env, 2, "not a pprof profile"},
		{[]string{large}, env, 2, "larger than 32 MiB"},
		{[]string{"-"}, env, 2, "stdin: the file is empty"},
		{[]string{profile}, []string{"SOCKSCOPE_SERVER=" + s.url}, 2, "SOCKSCOPE_TOKEN"},
		{[]string{profile, "--token", "wrong"}, env, 2, "not the start token"},
		{[]string{profile, "--server", "http://127.0.0.1:1"}, env, 2, "no server answers"},
		{[]string{profile, "--server", "ftp://x"}, env, 2, "--server"},
		{[]string{profile, "--ops", "0"}, env, 2, "--ops 0"},
		{[]string{profile, "--ops", "1,2"}, env, 2, "one for all"},
		{[]string{profile, "--diff"}, env, 2, "--diff takes two"},
		{[]string{profile, "--base", "P-99"}, env, 2, "no profile \"P-99\""},
		{[]string{profile, "--title", "a\nb"}, env, 2, "title"},
		{[]string{profile, "--with-source", "--source-root", "/none"}, env, 2, "/none"},
		{[]string{profile, "--server", broken.URL}, env, 3, "500"},
		{[]string{profile, "--server", broken.URL, "--token", "odd"}, nil, 3, "did not answer as sockscope"},
		{[]string{profile, "--server", broken.URL, "--token", "leads"}, nil, 2, "https://elsewhere.example/"},
	} {
		out, said, code := push(t, ".", nil, c.env, c.args...)
		if code != c.code || !strings.Contains(said, c.says) || out != "" || strings.Count(said, "\n") != 1 && c.code != 0 && !strings.Contains(strings.Join(c.args, " "), "source") {
			t.Errorf("push %q: exit %d, want %d; it said %q, want %q; it printed %q", c.args, code, c.code, said, c.says, out)
		}
		if strings.Contains(said, token) || strings.Contains(said, "\x1b") {
			t.Errorf("push %q says what it must not: %q", c.args, said)
		}
	}
	if code := s.call(http.MethodGet, "/api/v1/profiles/P-1", nil, nil); code != http.StatusNotFound {
		t.Errorf("something was stored: %d", code)
	}
}
