package listing_test

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
	"github.com/sockscope/sockscope/profiles/source"
)

// The way of the product: sources are captured with the profile, stored, and
// opened again; the listing is then pprof's, text and all.
func TestCapturedSourcesEqualPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	link := goroot(t)
	dir := source.FindGoroot(runtime.Version())
	std, err := source.OpenGoroot(dir, runtime.Version())
	if err != nil {
		t.Skip(err)
	}
	defer std.Close()
	here := source.Dir() + "/testdata/busy"
	own := source.NewEmbedded(os.DirFS("testdata/busy"), here, "github.com/sockscope/sockscope/profiles/listing/testdata/busy")
	for _, c := range []struct {
		name string
		args []string
	}{
		{name: "a"},
		{name: "trimmed", args: []string{"-source_path=" + link}},
	} {
		file := busy().profile(t, c.name)
		p := read(t, file)
		stored := source.Capture([]*profile.Profile{p}, own, std).Encode()
		bundle, err := source.Decode(stored, source.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		want, err := tool.List(file, ".", c.args...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if want[i].NoSource && strings.HasSuffix(want[i].File, "/busy/main.go") {
				// pprof has no module to look into; the bundle does.
				want[i].NoSource = false
				if lines, ok := bundle.Lines(want[i].File); !ok || !strings.HasPrefix(lines[0], "// Command busy") {
					t.Errorf("%s: %s was not captured", c.name, want[i].File)
				}
				if want[i].Lines != nil {
					t.Errorf("%s: lines without a source", c.name)
				}
				want[i].Lines = linesOf(p, want[i].Function, bundle)
			}
		}
		checkList(t, p, 1, bundle, want)
		t.Logf("%s: %d files, %d bytes, %d stored", c.name, bundle.Len(), bundle.Size(), len(stored))
	}
}

// Lines above a function's claimed start, behind the file's end, and the file's
// first line, with text.
func TestRangesEqualPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	long, short := put("long.go", numbered(60)+"\n"), put("short.go", numbered(12)+"\r\n\r\n")
	empty, blank := put("empty.go", ""), put("blank.go", "\n\n\n")
	p := stacks(t,
		"a.back@"+long+":30;a.back@"+long+":20;a.back@"+long+":3;a.back@"+long+":12 7",
		"b.end@"+long+":58;c.behind@"+long+":900;c.behind@"+long+":40 2",
		"d.short@"+short+":11;e.short@"+short+":13;f.short@"+short+":14 3",
		"g.empty@"+empty+":11;h.blank@"+blank+":2;i.gone@"+dir+"/gone.go:11 4",
		"j.first@"+long+":1;k.only@"+long+":10 1",
	)
	for _, f := range p.Function {
		switch f.Name {
		case "h.blank", "j.first":
			f.StartLine = 1
		case "k.only":
			f.StartLine = 55 // below its only line
		}
	}
	file := write(t, dir, "ranges", p)
	want, err := tool.List(file, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(want) != 11 {
		t.Fatalf("pprof lists %d functions, want 11", len(want))
	}
	checkList(t, read(t, file), 1, &disk{}, want)
	texts := map[string]string{}
	for _, path := range []string{long, short, empty, blank} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	checkList(t, read(t, file), 1, source.Of(texts), want)
}

// linesOf is what Build gives for one function; for files that pprof cannot find.
func linesOf(p *profile.Profile, function string, files listing.Files) []pproforacle.Line {
	for _, r := range listing.Build(p, 1, regexp.MustCompile("^"+regexp.QuoteMeta(function)+"$"), files) {
		return rowsOf(r)
	}
	return nil
}
