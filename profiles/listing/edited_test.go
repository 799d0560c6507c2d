package listing_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"
	"pgregory.net/rapid"

	"github.com/sockscope/sockscope/profiles/listing"
)

// edits are the kinds of edit that a file sees, by name. Each is of a place in it.
var edits = map[string]func(lines []string, at int, text string) []string{
	"insert": func(lines []string, at int, text string) []string { return slices.Insert(lines, at, text) },
	"several": func(lines []string, at int, text string) []string {
		return slices.Insert(lines, at, text, "}", "", text+" more")
	},
	"delete": func(lines []string, at int, _ string) []string { return slices.Delete(lines, at, at+1) },
	"change": func(lines []string, at int, text string) []string { lines[at] = text; return lines },
	"move": func(lines []string, at int, _ string) []string {
		return append(slices.Delete(slices.Clone(lines), at, at+1), lines[at])
	},
	"double": func(lines []string, at int, _ string) []string { return slices.Insert(lines, at, lines[at]) },
	"far": func(lines []string, at int, text string) []string {
		return slices.Insert(lines, min(at, 4), strings.Split(strings.Repeat(text+"\n", 40), "\n")...)
	},
}

// rewritten is a file after some random edits of the kinds.
func rewritten(t *rapid.T, text, name string, kinds []string) string {
	lines := strings.Split(text, "\n")
	for i := range rapid.IntRange(0, 5).Draw(t, "edits of "+name) {
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "place")
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		lines = edits[kind](lines, at, fmt.Sprint(name, " ", i))
	}
	return strings.Join(lines, "\n")
}

// scattered is a profile whose stacks go through lines that edits move.
func scattered(t testing.TB, r *rand.Rand) *profile.Profile {
	folded := make([]string, 25)
	for i := range folded {
		var s strings.Builder
		fmt.Fprintf(&s, "main.main:%d", 11+r.IntN(8))
		for range r.IntN(5) {
			frame := []string{"main.main", "main.f", "lib.h@/a.go", "lib.h@/b.go", "lib.h@", "<unknown>@"}[r.IntN(6)]
			fmt.Fprintf(&s, "%s%s:%d", []string{";", "+"}[r.IntN(4)/3], frame, 11+r.IntN(10)-r.IntN(2)*r.IntN(12))
		}
		fmt.Fprintf(&s, " %d", 1+r.IntN(9))
		folded[i] = s.String()
	}
	return stacks(t, folded...)
}

// versions are sides whose files are edited, each on its own.
func versions(t *rapid.T, tb testing.TB, kinds []string) []listing.Side {
	n := rapid.IntRange(2, 3).Draw(t, "sides")
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	list := make([]listing.Side, n)
	base := strings.ReplaceAll(numbered(30), "line 17", "line 15")
	for i := range list {
		list[i].Profile = scattered(tb, r)
		switch rapid.IntRange(0, 5).Draw(t, "source") {
		case 0: // not captured
		case 1:
			list[i].Files = texts{"/src/main.go": base, "/a.go": base, "/b.go": base}
		default:
			files := texts{}
			for _, path := range []string{"/src/main.go", "/a.go", "/b.go"} {
				files[path] = rewritten(t, base, fmt.Sprint("side ", i), kinds)
			}
			list[i].Files = files
		}
	}
	return list
}

// Whatever was edited: a line opens to what it costs on each side, all the way down.
func TestOpenSumsEdited(t *testing.T) {
	t.Parallel()
	kinds := slices.Sorted(maps.Keys(edits))
	rapid.Check(t, func(rt *rapid.T) {
		b := listing.Beside(versions(rt, t, kinds))
		sheets, _ := b.Most(nil, 99)
		for _, path := range []string{"/src/main.go", "/a.go"} {
			sheets = append(sheets, b.File(path))
		}
		for _, s := range sheets {
			checkMarks(t, s)
			for _, row := range s.Rows {
				checkOpened(t, b, s, row, nil, cums(row.Values))
			}
		}
	})
}

// checkMarks says that Line and Side tell the rows of a sheet apart, and that each side
// has each of its lines once, in order.
func checkMarks(t *testing.T, s listing.Sheet) {
	t.Helper()
	seen := map[string]bool{}
	last := slices.Repeat([]int64{-1}, len(s.Sides))
	for _, r := range s.Rows {
		mark := fmt.Sprint(r.Line, "'", r.Side)
		if seen[mark] {
			t.Fatalf("%s has two rows %s", s.Function, mark)
		}
		seen[mark] = true
		for side, v := range r.Values {
			if v.Has && v.Line <= last[side] {
				t.Fatalf("%s: line %d of side %d follows line %d", s.Function, v.Line, side, last[side])
			}
			if v.Has {
				last[side] = v.Line
			}
		}
	}
}

