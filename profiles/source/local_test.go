package source_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/profiles/source"
)

// frame is one function of a profile that is made here.
type frame struct {
	function, file string
	start, line    int64
}

func profileOf(frames ...frame) *profile.Profile {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}}}
	for i, fr := range frames {
		id := uint64(i + 1)
		f := &profile.Function{ID: id, Name: fr.function, Filename: fr.file, StartLine: fr.start}
		l := &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: fr.line}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{l}, Value: []int64{1}})
	}
	return p
}

// machine is a user's machine: a Go installation, a module cache, a module with a
// vendor folder, and what must never be read.
type machine struct{ home, goroot, cache, module, extra string }

func newMachine(t testing.TB) machine {
	t.Helper()
	dir := t.TempDir()
	m := machine{dir, filepath.Join(dir, "go1.99"), filepath.Join(dir, "gopath", "pkg", "mod"), filepath.Join(dir, "app"), filepath.Join(dir, "extra")}
	put := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(m.goroot, "VERSION"), "go1.99\n")
	put(filepath.Join(m.goroot, "src/net/http/server.go"), "package http\n\nfunc Serve() {\n}\n")
	put(filepath.Join(m.goroot, "src/runtime/asm_amd64.s"), "TEXT\n\n\n")
	put(filepath.Join(m.cache, "github.com/!azure/sdk@v1.2.3/client.go"), "package sdk\n\nfunc Call() {\n}\n")
	put(filepath.Join(m.cache, "github.com/!azure/sdk@v1.2.3/.netrc"), canary)
	put(filepath.Join(m.module, "go.mod"), "// the app\nmodule example.org/app // here\n\ngo 1.26\n")
	put(filepath.Join(m.module, "cmd/app/main.go"), "package main\n\nfunc main() {\n\twork()\n}\n\nfunc work() {}\n")
	put(filepath.Join(m.module, "internal/x/x.go"), "package x\n\nfunc (t *T) Do() {\n\tgo func() {}()\n}\n")
	put(filepath.Join(m.module, "vendor/example.com/dep/dep.go"), "package dep\n\nfunc Dep() {}\n")
	put(filepath.Join(m.module, ".env"), canary)
	put(filepath.Join(m.module, "secret.txt"), canary)
	put(filepath.Join(dir, ".ssh/id_ed25519"), canary)
	put(filepath.Join(dir, "elsewhere/other.go"), canary)
	put(filepath.Join(m.extra, "lib/deep.c"), "int deep() {\n}\n")
	for link, target := range map[string]string{"link.go": filepath.Join(dir, ".ssh/id_ed25519"), "up.go": "../.ssh/id_ed25519"} {
		if err := os.Symlink(target, filepath.Join(m.module, link)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	return m
}

func (m machine) open(t testing.TB, roots ...string) *source.Local {
	t.Helper()
	l, err := source.OpenLocal(source.LocalOptions{Goroots: []string{m.goroot}, Cache: m.cache, Dir: filepath.Join(m.module, "internal"), Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestLocalFinds(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	l := m.open(t, m.extra)
	for _, c := range []struct {
		frame
		want string // below the home of the machine; "" for nothing
	}{
		{frame{"net/http.Serve", m.goroot + "/src/net/http/server.go", 3, 4}, "go1.99/src/net/http/server.go"},
		{frame{"net/http.Serve", "/usr/local/other/src/net/http/server.go", 3, 4}, "go1.99/src/net/http/server.go"},
		{frame{"net/http.Serve", "net/http/server.go", 3, 4}, "go1.99/src/net/http/server.go"},
		{frame{"runtime.morestack", "/opt/go/src/runtime/asm_amd64.s", 0, 3}, "go1.99/src/runtime/asm_amd64.s"},
		{frame{"memmove", "/opt/go/src/runtime/asm_amd64.s", 0, 3}, "go1.99/src/runtime/asm_amd64.s"},
		{frame{"github.com/Azure/sdk.Call", m.cache + "/github.com/!azure/sdk@v1.2.3/client.go", 3, 3}, "gopath/pkg/mod/github.com/!azure/sdk@v1.2.3/client.go"},
		{frame{"github.com/Azure/sdk.Call", "github.com/Azure/sdk@v1.2.3/client.go", 3, 3}, "gopath/pkg/mod/github.com/!azure/sdk@v1.2.3/client.go"},
		{frame{"github.com/Azure/sdk.Call", "/home/ci/go/pkg/mod/github.com/!azure/sdk@v1.2.3/client.go", 3, 3}, "gopath/pkg/mod/github.com/!azure/sdk@v1.2.3/client.go"},
		{frame{"github.com/Azure/sdk.Call", "github.com/Azure/sdk@v1.2.4/client.go", 3, 3}, ""},
		{frame{"main.main", m.module + "/cmd/app/main.go", 3, 4}, "app/cmd/app/main.go"},
		{frame{"main.main", "/build/cmd/app/main.go", 3, 4}, "app/cmd/app/main.go"},
		{frame{"main.main", "example.org/app/cmd/app/main.go", 3, 4}, "app/cmd/app/main.go"},
		{frame{"example.org/app/internal/x.(*T).Do", "/build/internal/x/x.go", 3, 4}, "app/internal/x/x.go"},
		{frame{"example.org/app/internal/x.(*T).Do.func1", "/build/internal/x/x.go", 4, 4}, "app/internal/x/x.go"},
		{frame{"example.org/app/internal/x.(*T).Do.gowrap1", "/build/internal/x/x.go", 4, 4}, "app/internal/x/x.go"},
		{frame{"example.com/dep.Dep", "/build/vendor/example.com/dep/dep.go", 3, 3}, "app/vendor/example.com/dep/dep.go"},
		{frame{"example.com/dep.Dep", "example.com/dep@v1.0.0/dep.go", 3, 3}, "app/vendor/example.com/dep/dep.go"},
		{frame{"deep", "/somewhere/lib/deep.c", 1, 2}, "extra/lib/deep.c"},
	} {
		found := l.Capture(profileOf(c.frame))
		want := filepath.Join(m.home, c.want)
		if c.want == "" {
			want = ""
		}
		if got := found.Paths[c.file]; got != want {
			t.Errorf("%s of %s is read at %q, want %q", c.file, c.function, got, want)
		}
		if _, ok := found.Bundle.Text(c.file); ok != (c.want != "") {
			t.Errorf("%s of %s is in the bundle: %v", c.file, c.function, ok)
		}
	}
}

func TestLocalSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	found := m.open(t).Capture(profileOf(
		frame{"main.gone", "/build/gone.go", 1, 1},
		frame{"example.org/app/internal/x.(*T).Do", "/build/internal/x/x.go", 1, 4}, // begins elsewhere now
		frame{"main.work", m.module + "/cmd/app/main.go", 7, 700},                   // the file was longer
		frame{"net/http.Serve", "net/http/server.go", 3, 4},
		frame{"a", "/etc/passwd", 1, 1}, frame{"b", "<autogenerated>", 0, 0}, frame{"c", "", 0, 0},
	))
	if d := cmp.Diff([][]string{{"net/http/server.go"}, {"/build/gone.go"}, {"/build/internal/x/x.go", m.module + "/cmd/app/main.go"}, {"/etc/passwd"}},
		[][]string{found.Bundle.Paths(), found.Missing, found.Changed, found.Refused}); d != "" {
		t.Errorf("found, missing, changed, refused (-want +got):\n%s", d)
	}
}

// What a profile names outside of the roots, or inside them without being a source
// file, is not read however it is named.
func TestLocalIsNeverLedOut(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	l := m.open(t, m.extra)
	frames := []frame{}
	for _, name := range []string{
		"/etc/passwd", m.home + "/.ssh/id_ed25519", "~/.ssh/id_rsa", m.module + "/.env", m.module + "/secret.txt", m.module + "/../elsewhere/other.go", m.home + "/elsewhere/other.go",
		"../elsewhere/other.go", "../../elsewhere/other.go", m.module + "/link.go", m.module + "/up.go", "link.go", "up.go", m.module + "/go.mod", m.cache + "/github.com/!azure/sdk@v1.2.3/.netrc",
		m.cache + "/github.com/!azure/sdk@v1.2.3/../../../../../../elsewhere/other.go", "x@v1/../../../../elsewhere/other.go", m.extra + "/../elsewhere/other.go", m.module + `\..\elsewhere\other.go`,
		"/proc/self/cwd/../elsewhere/other.go", "/proc/self/environ", "/dev/stdin.go", m.goroot + "/src/../../elsewhere/other.go", "file:///etc/passwd", "", ".", "/", "a\x00.go", "a\nb.go", strings.Repeat("x/", 3000) + "other.go",
	} {
		for _, function := range []string{"main.main", "", "../../elsewhere.F", "example.org/app/../elsewhere.F", "example.org/app/../../elsewhere.F", "elsewhere.F"} {
			frames = append(frames, frame{function, name, 0, 1})
		}
	}
	found := l.Capture(profileOf(frames...))
	for _, p := range found.Bundle.Paths() {
		t.Errorf("%q is read, at %s", p, found.Paths[p])
	}
}

func TestOpenLocal(t *testing.T) {
	t.Parallel()
	if _, err := source.OpenLocal(source.LocalOptions{Roots: []string{filepath.Join(t.TempDir(), "none")}}); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a root that is not there: %v", err)
	}
	l, err := source.OpenLocal(source.LocalOptions{Goroots: []string{"/none"}, Cache: "/none", Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if found := l.Capture(profileOf(frame{"main.main", "main.go", 1, 1})); len(found.Missing) != 1 {
		t.Errorf("without any root: %+v", found)
	}
}

// A real profile of this process: its sources are here, and each fits.
func TestLocalOnThisMachine(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 0); err != nil {
		t.Fatal(err)
	}
	p, err := guard.DecodeBytes(b.Bytes(), guard.Default())
	if err != nil {
		t.Fatal(err)
	}
	l, err := source.OpenLocal(source.ThisMachine(".", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	found := l.Capture(p)
	if len(found.Changed)+len(found.Refused) > 0 {
		t.Errorf("changed %v, refused %v", found.Changed, found.Refused)
	}
	here := false
	for name := range found.Paths {
		here = here || strings.HasSuffix(name, "profiles/source/local_test.go")
	}
	if !here {
		t.Errorf("this file is not among %v; missing %v", found.Bundle.Paths(), found.Missing)
	}
}

func FuzzLocal(f *testing.F) {
	m := newMachine(f)
	l, err := source.OpenLocal(source.LocalOptions{Goroots: []string{m.goroot}, Cache: m.cache, Dir: m.module, Roots: []string{m.extra}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("main.main", "/build/cmd/app/main.go", int64(3), int64(4))
	f.Add("github.com/Azure/sdk.Call", "github.com/Azure/sdk@v1.2.3/client.go", int64(3), int64(3))
	f.Add("x", "../elsewhere/other.go", int64(-1), int64(1<<62))
	f.Add("a[b/c.D].e", "x@/..", int64(0), int64(0))
	f.Fuzz(func(t *testing.T, function, name string, start, line int64) {
		found := l.Capture(profileOf(frame{function, name, start, line}))
		for p, at := range found.Paths {
			text, _ := found.Bundle.Text(p)
			if strings.Contains(text, "canary") || strings.Contains(at, "elsewhere") || strings.Contains(at, ".ssh") {
				t.Fatalf("%q of %q led to %s", name, function, at)
			}
		}
		if _, err := source.Decode(found.Bundle.Encode(), source.DefaultLimits()); err != nil {
			t.Fatal(err)
		}
	})
}
