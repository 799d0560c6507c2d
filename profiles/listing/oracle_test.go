package listing_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

func oracle(t *testing.T) *pproforacle.Tool {
	t.Helper()
	tool, err := pproforacle.Open(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	return tool
}

// checkList holds Build(p) against pprof's listing, row for row.
func checkList(t *testing.T, p *profile.Profile, sampleType int, files listing.Files, want []pproforacle.Routine) {
	t.Helper()
	got := listing.Build(p, sampleType, nil, files)
	for i := 0; i < len(got) && i < len(want); i++ {
		if got[i].Function != want[i].Function || got[i].File != want[i].File {
			t.Fatalf("routine %d is %s in %s, pprof has %s in %s", i, got[i].Function, got[i].File, want[i].Function, want[i].File)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d routines, pprof has %d", len(got), len(want))
	}
	starts := withStart(p)
	rows, valued := 0, 0
	for i := range got {
		g, w := got[i], want[i]
		if g.Flat != w.Flat || g.Cum != w.Cum {
			t.Errorf("%s in %s: header %d %d, pprof has %d %d", g.Function, g.File, g.Flat, g.Cum, w.Flat, w.Cum)
		}
		lines := rowsOf(g)
		_, text := files.Lines(g.File)
		if w.NoSource && text {
			t.Errorf("%s in %s: pprof has no source and the test has", g.Function, g.File)
		}
		if !text && len(w.Lines) == 0 { // pprof looks for no text either where the range is empty
			checkHeaderOnly(t, g)
			continue
		}
		theirs := w.Lines
		if !starts[g.Function] {
			// pprof's range then follows the order of a map.
			lines, theirs = onlyValued(lines), onlyValued(theirs)
		}
		rows += len(theirs)
		valued += len(onlyValued(theirs))
		if !slices.Equal(theirs, lines) {
			t.Errorf("%s in %s (-pprof +sockscope):\n%s", g.Function, g.File, cmp.Diff(theirs, lines))
		}
	}
	t.Logf("%d routines, %d rows, %d of them with values: all equal", len(want), rows, valued)
}

// checkHeaderOnly checks the lines that pprof does not print for want of text:
// they are the ones with values, and sum to the header.
func checkHeaderOnly(t *testing.T, r listing.Routine) {
	t.Helper()
	var flat, cum int64
	for _, l := range r.Lines {
		if l.Text != "" {
			t.Errorf("%s:%d has text out of nowhere: %q", r.File, l.Line, l.Text)
		}
		flat += l.Flat
		cum += l.Cum
	}
	if flat != r.Flat || cum != r.Cum {
		t.Errorf("%s: lines sum to %d %d, the header is %d %d", r.Function, flat, cum, r.Flat, r.Cum)
	}
}

func rowsOf(r listing.Routine) []pproforacle.Line {
	var lines []pproforacle.Line
	for _, l := range r.Lines {
		lines = append(lines, pproforacle.Line{Line: l.Line, Flat: l.Flat, Cum: l.Cum, Text: l.Text})
	}
	return lines
}

func onlyValued(lines []pproforacle.Line) []pproforacle.Line {
	var valued []pproforacle.Line
	for _, l := range lines {
		if l.Flat != 0 || l.Cum != 0 {
			valued = append(valued, l)
		}
	}
	return valued
}

// withStart names the functions all of whose entries say where they start.
func withStart(p *profile.Profile) map[string]bool {
	starts := map[string]bool{}
	for _, f := range p.Function {
		name := listing.FunctionName(f)
		known, ok := starts[name]
		starts[name] = f.StartLine != 0 && (known || !ok)
	}
	return starts
}

// defaultType is the sample type that pprof reports on unless told otherwise.
func defaultType(t *testing.T, p *profile.Profile) int {
	t.Helper()
	sampleType, err := p.SampleIndexByName("")
	if err != nil {
		t.Fatal(err)
	}
	return sampleType
}

func checkTop(t *testing.T, p *profile.Profile, sampleType int, want []pproforacle.Function) {
	t.Helper()
	got := []pproforacle.Function{}
	for _, f := range listing.Top(p, sampleType) {
		got = append(got, pproforacle.Function{Function: f.Function, Flat: f.Flat, Cum: f.Cum})
	}
	if !slices.Equal(want, got) {
		t.Errorf("top (-pprof +sockscope):\n%s", cmp.Diff(want, got))
	}
	t.Logf("%d rows of top: compared in order", len(want))
}

func TestListAndTopEqualPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	goroot := goroot(t)
	for _, c := range []struct {
		name  string
		roots []string
		args  []string
	}{
		{name: "a"},
		{name: "b"},
		{name: "trimmed", roots: []string{goroot}, args: []string{"-source_path=" + goroot}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := busy().profile(t, c.name)
			p := read(t, file)
			want, err := tool.List(file, ".", c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if len(want) < 30 {
				t.Fatalf("the profile has only %d functions: it shows nothing", len(want))
			}
			checkList(t, p, defaultType(t, p), &disk{roots: c.roots}, want)
			top, err := tool.Top(file)
			if err != nil {
				t.Fatal(err)
			}
			checkTop(t, p, defaultType(t, p), top)
		})
	}
}

// goroot is a copy-free directory whose name pprof does not cut file names at.
func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	link := filepath.Join(t.TempDir(), "std-of-the-test")
	if err := os.Symlink(filepath.Join(string(bytes.TrimSpace(out)), "src"), link); err != nil {
		t.Skip(err)
	}
	return link
}

func TestDiffEqualsPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	for _, c := range []struct {
		name      string
		normalize bool
		args      []string
	}{
		{name: "diff_base"},
		{name: "normalize", normalize: true, args: []string{"-normalize"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := busy().profile(t, "a"), busy().profile(t, "b")
			base, other := read(t, a), read(t, b)
			d, err := listing.Diff(base, other, c.normalize)
			if err != nil {
				t.Fatal(err)
			}
			args := append([]string{"-diff_base=" + a}, c.args...)
			want, err := tool.List(b, ".", args...)
			if err != nil {
				t.Fatal(err)
			}
			checkList(t, d, defaultType(t, d), &disk{}, want)
			top, err := tool.Top(b, args...)
			if err != nil {
				t.Fatal(err)
			}
			checkTop(t, d, defaultType(t, d), top)
			checkUnchanged(t, a, base)
			checkUnchanged(t, b, other)
		})
	}
}

func checkUnchanged(t *testing.T, file string, p *profile.Profile) {
	t.Helper()
	if got, want := p.String(), read(t, file).String(); got != want {
		t.Errorf("the profile of %s was changed:\n%s", filepath.Base(file), cmp.Diff(want, got))
	}
}

func TestOneFunctionEqualsPprof(t *testing.T) {
	t.Parallel()
	tool := oracle(t)
	file := busy().profile(t, "a")
	p := read(t, file)
	for _, pattern := range []string{"main.walk", `^main\.`, "sort|mix", "nothing of that name"} {
		want, err := tool.List(file, pattern)
		if err != nil {
			t.Fatal(err)
		}
		got := listing.Build(p, 1, regexp.MustCompile(pattern), &disk{})
		if len(got) != len(want) {
			t.Fatalf("%s: %d routines, pprof has %d", pattern, len(got), len(want))
		}
		for i := range got {
			if d := cmp.Diff(want[i].Lines, rowsOf(got[i])); d != "" {
				t.Errorf("%s: %s (-pprof +sockscope):\n%s", pattern, got[i].Function, d)
			}
		}
	}
}
