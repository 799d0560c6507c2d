package source

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// Local finds the sources of a profile on the machine of whoever sends it, for a
// profile that this process did not record: it may have been downloaded, and may
// name any file. So only files below known roots are read, and only those whose
// name is that of a source file:
//
//   - the Go installations of this machine (GOROOT/src),
//   - the module cache, with its escaping of capitals ("!azure"),
//   - the module that the working directory belongs to, and its vendor folder,
//   - directories that the person names.
//
// A root is never left, neither by ".." nor by a symbolic link. What is found is
// taken only if its lines fit the profile: see fits.
type Local struct {
	roots []*localRoot
}

// localRoot is one directory with the way from a profile's names to its files.
type localRoot struct {
	dir  string
	root *os.Root
	// places are where below the root the file may be, the likeliest first.
	places func(f named) []string
}

// LocalOptions say where to look. The zero value looks nowhere.
type LocalOptions struct {
	Goroots []string // Go installations
	Cache   string   // the module cache
	Dir     string   // the working directory: its module is looked into
	Roots   []string // what the person adds
}

// ThisMachine is where sources are on this machine, seen from the directory dir.
func ThisMachine(dir string, roots []string) LocalOptions {
	return LocalOptions{Goroots: installations(), Cache: moduleCache(), Dir: dir, Roots: roots}
}

// OpenLocal opens the roots that there are. A directory that the person names and
// that cannot be opened is an error. Close it after use.
func OpenLocal(o LocalOptions) (*Local, error) {
	l := &Local{}
	for _, dir := range o.Roots {
		if err := l.add(dir, suffixes(dir)); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	if dir, module := moduleOf(o.Dir); dir != "" {
		l.try(dir, inModule(dir, module))
	}
	if o.Cache != "" {
		l.try(o.Cache, inCache(o.Cache))
	}
	for _, dir := range o.Goroots {
		src := filepath.Join(dir, "src")
		l.try(src, inGoroot(filepath.ToSlash(src)))
	}
	return l, nil
}

func (l *Local) add(dir string, places func(named) []string) error {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("open the sources below %s: %w", dir, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return fmt.Errorf("open the sources below %s: %w", dir, err)
	}
	l.roots = append(l.roots, &localRoot{abs, root, places})
	return nil
}

// try adds a root that need not be there.
func (l *Local) try(dir string, places func(named) []string) {
	_ = l.add(dir, places) // what cannot be opened holds no source that is found
}

// Close releases the directories.
func (l *Local) Close() error {
	var err error
	for _, r := range l.roots {
		err = errors.Join(err, r.root.Close())
	}
	return err
}

// Found is what a search for sources gave.
type Found struct {
	Bundle Bundle
	Paths  map[string]string // where each file was read, by the profile's name of it
	// Missing are source files that no root has, Changed those whose text does not
	// fit the profile, Refused names that are not those of source files, Large files
	// over the limits of DefaultLimits. All sorted.
	Missing, Changed, Refused, Large []string
}

// Capture reads the files that the profile's samples name.
func (l *Local) Capture(p *profile.Profile) Found {
	limits := DefaultLimits()
	found := Found{Bundle: Bundle{files: map[string]*file{}}, Paths: map[string]string{}}
	room := limits.Inflated / 2 // quotes of JSON need room too
	for _, f := range filesOf(p) {
		if !isLocalSource(f.name) || len(f.key) > limits.Path || strings.ContainsFunc(f.key, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			found.Refused = append(found.Refused, f.key)
			continue
		}
		text, at, changed := l.find(f)
		switch {
		case at == "" && changed:
			found.Changed = append(found.Changed, f.key)
		case at == "":
			found.Missing = append(found.Missing, f.key)
		case int64(len(text)) > room || len(found.Paths) == limits.Files:
			found.Large = append(found.Large, f.key)
		default:
			room -= int64(len(text))
			found.Bundle.files[f.key], found.Paths[f.key] = newFile(text), at
		}
	}
	return found
}

// find gives the first file that fits; changed says that one was there which does
// not.
func (l *Local) find(f named) (text, at string, changed bool) {
	for _, r := range l.roots {
		for _, rel := range r.places(f) {
			rel = filepath.FromSlash(rel)
			if !isLocalSource(rel) || !filepath.IsLocal(rel) {
				continue
			}
			text, err := readIn(r.root, rel)
			if err != nil || !isText(text) {
				continue
			}
			if !f.fits(text) {
				changed = true
				continue
			}
			return text, filepath.Join(r.dir, rel), false
		}
	}
	return "", "", changed
}

// sourceExtensions are what a file's name must end with to be read: Go, assembly
// and the languages that cgo links.
func sourceExtensions() map[string]bool {
	return map[string]bool{
		".go": true, ".s": true, ".S": true, ".c": true, ".h": true, ".cc": true, ".cpp": true, ".cxx": true, ".hh": true, ".hpp": true, ".hxx": true,
	}
}

func isLocalSource(name string) bool { return sourceExtensions()[path.Ext(name)] }

// moduleOf is the module that a directory belongs to: where its go.mod is, and its
// path. "" for none.
func moduleOf(dir string) (root, module string) {
	if dir == "" {
		return "", ""
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", ""
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir, modulePath(string(text))
		}
		up := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || up == dir {
			return "", ""
		}
		dir = up
	}
}

// modulePath is the path in the module line of a go.mod.
func modulePath(text string) string {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "module"); ok && rest != strings.TrimSpace(rest) {
			return strings.Trim(strings.TrimSpace(rest), "\"`")
		}
	}
	return ""
}

// installations are the Go installations of this machine.
func installations() []string {
	seen := map[string]bool{}
	candidates := []string{os.Getenv("GOROOT"), compiledGoroot()}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if bin, err := filepath.EvalSymlinks(filepath.Join(dir, "go")); err == nil {
			candidates = append(candidates, filepath.Dir(filepath.Dir(bin)))
		}
	}
	candidates = append(candidates, "/usr/local/go", "/usr/lib/go")
	if cache := moduleCache(); cache != "" {
		downloaded, err := filepath.Glob(filepath.Join(cache, "golang.org", "toolchain@*"))
		if err == nil {
			candidates = append(candidates, downloaded...)
		}
	}
	for _, dir := range candidates {
		if dir != "" && versionOf(dir) != "" {
			seen[filepath.Clean(dir)] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
