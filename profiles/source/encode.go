package source

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits bound a Bundle that is decoded or captured.
type Limits struct {
	Wire     int64 // bytes of the encoded Bundle
	Inflated int64 // bytes of it without compression
	Files    int
	File     int64 // bytes of one file
	Path     int   // bytes of one path
}

// DefaultLimits hold the sources of a large Go program several times over: a
// profile of the Go compiler names 396 files with 8 MB, 2 MB encoded.
func DefaultLimits() Limits {
	return Limits{Wire: 16 << 20, Inflated: 64 << 20, Files: 8192, File: 1 << 20, Path: 4096}
}

// LimitError is one sentence about a Bundle that is not taken.
type LimitError struct{ Sentence string }

func (e *LimitError) Error() string { return e.Sentence }

func tooLarge(format string, a ...any) error { return &LimitError{fmt.Sprintf(format, a...)} }

// encoded is the form of a Bundle: this as JSON, gzipped.
type encoded struct {
	Version int           `json:"version"`
	Files   []encodedFile `json:"files"` // by path
}

type encodedFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

const version = 1

// Encode gives the bytes that Decode reads: the same for the same files.
func (b Bundle) Encode() []byte {
	e := encoded{Version: version, Files: []encodedFile{}}
	for _, p := range b.Paths() {
		f := b.files[p]
		e.Files = append(e.Files, encodedFile{Path: p, SHA256: f.sum, Text: f.text})
	}
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf) // its header holds no time, so that the bytes are always the same
	j := json.NewEncoder(zip)
	j.SetEscapeHTML(false)
	if err := j.Encode(e); err != nil { // strings into memory
		panic(fmt.Sprintf("encode source bundle: %v", err))
	}
	if err := zip.Close(); err != nil {
		panic(fmt.Sprintf("encode source bundle: %v", err))
	}
	return buf.Bytes()
}

// Decode reads a Bundle that nobody vouches for. Each file's digest is checked.
// The error is a LimitError when the Bundle is larger than l allows.
func Decode(data []byte, l Limits) (Bundle, error) {
	if int64(len(data)) > l.Wire {
		return Bundle{}, tooLarge("The source bundle has %d bytes; at most %d are taken: leave files out.", len(data), l.Wire)
	}
	text, err := inflate(data, l.Inflated)
	if err != nil {
		return Bundle{}, err
	}
	var e encoded
	if err := json.Unmarshal(text, &e); err != nil {
		return Bundle{}, fmt.Errorf("decode source bundle: %w", err)
	}
	if e.Version != version {
		return Bundle{}, fmt.Errorf("decode source bundle: version %d is not known, only %d", e.Version, version)
	}
	if len(e.Files) > l.Files {
		return Bundle{}, tooLarge("The source bundle has %d files; at most %d are taken: leave files out.", len(e.Files), l.Files)
	}
	b := Bundle{files: make(map[string]*file, len(e.Files))}
	for _, f := range e.Files {
		if err := b.add(f, l); err != nil {
			return Bundle{}, err
		}
	}
	return b, nil
}

// inflate unzips at most limit bytes. A second gzip member or bytes behind it
// are an error: they would be lost.
func inflate(data []byte, limit int64) ([]byte, error) {
	in := bytes.NewReader(data)
	zip, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("decode source bundle: %w", err)
	}
	zip.Multistream(false)
	text, err := io.ReadAll(io.LimitReader(zip, limit+1))
	if err != nil {
		return nil, fmt.Errorf("decode source bundle: %w", err)
	}
	if int64(len(text)) > limit {
		return nil, tooLarge("The source bundle has more than %d bytes when unpacked: leave files out.", limit)
	}
	if in.Len() > 0 {
		return nil, errors.New("decode source bundle: bytes behind its end")
	}
	return text, nil
}

func (b Bundle) add(f encodedFile, l Limits) error {
	switch {
	case f.Path == "" || clean(f.Path) != f.Path || strings.ContainsFunc(f.Path, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("decode source bundle: %.100q is not a path", f.Path)
	case len(f.Path) > l.Path:
		return tooLarge("The source bundle has a path of %d bytes; at most %d are taken.", len(f.Path), l.Path)
	case int64(len(f.Text)) > l.File:
		return tooLarge("The source file %.100s has %d bytes; at most %d are taken: leave it out.", f.Path, len(f.Text), l.File)
	case b.files[f.Path] != nil:
		return fmt.Errorf("decode source bundle: %.100s is there twice", f.Path)
	}
	n := newFile(f.Text)
	if n.sum != f.SHA256 {
		return fmt.Errorf("decode source bundle: the digest of %.100s does not fit its text", f.Path)
	}
	b.files[f.Path] = n
	return nil
}
