package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
)

// Dir is the directory of the caller's source file under the name that the
// compiler wrote into this binary, which is how profiles of it call it: an
// absolute path, or an import path with -trimpath.
func Dir() string {
	_, file, _, ok := runtime.Caller(1)
	if !ok {
		return ""
	}
	return path.Dir(file)
}

// Goroot is an Origin of the standard library's sources below one directory.
// Nothing outside of it is ever opened: names with "..", symbolic links that
// lead out, devices and pipes are as if they were not there.
type Goroot struct {
	src      *os.Root
	prefixes []string // what profiles call src, each with its slash
}

// maxFile is the largest file that is read; the few larger ones of a Go
// installation are generated tables and the compiler's rewrite rules.
const maxFile = 1 << 20

// OpenGoroot opens the standard library of a Go installation. version is that
// of the binary that was profiled (runtime.Version): with another version's
// sources the line numbers would be wrong, which is an error. Close it after use.
func OpenGoroot(dir, version string) (*Goroot, error) {
	if dir == "" {
		return nil, errors.New("open the sources of the standard library: no Go installation")
	}
	if v := versionOf(dir); v != toolchain(version) {
		return nil, fmt.Errorf("open the sources of the standard library: %s holds %q, not %q", dir, v, version)
	}
	src, err := os.OpenRoot(filepath.Join(dir, "src"))
	if err != nil {
		return nil, fmt.Errorf("open the sources of the standard library: %w", err)
	}
	g := &Goroot{src: src, prefixes: []string{path.Clean(filepath.ToSlash(dir)) + "/src/"}}
	if c := compiledGoroot(); c != "" {
		g.prefixes = append(g.prefixes, c+"/src/")
	}
	return g, nil
}

// Close releases the directory.
func (g *Goroot) Close() error { return g.src.Close() }

// Source implements Origin for absolute names ("/usr/local/go/src/net/dial.go")
// and for those of -trimpath ("net/dial.go").
func (g *Goroot) Source(name string) (string, bool) {
	rel := name
	if path.IsAbs(name) || filepath.IsAbs(name) {
		var ok bool
		if rel, ok = g.cut(name); !ok {
			return "", false
		}
	}
	if !isSource(rel) || !filepath.IsLocal(filepath.FromSlash(rel)) {
		return "", false
	}
	text, err := readIn(g.src, filepath.FromSlash(rel))
	return text, err == nil
}

func (g *Goroot) cut(name string) (string, bool) {
	for _, p := range g.prefixes {
		if rest, ok := strings.CutPrefix(name, p); ok {
			return rest, true
		}
	}
	return "", false
}

// readIn gives a regular file of at most maxFile bytes. It is opened without
// blocking, and what it is is asked of the open file, so that a pipe put in the
// place of a file neither hangs nor is read.
func readIn(root *os.Root, rel string) (string, error) {
	f, err := root.OpenFile(rel, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return "", fmt.Errorf("%s is not a source file", rel)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxFile {
		return "", fmt.Errorf("%s is not a source file", rel)
	}
	return string(text), nil
}

// FindGoroot looks for the sources of the given version (runtime.Version): where
// this binary was compiled, at $GOROOT, beside the go command, in the module
// cache, and at the usual place. "" when this machine has none, as most that
// only run a binary.
//
// Note: runtime.GOROOT is deprecated, and empty in binaries built with -trimpath.
func FindGoroot(version string) string {
	candidates := []string{compiledGoroot(), os.Getenv("GOROOT")}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if bin, err := filepath.EvalSymlinks(filepath.Join(dir, "go")); err == nil {
			candidates = append(candidates, filepath.Dir(filepath.Dir(bin)))
		}
	}
	if cache := moduleCache(); cache != "" {
		name := fmt.Sprintf("toolchain@v0.0.1-%s.%s-%s", toolchain(version), runtime.GOOS, runtime.GOARCH)
		candidates = append(candidates, filepath.Join(cache, "golang.org", name))
	}
	for _, dir := range append(candidates, "/usr/local/go", "/usr/lib/go") {
		if dir == "" || versionOf(dir) != toolchain(version) {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, "src", "runtime")); err == nil && info.IsDir() {
			return dir
		}
	}
	return ""
}

// compiledGoroot is the directory of the standard library that the compiler
// wrote into this binary; "" with -trimpath.
func compiledGoroot() string {
	fn := runtime.FuncForPC(reflect.ValueOf(strings.Clone).Pointer())
	if fn == nil {
		return ""
	}
	file, _ := fn.FileLine(fn.Entry())
	dir, ok := strings.CutSuffix(filepath.ToSlash(file), "/src/strings/clone.go")
	if !ok {
		return ""
	}
	return dir
}

func moduleCache() string {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return dir
	}
	if gopath := filepath.SplitList(os.Getenv("GOPATH")); len(gopath) > 0 {
		return filepath.Join(gopath[0], "pkg", "mod")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, "go", "pkg", "mod")
}

// versionOf reads the version that a Go installation says it is, "" for none.
func versionOf(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "VERSION"))
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(first)
}

// toolchain is a runtime.Version without what follows the version itself, such
// as the experiments in "go1.26.8 X:loopvar".
func toolchain(version string) string {
	v, _, _ := strings.Cut(version, " ")
	return v
}
