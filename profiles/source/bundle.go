package source

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// Bundle is the text of source files by the path that profiles name. The zero
// Bundle is empty. A Bundle is never changed once made, and may be read by many
// at once.
type Bundle struct {
	files map[string]*file
}

type file struct {
	text  string
	sum   string // hex SHA-256 of text
	lines func() []string
}

func newFile(text string) *file {
	sum := sha256.Sum256([]byte(text))
	return &file{
		text:  text,
		sum:   hex.EncodeToString(sum[:]),
		lines: sync.OnceValue(func() []string { return split(text) }),
	}
}

// Of makes a Bundle of texts by path, as they are.
func Of(texts map[string]string) Bundle {
	b := Bundle{files: make(map[string]*file, len(texts))}
	for _, p := range slices.Sorted(maps.Keys(texts)) {
		if name := clean(p); name != "" && b.files[name] == nil {
			b.files[name] = newFile(strings.ToValidUTF8(texts[p], "\uFFFD"))
		}
	}
	return b
}

// Lines gives the file's lines without their ends, split once and kept. The
// caller does not change them.
func (b Bundle) Lines(path string) ([]string, bool) {
	f, ok := b.files[clean(path)]
	if !ok {
		return nil, false
	}
	return f.lines(), true
}

// Text gives the file whole.
func (b Bundle) Text(path string) (string, bool) {
	f, ok := b.files[clean(path)]
	if !ok {
		return "", false
	}
	return f.text, true
}

// SHA256 is the hex digest of the file's text, "" when there is no such file.
func (b Bundle) SHA256(path string) string {
	if f, ok := b.files[clean(path)]; ok {
		return f.sum
	}
	return ""
}

// Paths lists the files, sorted.
func (b Bundle) Paths() []string { return slices.Sorted(maps.Keys(b.files)) }

// Len is the number of files.
func (b Bundle) Len() int { return len(b.files) }

// Size is the bytes of all texts.
func (b Bundle) Size() int64 {
	var n int64
	for _, f := range b.files {
		n += int64(len(f.text))
	}
	return n
}

// clean makes different spellings of a path one, the way pprof does.
func clean(name string) string {
	if rest, ok := strings.CutPrefix(name, "/proc/self/cwd/"); ok {
		name = rest
	}
	if name == "" {
		return ""
	}
	return path.Clean(name)
}

// split cuts text at line ends, "\n" or "\r\n". The end of the last line may be
// missing; the empty text has no line.
func split(text string) []string {
	if text == "" {
		return []string{}
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return lines
}
