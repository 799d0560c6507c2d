// Package origin says what a profile tells of where it was made: the program, the
// version of Go, the architecture. A profile has no field for most of it, so it is
// read from the names of files and mappings. What is not told, or told in two
// ways, stays empty: nothing here is a guess.
package origin

import (
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// Origin is what is known of the making of a profile. The zero value knows nothing.
type Origin struct {
	Go      string // "go1.26.1": of the standard library that the program was built of
	Arch    string // GOARCH
	OS      string // GOOS
	Binary  string // file name of the program
	BuildID string // of the program
	Taken   time.Time
	// Comments are what the producer wrote into the profile, the first few.
	Comments []string
}

// Bounds of what is kept and read of hostile profiles.
const (
	maxComments = 8
	maxText     = 200
	maxPath     = 4 << 10 // bytes of a path that is read: a system opens no longer one
	maxPaths    = 1 << 20 // bytes of all paths that are read; a Go program's runtime has some 20,000
)

// Read says what p tells of its making.
func Read(p *profile.Profile) Origin {
	var o Origin
	if p.TimeNanos > 0 {
		o.Taken = time.Unix(0, p.TimeNanos).UTC()
	}
	if len(p.Mapping) > 0 {
		o.Binary, o.BuildID = program(p), clip(p.Mapping[0].BuildID)
	}
	versions, arches, systems := told{}, told{}, told{}
	for _, name := range runtimeFiles(p) {
		versions.add(versionOf(name))
		arch, system := targetOf(name)
		arches.add(arch)
		systems.add(system)
	}
	for _, m := range p.Mapping {
		if len(m.File) <= maxPath {
			arches.add(archOfLibrary(m.File))
		}
	}
	o.Go, o.Arch, o.OS = versions.one(), arches.one(), systems.one()
	for _, c := range p.Comments {
		if c = clip(c[:min(len(c), maxPath)]); c != "" && len(o.Comments) < maxComments {
			o.Comments = append(o.Comments, c)
		}
	}
	return o
}

// program is the file name of the program: the first mapping is it, by the format's
// rule.
func program(p *profile.Profile) string {
	if len(p.Mapping) == 0 || p.Mapping[0].File == "" {
		return ""
	}
	name := clip(path.Base(slashed(p.Mapping[0].File)))
	if strings.HasPrefix(name, "[") {
		return ""
	}
	return name
}

// runtimeFiles are the files that may tell of Go and of the target, with slashes, each
// once: thousands of functions share one.
func runtimeFiles(p *profile.Profile) []string {
	seen, files, left := map[string]bool{}, []string{}, maxPaths
	for _, f := range p.Function {
		if len(f.Filename) > maxPath || seen[f.Filename] {
			continue
		}
		seen[f.Filename] = true
		name := slashed(f.Filename)
		if !strings.Contains(name, "runtime/") && !strings.Contains(name, "internal/bytealg/") && !strings.Contains(name, "syscall/") {
			continue
		}
		if left -= len(name); left < 0 {
			break
		}
		files = append(files, name)
	}
	return files
}

// told is what several names say of one thing.
type told map[string]bool

func (t told) add(s string) {
	if s != "" {
		t[s] = true
	}
}

// one is what all say; "" where they say nothing, or different things.
func (t told) one() string {
	if len(t) != 1 {
		return ""
	}
	for s := range t {
		return s
	}
	return ""
}

func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

func clip(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText]) + "…"
	}
	return s
}

// Where installations of Go carry their version in their path, in front of
// "/src/runtime/": "toolchain@v0.0.1-go1.26.1.linux-amd64", "go1.22.1",
// "hostedtoolcache/go/1.22.1/x64", "/usr/lib/go-1.22".
var installed = regexp.MustCompile(`(?:/|-)go(?:-|/)?(1\.[0-9]{1,3}(?:\.[0-9]{1,3})?(?:(?:rc|beta)[0-9]{1,2})?)(?:[./-][^/]*)*$`)

// versionOf is the version of Go that the path of a file of the runtime has in it.
func versionOf(file string) string {
	root, _, ok := strings.Cut(file, "/src/runtime/")
	if !ok {
		return ""
	}
	for i := range 2 { // the version may stand one folder above the root
		if m := installed.FindStringSubmatch(root); m != nil {
			return "go" + m[1]
		}
		if i == 0 {
			root = path.Dir(root)
		}
	}
	return ""
}

// Files of the runtime that are built for one target only.
var (
	targeted = regexp.MustCompile(`(?:^|/)(?:runtime|internal/runtime|internal/bytealg|syscall)/(?:[a-z0-9]+/)*[a-z0-9_]+?_([a-z0-9]+)(?:_([a-z0-9]+))?\.(?:s|go)$`)
	arches   = map[string]bool{"386": true, "amd64": true, "arm": true, "arm64": true, "loong64": true, "mips": true, "mipsle": true, "mips64": true, "mips64le": true, "ppc64": true, "ppc64le": true, "riscv64": true, "s390x": true, "wasm": true}
	systems  = map[string]bool{"aix": true, "android": true, "darwin": true, "dragonfly": true, "freebsd": true, "illumos": true, "ios": true, "js": true, "linux": true, "netbsd": true, "openbsd": true, "plan9": true, "solaris": true, "wasip1": true, "windows": true}
)

// targetOf is what the name of a file of the runtime says of the target, by the
// rule of the go command: name_GOOS_GOARCH.
func targetOf(file string) (arch, system string) {
	m := targeted.FindStringSubmatch(file)
	if m == nil {
		return "", ""
	}
	for _, word := range m[1:] {
		switch {
		case arches[word]:
			arch = word
		case systems[word]:
			system = word
		}
	}
	return arch, system
}

// archOfLibrary is what Debian's folders of libraries say.
func archOfLibrary(file string) string {
	for folder, arch := range map[string]string{
		"/x86_64-linux-gnu/": "amd64", "/aarch64-linux-gnu/": "arm64", "/i386-linux-gnu/": "386",
		"/arm-linux-gnueabihf/": "arm", "/riscv64-linux-gnu/": "riscv64", "/powerpc64le-linux-gnu/": "ppc64le", "/s390x-linux-gnu/": "s390x",
	} {
		if strings.Contains(file, folder) {
			return arch
		}
	}
	return ""
}
