package web_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

// routine is what the API says of a function.
type routine struct {
	Function  string
	File      string
	Flat, Cum int64
	Lines     []pproforacle.Line
}

// valued leaves out the lines without a value, and all text: which of them pprof
// prints depends on the files that it finds on its own machine.
func valued(lines []pproforacle.Line) []pproforacle.Line {
	var vs []pproforacle.Line
	for _, l := range lines {
		if l.Flat == 0 && l.Cum == 0 {
			continue
		}
		l.Text = ""
		vs = append(vs, l)
	}
	return vs
}

// beforeTheFirst counts our rows that stand before the first line that the tool prints,
// where all others are equal and what it prints adds up to less than its own header: it
// prints a function from its first line on, and Go's tables now and then have an
// instruction on a line before.
func beforeTheFirst(w pproforacle.Routine, ours []pproforacle.Line) int {
	if len(w.Lines) == 0 {
		return 0
	}
	first := slices.MinFunc(w.Lines, func(a, b pproforacle.Line) int { return int(a.Line - b.Line) }).Line
	mine := valued(ours)
	before := slices.IndexFunc(mine, func(l pproforacle.Line) bool { return l.Line >= first })
	var flat, cum int64
	for _, l := range w.Lines {
		flat, cum = flat+l.Flat, cum+l.Cum
	}
	if before <= 0 || flat == w.Flat && cum == w.Cum || !slices.Equal(mine[before:], valued(w.Lines)) {
		return 0
	}
	return before
}

// withinFile leaves out the rows behind the end of a file as it is on this machine: the
// tool prints none there, whatever version the profile is of. The server opens no file
// because a profile names it.
func withinFile(t *testing.T, file string, rows []pproforacle.Line) []pproforacle.Line {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		return rows
	}
	end := bytes.Count(text, []byte("\n"))
	kept := slices.DeleteFunc(slices.Clone(rows), func(l pproforacle.Line) bool { return l.Line > int64(end) })
	if n := len(rows) - len(kept); n > 0 {
		t.Logf("%s ends at line %d here: pprof leaves out %d rows", file, end, n)
	}
	return kept
}

// checkLines holds the API's rows against those of the tool, which reads the same
// profiles from the same server.
func (s *site) checkLines(t *testing.T, tool *pproforacle.Tool, query, file string, args ...string) {
	t.Helper()
	want, err := tool.List(s.url+file, ".", args...)
	if err != nil {
		t.Fatal(err)
	}
	var got []routine
	s.get(query).want(t, 200).json(t, &got)
	if len(got) != len(want) {
		theirs, ours := []string{}, []string{}
		for _, r := range want {
			theirs = append(theirs, r.Function+" in "+r.File)
		}
		for _, r := range got {
			ours = append(ours, r.Function+" in "+r.File)
		}
		t.Fatalf("%d routines, pprof has %d (-pprof +API):\n%s", len(got), len(want), cmp.Diff(theirs, ours))
	}
	rows := 0
	for i, w := range want {
		g := got[i]
		if g.Function != w.Function || g.File != w.File || g.Flat != w.Flat || g.Cum != w.Cum {
			t.Errorf("routine %d is %s %s %d %d, pprof has %s %s %d %d", i, g.Function, g.File, g.Flat, g.Cum, w.Function, w.File, w.Flat, w.Cum)
			continue
		}
		theirs, mine := valued(w.Lines), withinFile(t, w.File, valued(g.Lines))
		rows += len(theirs)
		if dropped := beforeTheFirst(w, g.Lines); dropped > 0 {
			t.Logf("%s: pprof leaves out %d rows before the first line of the function, so that its rows do not add up to its header", w.Function, dropped)
		} else if len(w.Lines) > 0 && !slices.Equal(theirs, mine) {
			t.Errorf("%s (-pprof +API):\n%s", g.Function, cmp.Diff(theirs, mine))
		}
		var flat, cum int64
		for _, l := range g.Lines {
			flat, cum = flat+l.Flat, cum+l.Cum
		}
		if flat != g.Flat || cum != g.Cum {
			t.Errorf("%s: the lines sum to %d %d, its header is %d %d", g.Function, flat, cum, g.Flat, g.Cum)
		}
	}
	t.Logf("%d routines, %d rows with values: equal", len(want), rows)
}

func (s *site) checkTop(t *testing.T, tool *pproforacle.Tool, query, file string, args ...string) {
	t.Helper()
	want, err := tool.Top(s.url+file, args...)
	if err != nil {
		t.Fatal(err)
	}
	var got []pproforacle.Function
	s.get(query).want(t, 200).json(t, &got)
	if len(want) == 0 || !slices.Equal(want, got) {
		t.Errorf("top (-pprof +API):\n%s", cmp.Diff(want, got))
	}
	t.Logf("%d rows of top: equal", len(want))
}

