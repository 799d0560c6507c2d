package source

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// maxSuffixes bounds how many places are tried for one name.
const maxSuffixes = 32

// inGoroot finds files of the standard library: below the installation itself, and
// those of an installation elsewhere or of -trimpath by their package. src is the
// root, with slashes.
func inGoroot(src string) func(named) []string {
	return func(f named) []string {
		if rest, ok := strings.CutPrefix(f.name, src+"/"); ok {
			return []string{rest}
		}
		places := []string{}
		for _, p := range f.packages {
			if isStandard(p) && hasFolder(f.name, p) {
				places = append(places, p+"/"+path.Base(f.name))
			}
		}
		if i := strings.LastIndex(f.name, "/src/runtime/"); i >= 0 { // assembly, whose functions may have no package
			places = append(places, f.name[i+len("/src/"):])
		}
		if !path.IsAbs(f.name) && isStandard(f.name) {
			places = append(places, f.name)
		}
		return places
	}
}

// isStandard reports whether an import path is of the standard library: the first
// element of all others has a dot.
func isStandard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return first != "" && !strings.Contains(first, ".")
}

// hasFolder reports whether the file stands in the folder of the package, or in one
// that ends as it does: "/usr/local/go/src/net/http/server.go" in "net/http".
func hasFolder(name, pkg string) bool {
	dir := path.Dir(name)
	return dir == pkg || strings.HasSuffix(dir, "/"+pkg)
}

// inCache finds files of the module cache, whatever the directory of the cache was
// where the program was built: a module's name and version say what they are.
func inCache(cache string) func(named) []string {
	prefix := filepath.ToSlash(cache) + "/"
	return func(f named) []string {
		rel := f.name
		if rest, ok := strings.CutPrefix(f.name, prefix); ok {
			rel = rest
		} else if i := strings.LastIndex(f.name, "/pkg/mod/"); i >= 0 {
			rel = f.name[i+len("/pkg/mod/"):]
		} else if path.IsAbs(f.name) {
			return nil
		}
		at := strings.IndexByte(rel, '@')
		if at < 0 {
			return nil
		}
		end := at + strings.IndexByte(rel[at:], '/')
		if end < at {
			return nil
		}
		escaped := escape(rel[:end]) + rel[end:]
		if escaped == rel {
			return []string{rel}
		}
		return []string{escaped, rel}
	}
}

// escape writes capitals as the module cache does: "Azure" is "!azure".
func escape(p string) string {
	var b strings.Builder
	for _, r := range p {
		if unicode.IsUpper(r) && r < unicode.MaxASCII {
			b.WriteByte('!')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// inModule finds files of the module in dir: by where they are here, by the import
// path that -trimpath leaves, by the package of their functions, those of package
// main by the end of their path, and what the module vendors.
func inModule(dir, module string) func(named) []string {
	prefix := filepath.ToSlash(dir) + "/"
	return func(f named) []string {
		if rest, ok := strings.CutPrefix(f.name, prefix); ok {
			return []string{rest}
		}
		places := []string{}
		if rest, ok := strings.CutPrefix(f.name, module+"/"); ok && module != "" {
			places = append(places, rest)
		}
		for _, p := range f.packages {
			if rest, ok := under(p, module); ok {
				places = append(places, path.Join(rest, path.Base(f.name)))
			} else if !isStandard(p) {
				places = append(places, path.Join("vendor", p, path.Base(f.name)))
			}
		}
		if len(f.packages) == 0 {
			places = append(places, ends(f.name)...)
		}
		return places
	}
}

// under is what follows the module's path in that of a package.
func under(pkg, module string) (string, bool) {
	if module == "" {
		return "", false
	}
	if pkg == module {
		return "", true
	}
	return strings.CutPrefix(pkg, module+"/")
}

// suffixes finds files below a directory that a person names: by where they are, or
// else by the longest end of their path that is there.
func suffixes(dir string) func(named) []string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	prefix := filepath.ToSlash(abs) + "/"
	return func(f named) []string {
		if rest, ok := strings.CutPrefix(f.name, prefix); ok {
			return []string{rest}
		}
		return ends(f.name)
	}
}

// ends are the ends of a path, the longest first: "a/b/c.go", "b/c.go", "c.go".
func ends(name string) []string {
	parts := strings.Split(strings.TrimLeft(name, "/"), "/")
	if len(parts) > maxSuffixes {
		parts = parts[len(parts)-maxSuffixes:]
	}
	list := []string{}
	for i := range parts {
		if !slices.Contains(parts[i:], "..") {
			list = append(list, strings.Join(parts[i:], "/"))
		}
	}
	return list
}
