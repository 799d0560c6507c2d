package listing_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/listing"
)

// random is a profile of few functions and lines, so that stacks meet, recurse and
// part again; some frames are inlined, some have no file.
func random(t testing.TB, r *rand.Rand, samples int) *profile.Profile {
	t.Helper()
	folded := make([]string, samples)
	for i := range folded {
		var s strings.Builder
		s.WriteString("main.main:11")
		for range r.IntN(7) {
			s.WriteByte(";+"[r.IntN(4)/3])
			fmt.Fprintf(&s, "%s:%d", []string{"main.main", "main.f", "lib.g", "lib.h@/a.go", "lib.h@/b.go", "kernel.k@"}[r.IntN(6)], 11+r.IntN(3))
		}
		fmt.Fprintf(&s, " %d", 1+r.IntN(9))
		folded[i] = s.String()
	}
	return stacks(t, folded...)
}

// cums are the cums of values, a side.
func cums(values []listing.Value) []int64 {
	list := make([]int64, len(values))
	for i, v := range values {
		list[i] = v.Cum
	}
	return list
}

func plus(a, b []int64) []int64 {
	sum := slices.Clone(a)
	for i := range b {
		sum[i] += b[i]
	}
	return sum
}

// checkOpened goes down everywhere: at each level what ends there and what is
// called sums to what came, and that is what the level above said.
func checkOpened(t testing.TB, b *listing.Book, s listing.Sheet, r listing.Row, steps []listing.Step, want []int64) (levels int) {
	t.Helper()
	o := b.Open(s, r, steps)
	if d := cmp.Diff(want, cums(o.Whole)); d != "" {
		t.Fatalf("%s:%d %v is not what its caller said (-want +got):\n%s", s.Function, r.Line, steps, d)
	}
	sum := make([]int64, len(want))
	for i, v := range o.Self {
		sum[i] = v.Flat
	}
	for _, c := range o.Calls {
		sum = plus(sum, cums(c.Values))
		lines := make([]int64, len(want))
		for _, l := range c.Lines {
			lines = plus(lines, cums(l.Values))
			deeper := append(slices.Clone(steps), listing.Step{Function: c.Function, File: c.File, Line: l.Line, Side: l.Side})
			levels = max(levels, checkOpened(t, b, s, r, deeper, cums(l.Values)))
			if l.Leaf != (len(b.Open(s, r, deeper).Calls) == 0) {
				t.Fatalf("%v: leaf is %v", deeper, l.Leaf)
			}
		}
		if d := cmp.Diff(cums(c.Values), lines); d != "" {
			t.Fatalf("%v: the lines of %s do not sum (-want +got):\n%s", steps, c.Function, d)
		}
		if c.Path != nil && c.Path[len(c.Path)-1] != c.Function {
			t.Fatalf("the path of %s is %v", c.Function, c.Path)
		}
	}
	if d := cmp.Diff(want, sum); d != "" {
		t.Fatalf("%s:%d %v does not sum (-want +got):\n%s", s.Function, r.Line, steps, d)
	}
	return levels + 1
}

