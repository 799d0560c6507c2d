package web_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles/guard"
)

// monsters are profiles that the guard accepts and nobody's program makes.
func monsters() map[string]*profile.Profile {
	lines := newMonster("one function of very many lines")
	for i := range 20_000 {
		lines.sample(1, frame{"main.huge", "/src/huge.go", int64(i*7 + 1), 1})
	}
	calls := newMonster("a line that calls very many functions")
	for i := range 20_000 {
		calls.sample(1, frame{"main.main", "/src/x.go", 11, 10}, frame{fmt.Sprintf("main.f%d", i), fmt.Sprintf("/src/%d.go", i), int64(i), 1})
	}
	deep := newMonster("a recursion of three hundred levels")
	for i := range 500 {
		stack := []frame{}
		for j := range 300 {
			stack = append(stack, frame{"main.f", "/src/f.go", int64(1 + (i*j)%40), 1})
		}
		deep.sample(1, stack...)
	}
	names := newMonster("names as long as files")
	for i := range 200 {
		long := strings.Repeat("<script>alert(1)</script>", 1000) + fmt.Sprint(i)
		names.sample(int64(200-i), frame{"main.main", "/src/x.go", 11, 10}, frame{long, long, math62(i), 1})
	}
	far := newMonster("lines at the ends of the numbers")
	for _, n := range []int64{-1 << 62, -1, 0, 1, 1 << 62} {
		far.sample(1<<55, frame{"main.main", "/src/x.go", n, n}, frame{"main.f", "", n, -n})
	}
	return map[string]*profile.Profile{"lines": lines.p, "calls": calls.p, "deep": deep.p, "names": names.p, "far": far.p}
}

func math62(i int) int64 { return int64(i) << 40 }

// monster records quickly: recorder looks functions up one by one.
type monster struct {
	recorder
	functions map[frame]*profile.Function
}

func newMonster(_ string) *monster { return &monster{*newRecorder(), map[frame]*profile.Function{}} }

func (m *monster) sample(n int64, stack ...frame) {
	s := &profile.Sample{Value: []int64{n, n * 10}}
	for i := len(stack) - 1; i >= 0; i-- {
		f := stack[i]
		l := m.at[f]
		if l == nil {
			of := frame{function: f.function, file: f.file}
			fn := m.functions[of]
			if fn == nil {
				fn = &profile.Function{ID: uint64(len(m.p.Function) + 1), Name: f.function, SystemName: f.function, Filename: f.file, StartLine: f.start}
				m.functions[of] = fn
				m.p.Function = append(m.p.Function, fn)
			}
			l = &profile.Location{ID: uint64(len(m.p.Location) + 1), Mapping: m.p.Mapping[0], Line: []profile.Line{{Function: fn, Line: f.line}}}
			m.at[f] = l
			m.p.Location = append(m.p.Location, l)
		}
		s.Location = append(s.Location, l)
	}
	m.p.Sample = append(m.p.Sample, s)
}

// Whatever the guard accepts makes a page of lines of at most 5 MB, opened or not,
// alone or beside another, without a figure that is none.
func TestLinesOfMonsters(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	for name, p := range monsters() {
		data := encode(t, p)
		if _, err := guard.DecodeBytes(data, guard.Default()); err != nil {
			t.Fatalf("%s is not accepted: %v", name, err)
		}
		id := s.pushed(p, "")
		for _, q := range []url.Values{
			{},
			{"function": {"."}},
			{"function": {"^main"}, "open": {"main.main:11>*", "main.huge:1", "main.f:1>!"}},
			{"function": {"main"}, "open": {"main.main:11>!", "main.f:1>main.f:1>main.f:1>!", "main.f:2>!", "main.f:3>!", "main.f:4>!"}},
			{"whole": {"/src/huge.go"}},
			{"whole": {"/src/x.go"}, "open": {"/src/x.go:11>*"}},
		} {
			q.Set("tab", "lines")
			for _, path := range []string{"/profiles/" + id + "?" + q.Encode(), "/diff?base=" + id + "&other=" + id + "&" + q.Encode()} {
				began := time.Now()
				page := s.page(path).want(t, 200).body
				t.Logf("%s %v: %d KB, %v", name, q, len(page)/1000, time.Since(began).Round(time.Millisecond))
				if len(page) > 5_000_000 {
					t.Errorf("%s: %s has %d bytes", name, path, len(page))
				}
				for _, bad := range []string{"NaN", "Inf", "<script>alert"} {
					if strings.Contains(page, bad) {
						t.Errorf("%s: %s has %s", name, path, bad)
					}
				}
			}
		}
	}
}

// A name may be as long as a file: no view of it is.
func TestLongNamesMakeShortPages(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	names := newMonster("names of a megabyte")
	long := strings.Repeat("x", 1_000_000)
	for i := range 20 {
		names.sample(int64(20+i), frame{"main.main", "/src/x.go", 11, 10}, frame{fmt.Sprintf("a/b.f%d%s", i, long), "/src/x.go", 1, 1})
	}
	id, base := s.pushed(names.p, ""), s.upload(encode(t, client(t, "unix", 40)), "?title=base")
	for _, path := range []string{
		"/profiles/" + id, "/profiles/" + id + "?tab=top", "/profiles/" + id + "?tab=lines&function=.", "/profiles/" + id + ".html",
		"/diff?base=" + base + "&other=" + id + "&tab=top", "/diff?base=" + base + "&other=" + id + "&tab=waterfall", "/profiles/" + id + "/flame.svg",
	} {
		if n := len(s.page(path).want(t, 200).body); n > 5_000_000 {
			t.Errorf("%s has %d bytes", path, n)
		}
	}
}
