package listing

import (
	"path"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/prune"
)

// FunctionName is the name under which pprof reports a function.
func FunctionName(fn *profile.Function) string { return prune.Name(fn) }

// filePath is a file's name as pprof reports it. Bazel's sandbox prefix goes,
// the rest is cleaned; the absent name stays absent.
func filePath(name string) string {
	for _, sandbox := range [...]string{"/proc/self/cwd/./", "/proc/self/cwd/"} {
		if rest, ok := strings.CutPrefix(name, sandbox); ok {
			name = rest
			break
		}
	}
	if name == "" {
		return ""
	}
	return path.Clean(name)
}

// Package is the import path in a Go function's name: "internal/poll" of
// "internal/poll.(*FD).Read"; "" for a name that has none. Names of other languages
// hold slashes and dots too: of files, "lib/fetch.js:12", and of URLs.
func Package(function string) string {
	head := function
	if i := strings.IndexAny(head, "[("); i >= 0 {
		head = head[:i] // type arguments and receivers hold paths too
	}
	slash := strings.LastIndexByte(head, '/') + 1
	dot := strings.IndexByte(head[slash:], '.')
	if dot < 0 || !importable(head[:slash+dot]) || isFile(head[slash+dot+1:]) {
		return ""
	}
	return head[:slash+dot]
}

// importable reports whether a text may be an import path: as the linker writes it,
// with a few escapes, and with letters of any language.
func importable(s string) bool {
	if s == "" || s[0] == '/' || s[0] == '.' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c >= 0x80, strings.IndexByte("/._-~+%", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// isFile reports whether what follows the first dot of a name is the ending of a
// source file or a library, alone or with the number of a line.
func isFile(end string) bool {
	ending, _, _ := strings.Cut(end, ":")
	switch ending {
	case "js", "mjs", "cjs", "jsx", "ts", "tsx", "py", "rb", "php", "java", "kt", "rs", "cc", "cpp", "go", "so":
		return true
	}
	return strings.HasPrefix(end, "so.") // with a version
}

// baseOf is the last word of a Go function's name: "Read" of
// "internal/poll.(*FD).Read", "Map" of "slices.Map[...]".
func baseOf(function string) string {
	name := function[len(Package(function)):]
	if i := strings.LastIndex(name, ")."); i >= 0 {
		name = name[i+1:]
	}
	name, _, _ = strings.Cut(name, "[")
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[i+1:]
	}
	return name
}
