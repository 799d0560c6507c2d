package source_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/source"
)

// naming makes a profile with one sample for each of the files.
func naming(files ...string) *profile.Profile {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}}}
	for i, name := range files {
		id := uint64(i + 1)
		f := &profile.Function{ID: id, Name: "f", Filename: name}
		l := &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: 1}, {}}}
		p.Function, p.Location = append(p.Function, f), append(p.Location, l)
		p.Sample = append(p.Sample, &profile.Sample{Location: []*profile.Location{l}, Value: []int64{1}})
	}
	return p
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"dial_echo.go":   {Data: []byte("package workload\n")},
		"deep/a.s":       {Data: []byte("TEXT\n")},
		"secret.txt":     {Data: []byte("no")},
		"directory.go/x": {Data: []byte("no")},
		"binary.go":      {Data: []byte("a\x00b")},
		"latin1.go":      {Data: []byte("a\xffb")},
		"huge.go":        {Data: make([]byte, 1<<20+1)},
	}
	e := source.NewEmbedded(files, "/src/sockscope/runner/workload", "example.org/sockscope/runner/workload/", "")
	p := naming(
		"/src/sockscope/runner/workload/dial_echo.go",
		"example.org/sockscope/runner/workload/dial_echo.go",
		"example.org/sockscope/runner/workload/./deep/a.s",
		"/elsewhere/runner/workload/dial_echo.go",
		"/src/sockscope/runner/workload/../workload/dial_echo.go",
		"/src/sockscope/runner/workload/secret.txt",
		"/src/sockscope/runner/workload/directory.go",
		"/src/sockscope/runner/workload/binary.go",
		"/src/sockscope/runner/workload/latin1.go",
		"/src/sockscope/runner/workload/huge.go",
		"/src/sockscope/runner/workload/none.go",
		"/src/sockscope/runner/workload//etc/passwd",
		"dial_echo.go", "/etc/passwd", "",
	)
	b := source.Capture([]*profile.Profile{p}, e)
	want := []string{
		"/src/sockscope/runner/workload/dial_echo.go",
		"example.org/sockscope/runner/workload/deep/a.s",
		"example.org/sockscope/runner/workload/dial_echo.go",
	}
	if d := cmp.Diff(want, b.Paths()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCaptureOnlySampled(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"a.go": {Data: []byte("a")}, "b.go": {Data: []byte("b")}}
	p := naming("m/a.go", "m/b.go")
	p.Sample = p.Sample[:1]
	if got := source.Capture([]*profile.Profile{p, naming()}, source.NewEmbedded(files, "m")).Paths(); len(got) != 1 || got[0] != "m/a.go" {
		t.Errorf("%v, want only what a sample holds", got)
	}
	if got := source.Capture([]*profile.Profile{p}).Len(); got != 0 {
		t.Errorf("%d files from no origin", got)
	}
}

const canary = "root:x:0:0:canary"

// installation makes a Go installation of version go1.99 in which everything
// that could lead out of it does, and returns it with a file of the host.
func installation(t *testing.T) (dir, outside string) {
	t.Helper()
	dir, outside = t.TempDir(), filepath.Join(t.TempDir(), "passwd.go")
	put := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(outside, canary)
	put(filepath.Join(dir, "VERSION"), "go1.99\ntime 2026-01-01T00:00:00Z\n")
	put(filepath.Join(dir, "outside-src.go"), canary)
	src := filepath.Join(dir, "src")
	put(filepath.Join(src, "net", "dial.go"), "package net\n")
	put(filepath.Join(src, "runtime", "asm.s"), "TEXT\n")
	put(filepath.Join(src, "net", "README"), canary)
	put(filepath.Join(src, "net", "huge.go"), strings.Repeat("/", 1<<20+1))
	put(filepath.Join(src, "net", "largest.go"), strings.Repeat("/", 1<<20))
	for name, target := range map[string]string{
		"absolute.go": outside, "relative.go": "../../outside-src.go", "inside.go": "dial.go", "null.go": "/dev/null", "loop.go": "loop.go",
	} {
		if err := os.Symlink(target, filepath.Join(src, "net", name)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(src, "out")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(src, "net", "directory.go"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, outside
}

func TestGoroot(t *testing.T) {
	t.Parallel()
	dir, outside := installation(t)
	mkfifo(t, filepath.Join(dir, "src", "net", "pipe.go"))
	g, err := source.OpenGoroot(dir, "go1.99 X:loopvar")
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	src := filepath.ToSlash(dir) + "/src/"
	p := naming(
		"net/dial.go", src+"net/dial.go", src+"runtime/asm.s", "net/inside.go", "net/largest.go",
		outside, "net/absolute.go", "net/relative.go", "net/null.go", "net/loop.go", "out/passwd.go", "net/directory.go", "net/pipe.go",
		"net/README", "net/huge.go", "net/none.go", src+"../VERSION", src+"../outside-src.go", "../outside-src.go", "/etc/passwd", "/etc/passwd.go",
		dir+"/outside-src.go", src, "net", "", ".", "/", src+"/etc/passwd", "net\x00/dial.go", "file:///"+outside, "/other/src/net/dial.go",
	)
	done := make(chan source.Bundle)
	go func() { done <- source.Capture([]*profile.Profile{p}, g) }()
	var b source.Bundle
	select {
	case b = <-done:
	case <-time.After(time.Minute): // a pipe that is opened to read waits for ever
		t.Fatal("the capture hangs")
	}
	want := []string{src + "net/dial.go", src + "runtime/asm.s", "net/dial.go", "net/inside.go", "net/largest.go"}
	if d := cmp.Diff(want, b.Paths()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, path := range b.Paths() {
		if text, _ := b.Text(path); strings.Contains(text, "canary") {
			t.Errorf("%s is a file of the host", path)
		}
	}
}

func TestOpenGorootRefuses(t *testing.T) {
	t.Parallel()
	dir, _ := installation(t)
	for _, c := range []struct{ dir, version, want string }{
		{"", "go1.99", "no Go installation"},
		{dir, "go1.98", `holds "go1.99", not "go1.98"`},
		{t.TempDir(), "go1.99", `holds ""`},
	} {
		if g, err := source.OpenGoroot(c.dir, c.version); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %s: %v %v, want %q", c.dir, c.version, g, err, c.want)
		}
	}
}

// On a machine that has the Go installation of this test, its sources are found
// and are those that this binary's own profiles name.
func TestFindGoroot(t *testing.T) {
	t.Parallel()
	dir := source.FindGoroot(runtime.Version())
	if dir == "" {
		t.Skip("no sources of ", runtime.Version(), " here")
	}
	g, err := source.OpenGoroot(dir, runtime.Version())
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	pc := make([]uintptr, 10)
	frames := runtime.CallersFrames(pc[:runtime.Callers(0, pc)])
	for {
		f, more := frames.Next()
		if f.Function == "testing.tRunner" {
			if text, ok := g.Source(f.File); !ok || !strings.Contains(text, "func tRunner(") {
				t.Errorf("%s is not the source of %s", f.File, f.Function)
			}
			return
		}
		if !more {
			t.Fatal("no frame of the testing package")
		}
	}
}

func TestFindGorootOfOtherVersion(t *testing.T) {
	t.Parallel()
	if got := source.FindGoroot("go0.1"); got != "" {
		t.Errorf("%s is not the sources of go0.1", got)
	}
}

func TestDir(t *testing.T) {
	t.Parallel()
	_, file, _, _ := runtime.Caller(0)
	if got := source.Dir(); got+"/capture_test.go" != file {
		t.Errorf("%s is not where %s is", got, file)
	}
}