// Side by side or alone, a side's lines are those that pprof lists.
func TestEditedIsBuild(t *testing.T) {
	t.Parallel()
	kinds := slices.Sorted(maps.Keys(edits))
	rapid.Check(t, func(rt *rapid.T) {
		list := versions(rt, t, kinds)
		s := listing.Beside(list).Sheet("main.main")
		for side, l := range list {
			want := listing.Build(l.Profile, 0, regexp.MustCompile(`^main\.main$`), l.Files)[0].Lines
			got := []listing.Line{}
			for _, r := range s.Rows {
				if v := r.Values[side]; v.Has {
					got = append(got, listing.Line{Line: v.Line, Flat: v.Flat, Cum: v.Cum, Count: v.Count, Text: r.Text})
				}
			}
			if l.Files == nil { // another side tells the text
				for i := range got {
					got[i].Text = ""
				}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Fatalf("side %d (-want +got):\n%s", side, d)
			}
		}
	})
}

// A line that nobody touched is one row, whatever was written, deleted or changed
// around it.
func TestUntouchedLinesMeet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(rt, "sides")
		list := make([]listing.Side, n)
		for i := range list {
			text := numbered(20)
			if i > 0 {
				text = rewritten(rt, text, fmt.Sprint("side ", i), []string{"insert", "delete", "change"})
			}
			list[i] = listing.Side{Profile: stacks(t, "main.f:11 1"), Files: texts{"/src/main.go": text}}
		}
		rows := map[string]int{}
		for _, r := range listing.Beside(list).File("/src/main.go").Rows {
			if rows[r.Text]++; rows[r.Text] > 1 && strings.HasPrefix(r.Text, "line") {
				t.Fatalf("%q is two rows", r.Text)
			}
		}
	})
}

