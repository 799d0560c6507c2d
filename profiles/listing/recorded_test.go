package listing_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/pprof/profile"
)

// recorded holds the profiles of testdata/busy. They are recorded once a test
// binary, about 2 s of CPU on two cores.
type recorded struct {
	dir  string
	skip string // why there are none
}

// profile is the path of one of them: "a", "b" (other work), "trimmed" (as "a",
// by a binary built with -trimpath).
func (r recorded) profile(t testing.TB, name string) string {
	t.Helper()
	if r.skip != "" {
		t.Skip(r.skip)
	}
	return filepath.Join(r.dir, name+".pprof")
}

var busy = sync.OnceValue(func() recorded {
	path, err := exec.LookPath("go")
	if err != nil {
		return recorded{skip: "no go command to record profiles with"}
	}
	dir, err := os.MkdirTemp("", "listing-busy-")
	if err != nil {
		return recorded{skip: err.Error()}
	}
	r := recorded{dir: dir}
	for _, build := range []struct {
		flag, binary string
		profiles     map[string]string
	}{
		{"-trimpath=false", "busy", map[string]string{"a": "a", "b": "b"}},
		{"-trimpath=true", "busy-trimmed", map[string]string{"trimmed": "a"}},
	} {
		binary := filepath.Join(dir, build.binary)
		if out, err := exec.Command(path, "build", build.flag, "-o", binary, "./testdata/busy").CombinedOutput(); err != nil {
			return recorded{dir: dir, skip: "build testdata/busy: " + err.Error() + ": " + string(out)}
		}
		for name, mode := range build.profiles {
			out, err := exec.Command(binary, "-mode", mode, "-rounds", "1500", "-o", filepath.Join(dir, name+".pprof")).CombinedOutput()
			if err != nil {
				return recorded{dir: dir, skip: "run testdata/busy: " + err.Error() + ": " + string(out)}
			}
		}
	}
	return r
})

// TestMain keeps what the tests leave behind in one directory, and removes it.
func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "listing-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv("TMPDIR", dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func read(t testing.TB, file string) *profile.Profile {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("parse %s: %v", file, err)
	}
	return p
}

// disk gives tests the files that pprof too opens when it prints a listing. The
// product has no such thing.
type disk struct {
	mu    sync.Mutex
	roots []string // where relative names are
	read  map[string][]string
}

func (d *disk) Lines(path string) ([]string, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if lines, ok := d.read[path]; ok {
		return lines, lines != nil
	}
	candidates := []string{path}
	if !filepath.IsAbs(path) {
		candidates = nil
		for _, r := range d.roots {
			candidates = append(candidates, filepath.Join(r, path))
		}
	}
	if d.read == nil {
		d.read = map[string][]string{}
	}
	d.read[path] = nil
	for _, c := range candidates {
		data, err := os.ReadFile(c)
		if err != nil {
			continue
		}
		lines := []string{}
		for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
			lines = append(lines, s.Text())
		}
		d.read[path] = lines
		break
	}
	return d.read[path], d.read[path] != nil
}
