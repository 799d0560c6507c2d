package listing_test

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// sheet writes a Sheet as text: a row is its line, its cum a side, and its text.
func sheet(s listing.Sheet) []string {
	var text []string
	cums := func(values []listing.Value) string {
		var list []string
		for _, v := range values {
			list = append(list, fmt.Sprint(v.Cum))
		}
		return strings.Join(list, " ")
	}
	for _, r := range s.Rows {
		text = append(text, strings.TrimSpace(fmt.Sprintf("%d | %s | %s", r.Line, cums(r.Values), r.Text)))
		for _, c := range r.Callees {
			text = append(text, fmt.Sprintf("  → %s %s", c.Function, cums(c.Values)))
		}
		for _, c := range r.Landmarks {
			text = append(text, fmt.Sprintf("  └ %s %s", c.Function, cums(c.Values)))
		}
	}
	return text
}

func sides(files []listing.Files, profiles ...*profile.Profile) []listing.Side {
	var list []listing.Side
	for i, p := range profiles {
		s := listing.Side{Profile: p}
		if files != nil {
			s.Files = files[i]
		}
		list = append(list, s)
	}
	return list
}

func TestAlign(t *testing.T) {
	t.Parallel()
	unix := stacks(t,
		"main.f:11;net.Dial:20;net.dial:25;syscall.Connect:30;syscall.Syscall:31 3",
		"main.f:11;net.Dial:20;net.dial:25;syscall.Socket:35 2",
		"main.f:12;net.(*conn).Write:40;internal/poll.runtime_pollOpen@:1;runtime.netpollopen@:2 4",
	)
	tcp := stacks(t,
		"main.f:11;net.Dial:20;net.dial:25;syscall.Connect:30;syscall.Syscall:31 9",
		"main.f:11;runtime.newobject@:3;runtime.mallocgc@:4 1",
		"main.f:14 5",
	)
	got := listing.Beside(sides(nil, unix, tcp)).Sheet("main.f")
	want := []string{
		"11 | 5 10 |",
		"  → net.Dial 5 9",
		"  → runtime.newobject 0 1",
		"  └ syscall.Connect 3 9",
		"  └ syscall.Socket 2 0",
		"  └ runtime.newobject 0 1",
		"12 | 4 0 |",
		"  → net.(*conn).Write 4 0",
		"  └ internal/poll.runtime_pollOpen 4 0",
		"14 | 0 5 |",
	}
	if d := cmp.Diff(want, sheet(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]listing.Value{{Cum: 9, Count: 9}, {Flat: 5, Cum: 15, Count: 15}}, got.Sides); d != "" {
		t.Errorf("sides (-want +got):\n%s", d)
	}
	if got.File != "/src/main.go" || got.True[0] != 9 || got.True[1] != 15 {
		t.Errorf("%s, true %v", got.File, got.True)
	}
}

func TestAlignNothing(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11 1")
	list := []listing.Side{{Profile: p}, {}, {Profile: p, SampleType: 7}}
	got := listing.Beside(list).Sheet("main.f")
	if d := cmp.Diff([]string{"11 | 1 0 0 |"}, sheet(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	got = listing.Beside(list).Sheet("main.none")
	if got.Function != "main.none" || got.Rows == nil || len(got.Rows) != 0 || len(got.Sides) != 3 || len(got.True) != 3 {
		t.Errorf("%+v", got)
	}
	if got, _ := listing.Beside(nil).Most(nil, math.MaxInt); len(got) != 0 {
		t.Errorf("no side: %v", got)
	}
}

// A line that calls itself, directly or not, counts a sample once, and so does
// each function that it calls.
func TestAlignRecursion(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11;main.f:11;main.g:20;main.f:11;runtime.memmove:30 2", "main.f:11+main.g:20 1")
	want := []string{"11 | 3 |", "  → main.g 3", "  → main.f 2", "  → runtime.memmove 2", "  └ runtime.memmove 2"}
	if d := cmp.Diff(want, sheet(listing.Beside(sides(nil, p)).Sheet("main.f"))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAlignMatching(t *testing.T) {
	t.Parallel()
	a := stacks(t, "main.f:11 1", "main.g:11 5", "main.init@/src/a.go:11 2", "main.init@/src/b.go:11 3")
	b := stacks(t, "main.f@/elsewhere/main.go:11 9", "main.init@/src/b.go:11 1", "lib.f:11 1")
	var got []string
	matching, _ := listing.Beside(sides(nil, a, b)).Most(regexp.MustCompile(`^main`), math.MaxInt)
	for _, s := range matching {
		got = append(got, fmt.Sprintln(s.Function, s.File, s.True))
	}
	want := []string{
		"main.f /src/main.go [1 9]\n", // one on each side: the same function, wherever its file is
		"main.g /src/main.go [5 0]\n",
		"main.init /src/b.go [3 1]\n",
		"main.init /src/a.go [2 0]\n",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	sheets, found := listing.Beside(sides(nil, a, b)).Most(nil, 2)
	if len(sheets) != 2 || found != 5 || sheets[1].Function != "main.g" {
		t.Errorf("the 2 most costly: %d of %d", len(sheets), found)
	}
}

func TestAlignText(t *testing.T) {
	t.Parallel()
	before := strings.Repeat("\n", 9) + "func f() {\n\ta()\n\tb()\n\tc()\n}"
	after := strings.Repeat("\n", 9) + "func f() {\n\tnew()\n\tnewer()\n\ta()\n\tb()\n\tc()\n}"
	profiles := func() (*profile.Profile, *profile.Profile) {
		return stacks(t, "main.f:11 1", "main.f:12 2"), stacks(t, "main.f:11 8", "main.f:13 10", "main.f:14 20")
	}
	for _, c := range []struct {
		name  string
		files []listing.Files
		want  []string
	}{
		{"the same file: by number", []listing.Files{texts{"/src/main.go": before}, texts{"/src/main.go": before}}, []string{
			"10 | 0 0 | func f() {", "11 | 1 8 | \ta()", "12 | 2 0 | \tb()", "13 | 0 10 | \tc()", "14 | 0 20 | }",
		}},
		{"an edited file: by text", []listing.Files{texts{"/src/main.go": before}, texts{"/src/main.go": after}}, []string{
			"10 | 0 0 | func f() {", "11 | 0 8 | \tnew()", "12 | 0 0 | \tnewer()", "11 | 1 10 | \ta()", "12 | 2 20 | \tb()", "13 | 0 0 | \tc()", "14 | 0 0 | }",
		}},
		{"text on the second side only", []listing.Files{nil, texts{"/src/main.go": before}}, []string{
			"10 | 0 0 | func f() {", "11 | 1 8 | \ta()", "12 | 2 0 | \tb()", "13 | 0 10 | \tc()", "14 | 0 20 | }",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := profiles()
			got := listing.Beside(sides(c.files, a, b)).Sheet("main.f")
			if d := cmp.Diff(c.want, sheet(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			for _, r := range got.Rows {
				if r.Values[1].Cum == 10 && r.Values[1].Line != 13 {
					t.Errorf("row %d of the second side is line %d there, want 13", r.Line, r.Values[1].Line)
				}
			}
		})
	}
}