func TestOpenSums(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		p, q := random(t, r, 12), random(t, r, 12)
		b := listing.Beside(sides(nil, p, q))
		sheets, _ := b.Most(nil, 99)
		deepest := 0
		for _, s := range sheets {
			for _, row := range s.Rows {
				deepest = max(deepest, checkOpened(t, b, s, row, nil, cums(row.Values)))
			}
		}
		if deepest < 4 {
			t.Fatalf("only %d levels", deepest)
		}
		for _, file := range []string{"/src/main.go", "/src/lib.go", "/a.go", "/none.go"} {
			s := b.File(file)
			for _, row := range s.Rows {
				checkOpened(t, b, s, row, nil, cums(row.Values))
			}
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	unix := stacks(t,
		"main.f:11;net.Dial:20;net.dial:25;syscall.Connect:30 3",
		"main.f:11;net.Dial:21 2",
		"main.f:11 1",
		"other.root:5;main.f:11;runtime.newobject:3 1",
	)
	tcp := stacks(t, "main.f:11;net.Dial:20;net.dial:25;syscall.Connect:30;kernel.tcp@:0 9", "main.f:12;net.Dial:20 1")
	b := listing.Beside(sides(nil, unix, tcp))
	s := b.Sheet("main.f")
	describe := func(steps ...listing.Step) (lines []string) {
		o := b.Open(s, s.Rows[0], steps)
		lines = append(lines, fmt.Sprint("self ", cums(o.Self), " of ", cums(o.Whole)))
		for _, c := range o.Calls {
			lines = append(lines, fmt.Sprint(c.Function, " ", cums(c.Values), " ", c.Path))
			for _, l := range c.Lines {
				lines = append(lines, fmt.Sprint("  ", l.Line, " ", cums(l.Values), " ", l.Leaf))
			}
		}
		return lines
	}
	dial, connect := listing.Step{Function: "net.Dial", Line: 20}, listing.Step{Function: "net.dial", Line: 25}
	for _, c := range []struct {
		steps []listing.Step
		want  []string
	}{
		{nil, []string{
			"self [1 0] of [7 9]", "net.Dial [5 9] [main.f net.Dial]", "  20 [3 9] false", "  21 [2 0] true",
			"runtime.newobject [1 0] [other.root main.f runtime.newobject]", "  3 [1 0] true",
		}},
		{[]listing.Step{dial}, []string{"self [0 0] of [3 9]", "net.dial [3 9] [main.f net.Dial net.dial]", "  25 [3 9] false"}},
		{[]listing.Step{dial, connect, {Function: "syscall.Connect", Line: 30}}, []string{
			"self [3 0] of [3 9]", "kernel.tcp [0 9] [main.f net.Dial net.dial syscall.Connect kernel.tcp]", "  0 [0 9] true",
		}},
		{[]listing.Step{connect}, []string{"self [0 0] of [0 0]"}},
	} {
		if d := cmp.Diff(c.want, describe(c.steps...)); d != "" {
			t.Errorf("%v (-want +got):\n%s", c.steps, d)
		}
	}
}

// A line of an edited callee is one line on both sides, whatever its numbers.
func TestOpenEdited(t *testing.T) {
	t.Parallel()
	before, after := numbered(40), strings.Replace(numbered(40), "line 15", "new\nnewer\nline 15", 1)
	b := listing.Beside(sides([]listing.Files{texts{"/src/lib.go": before}, texts{"/src/lib.go": after}},
		stacks(t, "main.f:11;lib.g:20;lib.h:30 3"), stacks(t, "main.f:11;lib.g:22;lib.h:32 4")))
	s := b.Sheet("main.f")
	o := b.Open(s, s.Rows[0], nil)
	if l := o.Calls[0].Lines; len(l) != 1 || l[0].Line != 20 || l[0].Text != "line 20" || l[0].Values[1].Line != 22 || l[0].Values[1].Cum != 4 {
		t.Errorf("%+v", l)
	}
	o = b.Open(s, s.Rows[0], []listing.Step{{Function: "lib.g", Line: 20}})
	if d := cmp.Diff([]int64{3, 4}, cums(o.Whole)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	p := stacks(t, "main.f:11;main.f:12;main.g:12 2", "main.f:11;lib.h@/lib.go:5 3", "lib.h@/lib.go:6 4")
	q := stacks(t, "main.f@/moved/main.go:12 5")
	s := listing.Beside(sides([]listing.Files{texts{"/src/main.go": numbered(13)}, nil}, p, q)).File("/src/main.go")
	var got []string
	for _, r := range s.Rows {
		if r.Values[0].Cum != 0 || r.Values[1].Cum != 0 {
			got = append(got, fmt.Sprint(r.Line, " ", r.Text, " ", cums(r.Values), " ", r.Values[0].Flat))
		}
	}
	if d := cmp.Diff([]string{"11 line 11 [5 0] 0", "12 line 12 [2 5] 2"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(s.Rows) != 13 || s.Sides[0].Cum != 5 || s.Sides[1].Cum != 5 || !s.Captured {
		t.Errorf("%d rows, %+v, captured %v", len(s.Rows), s.Sides, s.Captured)
	}
	if s := listing.Beside(sides(nil, p, q)).File("/etc/passwd"); len(s.Rows) != 0 || s.Captured {
		t.Errorf("%+v", s)
	}
}

// What a Book lists is what Build lists, to the last line.
func TestBookIsBuild(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	files := texts{"/src/main.go": numbered(40), "/a.go": numbered(12)}
	for range 40 {
		p := random(t, r, 20)
		want := map[string]listing.Routine{}
		for _, routine := range listing.Build(p, 1, regexp.MustCompile("."), files) {
			want[routine.Function+routine.File] = routine
		}
		sheets, found := listing.Beside([]listing.Side{{Profile: p, SampleType: 1, Files: files}}).Most(nil, 99)
		if found != len(want) {
			t.Fatalf("%d sheets, want %d", found, len(want))
		}
		for _, s := range sheets {
			got := listing.Routine{Function: s.Function, File: s.File, Flat: s.Sides[0].Flat, Cum: s.Sides[0].Cum, True: s.True[0]}
			for _, r := range s.Rows {
				got.Lines = append(got.Lines, listing.Line{Line: r.Line, Flat: r.Values[0].Flat, Cum: r.Values[0].Cum, Count: r.Values[0].Count, Text: r.Text})
			}
			if d := cmp.Diff(want[s.Function+s.File], got); d != "" {
				t.Fatalf("(-want +got):\n%s", d)
			}
		}
	}
}