// Two lines before line 15 make line 16 of the one file and line 16 of the other two
// rows, and each opens to its own.
func TestOpenSameNumber(t *testing.T) {
	t.Parallel()
	before, after := numbered(40), strings.Replace(numbered(40), "line 15", "new\nnewer\nline 15", 1)
	b := listing.Beside(sides([]listing.Files{texts{"/src/main.go": before}, texts{"/src/main.go": after}},
		stacks(t, "main.main:20;main.f:16;lib.a:5 3"), stacks(t, "main.main:22;main.f:18;lib.a:5 4", "main.main:22;main.f:16;lib.b:5 50")))
	describe := func(o listing.Opened) string {
		text := fmt.Sprint(cums(o.Whole))
		for _, c := range o.Calls {
			text += fmt.Sprint(" ", c.Function, cums(c.Values))
			for _, l := range c.Lines {
				text += fmt.Sprintf(" %d'%d %s%v", l.Line, l.Side, l.Text, cums(l.Values))
			}
		}
		return text
	}
	s := b.Sheet("main.f")
	got := []string{}
	for _, r := range s.Rows {
		if r.Line == 16 {
			got = append(got, fmt.Sprintf("%d'%d %s: %s", r.Line, r.Side, r.Text, describe(b.Open(s, r, nil))))
		}
	}
	want := []string{"16'1 newer: [0 50] lib.b[0 50] 5'0 [0 50]", "16'0 line 16: [3 4] lib.a[3 4] 5'0 [3 4]"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	s = b.Sheet("main.main")
	i := slices.IndexFunc(s.Rows, func(r listing.Row) bool { return r.Text == "line 20" })
	got = []string{describe(b.Open(s, s.Rows[i], nil))}
	for _, side := range []int{0, 1} {
		got = append(got, describe(b.Open(s, s.Rows[i], []listing.Step{{Function: "main.f", Line: 16, Side: side}})))
	}
	want = []string{"[3 54] main.f[3 54] 16'0 line 16[3 4] 16'1 newer[0 50]", "[3 4] lib.a[3 4] 5'0 [3 4]", "[0 50] lib.b[0 50] 5'0 [0 50]"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A function that was moved down by more than its length is still the same.
func TestAlignMoved(t *testing.T) {
	t.Parallel()
	body := "func f() {\n\ta()\n\tb()\n}"
	s := listing.Beside(sides([]listing.Files{texts{"/src/main.go": strings.Repeat("\n", 9) + body}, texts{"/src/main.go": strings.Repeat("// more\n", 109) + body}},
		stacks(t, "main.f:11 1", "main.f:12 2"), moved(stacks(t, "main.f:11 8", "main.f:12 9"), 100))).Sheet("main.f")
	want := []string{"10 | 0 0 | func f() {", "11 | 1 8 | \ta()", "12 | 2 9 | \tb()", "13 | 0 0 | }"}
	if d := cmp.Diff(want, sheet(s)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// moved is p with all its functions further down in their files.
func moved(p *profile.Profile, by int64) *profile.Profile {
	for _, f := range p.Function {
		f.StartLine += by
	}
	for _, l := range p.Location {
		for i := range l.Line {
			l.Line[i].Line += by
		}
	}
	return p
}

// Two sides with one file meet by number, whatever an edited one between them has.
func TestAlignAroundAnEdit(t *testing.T) {
	t.Parallel()
	one := strings.Repeat("\n", 9) + "func f() {\n\ta()\n\tb()\n\tc()\n}"
	two := strings.Repeat("// more\n", 29) + "func f() {\n\ta()\n\tnew()\n\tb()\n\tc()\n}"
	p := func() *profile.Profile { return stacks(t, "main.f:11 1", "main.f:13 2") }
	s := listing.Beside(sides([]listing.Files{texts{"/src/main.go": one}, texts{"/src/main.go": two}, texts{"/src/main.go": one}},
		p(), moved(p(), 20), p())).Sheet("main.f")
	want := []string{"10 | 0 0 0 | func f() {", "11 | 1 1 1 | \ta()", "32 | 0 0 0 | \tnew()", "12 | 0 2 0 | \tb()", "13 | 2 0 2 | \tc()", "14 | 0 0 0 | }"}
	if d := cmp.Diff(want, sheet(s)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A row without a line on one side does not show what that side's frames without lines
// call, and those open like all others.
func TestLinesWithoutNumbers(t *testing.T) {
	t.Parallel()
	b := listing.Beside(sides(nil, stacks(t, "main.f:11;lib.a:5 3"), stacks(t, "main.f:0;lib.b:5 4")))
	s := b.Sheet("main.f")
	if d := cmp.Diff([]string{"0 | 0 4 |", "  → lib.b 0 4", "11 | 3 0 |", "  → lib.a 3 0"}, sheet(s)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, r := range s.Rows {
		checkOpened(t, b, s, r, nil, cums(r.Values))
	}
}

// A function may be called as the frames of a binary that have no function are.
func TestOpenNameless(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11;[test]:0;lib.a:5 3", "main.f:11;main.gone@:0;lib.b:5 4")
	for _, l := range p.Location {
		if l.Line[0].Function.Name == "main.gone" {
			l.Line = nil
		}
	}
	b := listing.Beside(sides(nil, p))
	s := b.Sheet("main.f")
	checkOpened(t, b, s, s.Rows[0], nil, []int64{7})
}

// The lines of a loop that was edited between two profiles are matched as its rows are.
func TestMeet(t *testing.T) {
	t.Parallel()
	before, after := numbered(20), strings.Replace(numbered(20), "line 15", "new\nnewer\nline 15", 1)
	list := sides([]listing.Files{texts{"/src/main.go": before}, texts{"/src/main.go": after}},
		stacks(t, "main.f:14;lib.a:5 2", "main.f:16;lib.b:5 3", "gone.f:1 1"), stacks(t, "main.f:14;lib.a:5 2", "main.f:18;lib.b:5 4", "main.f:16;lib.c:5 50"))
	b := listing.Beside(list)
	got := [][]listing.Part{}
	for side, l := range list {
		got = append(got, b.Meet(side, "main.f", listing.Breakdown(l.Profile, 0, "main.f", l.Files)))
	}
	want := [][]listing.Part{
		{{Label: "a", Line: 14, Value: 2, Count: 2}, {Label: "b", Line: 16, Value: 3, Count: 3}, {Label: "gone", Value: 1, Count: 1}},
		{{Label: "a", Line: 14, Value: 2, Count: 2}, {Label: "c", Line: 16, Side: 1, Value: 50, Count: 50}, {Label: "b", Line: 16, Value: 4, Count: 4}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
