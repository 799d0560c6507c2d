package bench_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// short is the least profiled pass that makes a profile.
const short = 50 * time.Millisecond

func TestCompare(t *testing.T) {
	t.Parallel()
	spec := runner.Spec{Rounds: 2, Requests: 1200, Concurrency: []int{2}}
	cells := spec.WithDefaults().Cells()
	var results []runner.Result
	var seen []string
	o := bench.Options{
		RunDir: runDir(t), Profile: short,
		Result: func(r runner.Result) error { results = append(results, r); return nil },
		Progress: func(p runner.Progress) {
			seen = append(seen, fmt.Sprint(p.Done, "/", p.Total, " ", p.Round, " ", p.Phase))
		},
	}
	if err := bench.Compare(t.Context(), spec, o); err != nil {
		t.Fatal(err)
	}
	empty(t, o.RunDir)
	want := []string{}
	for i := range 2 * len(cells) {
		for _, phase := range []string{bench.WarmUp, bench.Timing, bench.Profiled} {
			want = append(want, fmt.Sprint(i, "/", 6, " ", i/3+1, " ", phase))
		}
	}
	want = append(want, "6/6 0 ")
	if d := cmp.Diff(want, seen); d != "" {
		t.Errorf("progress (-want +got):\n%s", d)
	}
	got := map[string]int{}
	for i, r := range results {
		got[fmt.Sprint(r.Round, " ", r.Cell)]++
		if r.Round != i/3+1 || r.Position != i%3 {
			t.Errorf("result %d is of round %d, position %d", i, r.Round, r.Position)
		}
		checkResult(t, r, 1200)
	}
	if len(got) != 6 || slices.Max(slices.Collect(maps.Values(got))) != 1 {
		t.Errorf("runs by round and cell: %v", got)
	}
}

func TestSkipKeepsTheOrder(t *testing.T) {
	t.Parallel()
	runs := func(skip func(round, cell int) bool) (all []string) {
		o := bench.Options{RunDir: runDir(t), Profile: short, Seed: 7, Skip: skip, Result: func(r runner.Result) error {
			all = append(all, fmt.Sprint(r.Round, " ", r.Cell, " ", r.Position))
			return nil
		}}
		if err := bench.Compare(t.Context(), runner.Spec{Rounds: 2, Requests: 20}, o); err != nil {
			t.Fatal(err)
		}
		return all
	}
	whole := runs(nil)
	rest := runs(func(round, cell int) bool {
		return slices.ContainsFunc(whole[:4], func(s string) bool { return strings.HasPrefix(s, fmt.Sprint(round, " ", cell, " ")) })
	})
	if d := cmp.Diff(whole[4:], rest); d != "" {
		t.Errorf("runs after an interruption (-want +got):\n%s", d)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	for _, c := range []struct {
		name string
		spec runner.Spec
		o    bench.Options
		want string
	}{
		{"wrong spec", runner.Spec{Rounds: -1}, bench.Options{}, "-1 rounds"},
		{"long run directory", runner.Spec{Requests: 10}, bench.Options{RunDir: longDir(t)}, "fit into a unix address"},
		{"no run directory", runner.Spec{Requests: 10}, bench.Options{RunDir: "/nowhere/at/all"}, "make the run directory"},
		{"result is not taken", runner.Spec{Requests: 10}, bench.Options{Result: func(runner.Result) error { return full }}, "the disk is full"},
		{"client crashes", runner.Spec{Requests: 10}, bench.Options{Env: []string{script + "=crash client"}}, "a script told me to crash"},
		{"server crashes", runner.Spec{Requests: 10}, bench.Options{Env: []string{script + "=crash server"}}, "a script told me to crash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.o.Profile = short
			if c.o.RunDir == "" {
				c.o.RunDir = runDir(t)
			}
			err := bench.Compare(t.Context(), c.spec, c.o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Compare: %v, want %q in it", err, c.want)
			}
			if c.o.RunDir != "/nowhere/at/all" {
				empty(t, c.o.RunDir)
			}
		})
	}
}

// TestLinesOfTheLoop profiles the article's loop for as long as by default, and
// looks where its time is put: on the lines of the four calls, and on them alone.
func TestLinesOfTheLoop(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../workload/dial_echo.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Split(string(source), "\n")
	lines := map[string]int64{}
	o := bench.Options{RunDir: runDir(t), Skip: func(_, cell int) bool { return cell != 0 }, Result: func(r runner.Result) error {
		p, err := profile.Parse(bytes.NewReader(r.Profiles[0].Data))
		if err != nil {
			return err
		}
		for _, s := range p.Sample {
			for _, l := range s.Location {
				for _, f := range l.Line {
					if strings.HasSuffix(f.Function.Name, "workload.DialEcho") {
						lines[strings.TrimSpace(text[f.Line-1])] += s.Value[0]
					}
				}
			}
		}
		return nil
	}}
	if err := bench.Compare(t.Context(), runner.Spec{Rounds: 1, Requests: 1000}, o); err != nil {
		t.Fatal(err)
	}
	t.Logf("samples by line: %v", lines)
	calls, others := int64(0), int64(0)
	for line, n := range lines {
		if strings.Contains(line, "dialer.Dial()") || strings.Contains(line, "conn.Write(") || strings.Contains(line, "io.ReadFull(") || strings.Contains(line, "conn.Close()") {
			calls += n
		} else {
			others += n
		}
	}
	if calls < 3 || others > calls {
		t.Errorf("%d samples on the four calls and %d on other lines", calls, others)
	}
}
