package source

import (
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/pprof/profile"
)

// Origin is a place whose files may be shown to whoever sees the profile.
//
// Source gives the text of the file that a profile calls name, and false when
// that is none of the origin's own: the usual answer. It never looks anywhere
// else, whatever the name is.
type Origin interface {
	Source(name string) (text string, ok bool)
}

// Capture bundles the files that the samples of the profiles name and that one
// of the origins has, the first that does. Files over the limits of
// DefaultLimits are left out, as are those that are not text.
//
// It is for profiles that this process, or a child of it, has just recorded.
func Capture(profiles []*profile.Profile, origins ...Origin) Bundle {
	l := DefaultLimits()
	b := Bundle{files: map[string]*file{}}
	room := l.Inflated / 2 // quotes of JSON need room too
	for _, name := range namesOf(profiles) {
		text, ok := find(name, origins)
		if !ok || len(name) > l.Path || int64(len(text)) > min(l.File, room) || len(b.files) == l.Files || !isText(text) {
			continue
		}
		room -= int64(len(text))
		b.files[name] = newFile(text)
	}
	return b
}

// NamedBy is the Bundle with only those files that the samples of the profile name:
// what somebody sends along with it and a listing can ask for.
func (b Bundle) NamedBy(p *profile.Profile) Bundle {
	some := Bundle{files: map[string]*file{}}
	for _, name := range namesOf([]*profile.Profile{p}) {
		if f, ok := b.files[name]; ok {
			some.files[name] = f
		}
	}
	return some
}

// namesOf lists the files of the frames of all samples, sorted.
func namesOf(profiles []*profile.Profile) []string {
	names := map[string]bool{}
	for _, p := range profiles {
		for line := range sampled(p) {
			names[clean(line.Function.Filename)] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// sampled are the lines with a file of the frames of all samples, those of a location
// once.
func sampled(p *profile.Profile) iter.Seq[profile.Line] {
	return func(yield func(profile.Line) bool) {
		seen := map[*profile.Location]bool{}
		for _, s := range p.Sample {
			for _, l := range s.Location {
				if seen[l] {
					continue
				}
				seen[l] = true
				for _, line := range l.Line {
					if line.Function != nil && line.Function.Filename != "" && !yield(line) {
						return
					}
				}
			}
		}
	}
}

func find(name string, origins []Origin) (string, bool) {
	for _, o := range origins {
		if text, ok := o.Source(name); ok {
			return text, true
		}
	}
	return "", false
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// isSource reports whether a file's name is that of Go or assembly source.
func isSource(name string) bool {
	ext := path.Ext(name)
	return ext == ".go" || ext == ".s"
}

// Embedded is an Origin of sources that are part of this binary.
type Embedded struct {
	files    fs.FS
	prefixes []string
}

// NewEmbedded makes an origin of files, usually an embed.FS. A profile calls
// them by one of the prefixes, a slash, and the name in files. The right prefix
// is what the compiler wrote into the binary, see [Dir]; the package's import
// path is the one that -trimpath gives.
func NewEmbedded(files fs.FS, prefixes ...string) Embedded {
	e := Embedded{files: files}
	for _, p := range prefixes {
		if p != "" {
			e.prefixes = append(e.prefixes, clean(p)+"/")
		}
	}
	return e
}

// Source implements Origin.
func (e Embedded) Source(name string) (string, bool) {
	for _, p := range e.prefixes {
		rest, ok := strings.CutPrefix(name, p)
		if !ok || !isSource(rest) || !fs.ValidPath(rest) {
			continue
		}
		if info, err := fs.Stat(e.files, rest); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if text, err := fs.ReadFile(e.files, rest); err == nil {
			return string(text), true
		}
	}
	return "", false
}
