package source_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/source"
)

var _ listing.Files = source.Bundle{}

func TestLines(t *testing.T) {
	t.Parallel()
	b := source.Of(map[string]string{
		"a.go":         "one\ntwo\r\n\nfour",
		"ended.go":     "one\n",
		"empty.go":     "",
		"/x/./y/../z":  "z",
		"invalid.go":   "a\xffb",
		"":             "nameless",
		"two-ends.go":  "one\n\n",
		"/root/one.go": "1",
	})
	for _, c := range []struct {
		path string
		want []string
		ok   bool
	}{
		{"a.go", []string{"one", "two", "", "four"}, true},
		{"./a.go", []string{"one", "two", "", "four"}, true},
		{"/proc/self/cwd/a.go", []string{"one", "two", "", "four"}, true},
		{"ended.go", []string{"one"}, true},
		{"two-ends.go", []string{"one", ""}, true},
		{"empty.go", []string{}, true},
		{"/x/z", []string{"z"}, true},
		{"invalid.go", []string{"a\uFFFDb"}, true},
		{"", nil, false},
		{"b.go", nil, false},
		{"root/one.go", nil, false},
	} {
		got, ok := b.Lines(c.path)
		if ok != c.ok {
			t.Errorf("%q: %v, want %v", c.path, ok, c.ok)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q (-want +got):\n%s", c.path, d)
		}
	}
	if b.Len() != 7 {
		t.Errorf("%d files: %v", b.Len(), b.Paths())
	}
	if _, ok := (source.Bundle{}).Lines("a.go"); ok {
		t.Error("the zero Bundle has a file")
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	texts := map[string]string{"net/dial.go": "package net\n// <&>\u2028", "a.s": "", "/abs/b.go": strings.Repeat("x", 1000)}
	b := source.Of(texts)
	data := b.Encode()
	if !bytes.Equal(data, source.Of(texts).Encode()) {
		t.Error("the same files have two encodings")
	}
	back, err := source.Decode(data, source.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.Paths(), back.Paths()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for path, want := range texts {
		got, ok := back.Text(path)
		sum := sha256.Sum256([]byte(want))
		if !ok || got != want || back.SHA256(path) != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %q", path, got)
		}
	}
	if back.Size() != b.Size() || b.SHA256("none") != "" {
		t.Errorf("%d bytes, want %d", back.Size(), b.Size())
	}
	empty, err := source.Decode(source.Bundle{}.Encode(), source.DefaultLimits())
	if err != nil || empty.Len() != 0 {
		t.Errorf("empty: %v %v", empty, err)
	}
}

type row struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Text   string `json:"text"`
}

func rowOf(path, text string) row {
	sum := sha256.Sum256([]byte(text))
	return row{path, hex.EncodeToString(sum[:]), text}
}

func zipped(t *testing.T, v any) []byte {
	t.Helper()
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	if s, ok := v.(string); ok {
		if _, err := io.WriteString(zip, s); err != nil {
			t.Fatal(err)
		}
	} else if err := json.NewEncoder(zip).Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	type bundle struct {
		Version int   `json:"version"`
		Files   []row `json:"files"`
	}
	good := zipped(t, bundle{1, []row{rowOf("a.go", "a")}})
	small := source.Limits{Wire: 1 << 12, Inflated: 1 << 12, Files: 3, File: 100, Path: 20}
	if _, err := source.Decode(good, small); err != nil {
		t.Fatal(err)
	}
	many := []row{}
	for i := range 4 {
		many = append(many, rowOf(fmt.Sprint(i), ""))
	}
	for _, c := range []struct {
		name  string
		data  []byte
		want  string
		limit bool // is a LimitError
	}{
		{"nothing", nil, "EOF", false},
		{"not gzip", []byte("package main"), "gzip", false},
		{"cut off", good[:len(good)-5], "EOF", false},
		{"bytes behind", append(bytes.Clone(good), 0), "behind", false},
		{"two members", append(bytes.Clone(good), good...), "behind", false},
		{"not JSON", zipped(t, "package main"), "invalid character", false},
		{"other version", zipped(t, bundle{2, nil}), "version 2", false},
		{"more JSON behind", zipped(t, `{"version":1}{"version":1}`), "after top-level", false},
		{"wrong digest", zipped(t, bundle{1, []row{{"a.go", strings.Repeat("0", 64), "a"}}}), "digest of a.go", false},
		{"twice", zipped(t, bundle{1, []row{rowOf("a.go", "a"), rowOf("a.go", "a")}}), "twice", false},
		{"no path", zipped(t, bundle{1, []row{rowOf("", "a")}}), "not a path", false},
		{"path not clean", zipped(t, bundle{1, []row{rowOf("a/../b.go", "a")}}), "not a path", false},
		{"path of two lines", zipped(t, bundle{1, []row{rowOf("a\nb", "a")}}), "not a path", false},
		{"long path", zipped(t, bundle{1, []row{rowOf(strings.Repeat("p", 21), "a")}}), "path of 21 bytes", true},
		{"long file", zipped(t, bundle{1, []row{rowOf("a.go", strings.Repeat("p", 101))}}), "a.go has 101 bytes", true},
		{"many files", zipped(t, bundle{1, many}), "has 4 files", true},
		{"bomb", zipped(t, strings.Repeat(" ", 1<<20)), "more than 4096 bytes", true},
		{"long", bytes.Repeat([]byte{0}, 5000), "5000 bytes", true},
	} {
		b, err := source.Decode(c.data, small)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		var limit *source.LimitError
		if errors.As(err, &limit) != c.limit {
			t.Errorf("%s: a LimitError is %v, want %v", c.name, !c.limit, c.limit)
		}
		if b.Len() != 0 {
			t.Errorf("%s: %d files nevertheless", c.name, b.Len())
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(source.Of(map[string]string{"a.go": "a\nb", "/x/y.s": ""}).Encode())
	f.Add(source.Bundle{}.Encode())
	f.Add([]byte("\x1f\x8b"))
	l := source.Limits{Wire: 1 << 16, Inflated: 1 << 18, Files: 100, File: 1 << 16, Path: 256}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := source.Decode(data, l)
		if err != nil {
			return
		}
		back, err := source.Decode(b.Encode(), source.DefaultLimits())
		if err != nil {
			t.Fatalf("what was decoded cannot be encoded: %v", err)
		}
		if d := cmp.Diff(b.Paths(), back.Paths()); d != "" {
			t.Fatal(d)
		}
		for _, p := range b.Paths() {
			if b.SHA256(p) != back.SHA256(p) {
				t.Fatalf("%s changed", p)
			}
			if lines, ok := b.Lines(p); !ok || lines == nil {
				t.Fatalf("%s has no lines", p)
			}
		}
	})
}

func ExampleBundle_Lines() {
	b := source.Of(map[string]string{"net/dial.go": "package net\n\nfunc Dial() {}\n"})
	stored := b.Encode() // beside the profile

	back, err := source.Decode(stored, source.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	lines, ok := back.Lines("net/dial.go")
	fmt.Println(lines[2], ok)
	// Output: func Dial() {} true
}
