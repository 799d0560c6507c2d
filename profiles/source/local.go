package source

import (
	"cmp"
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

// named is a file as a profile names it, with what the profile says of it.
type named struct {
	key      string // cleaned, as a bundle calls it
	name     string // the key with slashes, whatever the system it comes from
	packages []string
	starts   map[string]int64 // first lines of its functions, by function
	last     int64            // the last line with a frame
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

// fits reports whether the text can be the one that was compiled: it has the lines
// that the profile names, and where a Go function begins stands "func" with its
// name. A file of another version hardly ever passes with a line moved.
func (f named) fits(text string) bool {
	lines := split(text)
	if f.last > int64(len(lines)) {
		return false
	}
	if path.Ext(f.name) != ".go" {
		return true
	}
	for function, start := range f.starts {
		if start < 1 || start > int64(len(lines)) {
			return false
		}
		if name, ok := declared(function); ok && !(strings.Contains(lines[start-1], "func") && strings.Contains(lines[start-1], name)) {
			return false
		}
	}
	return true
}

// declared is the name in the first line of a function, "" for a literal. It is false
// for what the compiler makes of other statements, whose first line has no func.
func declared(function string) (string, bool) {
	if i := strings.IndexByte(function, '['); i >= 0 {
		function = function[:i] // type arguments
	}
	if strings.Contains(function, "-range") || strings.Contains(function, ".init.") || strings.Contains(function, ".map.") {
		return "", false
	}
	last := strings.TrimSuffix(function[strings.LastIndexByte(function, '.')+1:], "-fm")
	for _, made := range []string{"init", "deferwrap", "gowrap", "jump"} {
		if strings.HasPrefix(last, made) {
			return "", false
		}
	}
	if strings.Trim(strings.TrimPrefix(last, "func"), "0123456789") == "" {
		return "", true
	}
	return last, true
}

// filesOf lists the files of the frames of all samples by name, each with what the
// profile says of it.
func filesOf(p *profile.Profile) []named {
	files := map[string]*named{}
	seen := map[*profile.Location]bool{}
	for _, s := range p.Sample {
		for _, l := range s.Location {
			if seen[l] {
				continue
			}
			seen[l] = true
			for _, line := range l.Line {
				if line.Function == nil || line.Function.Filename == "" || line.Function.Filename == "<autogenerated>" {
					continue
				}
				note(files, line)
			}
		}
	}
	list := []named{}
	for _, f := range files {
		slices.Sort(f.packages)
		f.packages = slices.Compact(f.packages)
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Compare(a.key, b.key) })
	return list
}

func note(files map[string]*named, line profile.Line) {
	key := clean(line.Function.Filename)
	f := files[key]
	if f == nil {
		f = &named{key: key, name: clean(strings.ReplaceAll(key, `\`, "/")), starts: map[string]int64{}}
		files[key] = f
	}
	f.last = max(f.last, line.Line)
	if line.Function.StartLine > 0 {
		f.starts[line.Function.Name] = line.Function.StartLine
	}
	if p := packageOf(line.Function.Name); p != "" && len(f.packages) < 16 {
		f.packages = append(f.packages, p)
	}
}

// packageOf is the import path of a Go function: what stands before the first dot
// behind the last slash. "" for package main, whose path a profile does not tell.
func packageOf(function string) string {
	if i := strings.IndexByte(function, '['); i >= 0 {
		function = function[:i] // type arguments have paths of their own
	}
	slash := strings.LastIndexByte(function, '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return ""
	}
	p := strings.ReplaceAll(function[:slash+dot], "%2e", ".")
	if p == "main" {
		return ""
	}
	return p
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