func TestLinesAndTopEqualPprof(t *testing.T) {
	large(t)
	t.Parallel()
	tool, err := pproforacle.Open(t.TempDir())
	if err != nil {
		t.Skip(err)
	}
	s := setup(t)
	t.Run("comparison", func(t *testing.T) {
		c := s.done("")
		base, other := s.merged(c, 0, profiles.Client), s.merged(c, 2, profiles.Client)
		for _, p := range []profiles.Profile{base, other, s.merged(c, 0, profiles.Server), s.merged(c, 1, profiles.Client)} {
			s.checkLines(t, tool, "/api/v1/profiles/"+p.ID+"/lines?function=.", "/profiles/"+p.ID+".pprof")
			s.checkTop(t, tool, "/api/v1/profiles/"+p.ID+"/top", "/profiles/"+p.ID+".pprof")
		}
		for mode, args := range map[string][]string{"": {}, "raw": {}, "normalize": {"-normalize"}} {
			q := "?" + url.Values{"base": {base.ID}, "other": {other.ID}, "mode": {mode}, "function": {"."}}.Encode()
			args = append(args, "-diff_base="+s.url+"/profiles/"+base.ID+".pprof")
			s.checkTop(t, tool, "/api/v1/diff"+q, "/profiles/"+other.ID+".pprof", args...)
			s.checkLines(t, tool, "/api/v1/diff/lines"+q, "/profiles/"+other.ID+".pprof", args...)
		}
		// The loop's own lines have their text, which was captured with the run.
		var loop []routine
		s.get("/api/v1/profiles/"+base.ID+"/lines?function=DialEcho").want(t, 200).json(t, &loop)
		if len(loop) != 1 || !slices.ContainsFunc(loop[0].Lines, func(l pproforacle.Line) bool { return strings.Contains(l.Text, "dialer.Dial()") && l.Cum > 0 }) {
			t.Errorf("the loop's lines: %+v", loop)
		}
	})
	t.Run("recorded", func(t *testing.T) {
		id := s.upload(record(t), "")
		// Under -race the tool would name frames anew, by this test's own binary.
		s.checkLines(t, tool, "/api/v1/profiles/"+id+"/lines?function=.", "/profiles/"+id+".pprof", "-symbolize=none")
		s.checkTop(t, tool, "/api/v1/profiles/"+id+"/top", "/profiles/"+id+".pprof", "-symbolize=none")
		s.checkTop(t, tool, "/api/v1/profiles/"+id+"/top?sample_type=samples", "/profiles/"+id+".pprof", "-sample_index=samples", "-symbolize=none")
		first := s.get("/api/v1/profiles/" + id + "/top?n=1")
		var one []pproforacle.Function
		if first.json(t, &one); len(one) != 1 {
			t.Errorf("n=1 gives %d rows", len(one))
		}
	})
	listed := []string{
		"boyter-cs__default.pgo", "Azure-eno__heap.pprof", "felixge-pprofutils__examples_avg.in.pprof", "parca-dev-parca__pkg_query_testdata_fgprof.pb.gz",
		"google-pprof__internal_driver_testdata_go.nomappings.crash", "google-pprof__internal_driver_testdata_cppbench.cpu_no_samples_type",
	}
	for _, name := range corpusNames(t) {
		t.Run(name, func(t *testing.T) {
			id := s.upload(corpus(t, name), "")
			// Where frames have no name the tool would otherwise ask the server for them.
			s.checkTop(t, tool, "/api/v1/profiles/"+id+"/top", "/profiles/"+id+".pprof", "-symbolize=local")
			if slices.Contains(listed, name) || os.Getenv("SOCKSCOPE_FULL") != "" {
				s.checkLines(t, tool, "/api/v1/profiles/"+id+"/lines?function=.", "/profiles/"+id+".pprof", "-symbolize=local")
			}
		})
	}
}

// corpusNames are the files of the real profiles beside the repository.
func corpusNames(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("../../shared/corpus")
	if err != nil {
		t.Skip("no corpus of real profiles beside the repository: ", err)
	}
	names := []string{}
	for _, e := range entries {
		if e.Name() != "README.md" && e.Name() != "manifest.jsonl" {
			names = append(names, e.Name())
		}
	}
	return names
}

// record takes a CPU profile of this process at work: recursion, a generic
// function, a closure, inlining.
func record(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pprof.StartCPUProfile(&b); err != nil {
		t.Skip("this process is being profiled already: ", err)
	}
	defer pprof.StopCPUProfile()
	total := 0
	for range 4000 { // of CPU rather than of time, so that a busy machine has samples of it, too
		total += fib(22) + sum([]int{1, 2, 3}) + len(sum([]text{"a", "b"}))
		func() {
			for i := range 100 {
				total += len(fmt.Sprint(i, total))
			}
		}()
	}
	pprof.StopCPUProfile()
	if total == 0 {
		t.Fatal("nothing was done")
	}
	p, err := profile.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	// Tests beside this one may run what is generic over an interface with methods. The
	// tool cuts the parentheses out of such a name, but not where it is told to leave
	// all names alone.
	for _, f := range p.Function {
		f.Name = listing.FunctionName(f)
		f.SystemName = f.Name
	}
	return encode(t, p)
}

type text string

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) +
		fib(n-2)
}

func sum[T int | text](values []T) (all T) {
	for _, v := range values {
		all += v
	}
	return all
}
