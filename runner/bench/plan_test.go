package bench_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
)

// TestCellsOfThisHost measures what is this host's and can be measured, of a plan
// for two.
func TestCellsOfThisHost(t *testing.T) {
	t.Parallel()
	spec := runner.Spec{Hosts: []string{"ada", "bob"}, Sockets: []runner.Socket{runner.Unix, runner.TCP4, runner.VSock}, Variants: []runner.Variant{runner.Nagle}, Rounds: 2, Requests: 20}.WithDefaults()
	cells := spec.CellsWhere(func(host string, k runner.Socket) string {
		if k == runner.VSock || host == "bob" && k == runner.TCP4 {
			return "It is not there."
		}
		return ""
	})
	var runs []string
	var totals []int
	o := bench.Options{
		Cells: cells, Host: "bob", RunDir: runDir(t), WarmUp: time.Millisecond, Profile: -1,
		Result: func(r runner.Result) error {
			runs = append(runs, fmt.Sprint(r.Round, " ", cells[r.Cell].Host, " ", cells[r.Cell].Name()))
			return nil
		},
		Progress: func(p runner.Progress) { totals = append(totals, p.Total) },
	}
	if err := bench.Compare(t.Context(), spec, o); err != nil {
		t.Fatal(err)
	}
	slices.Sort(runs)
	if d := cmp.Diff([]string{"1 bob unix", "1 bob unix A/A", "2 bob unix", "2 bob unix A/A"}, runs); d != "" {
		t.Errorf("runs (-want +got):\n%s", d)
	}
	if slices.Min(totals) != 4 || slices.Max(totals) != 4 {
		t.Errorf("the progress counts %v runs, want 4", totals)
	}
	o.Host = "cyd"
	if err := bench.Compare(t.Context(), spec, o); err == nil || !strings.Contains(err.Error(), "none of the cells") {
		t.Errorf("a host that is not of the comparison: %v", err)
	}
}

// TestBudget gives a comparison of minutes a few seconds.
func TestBudget(t *testing.T) {
	t.Parallel()
	spec := runner.Spec{Workload: runner.Echo, Rounds: 2, Requests: runner.MaxRequests, Budget: 6}
	if err := bench.Fits(spec); err != nil {
		t.Fatal(err)
	}
	var results []runner.Result
	began := time.Now()
	err := bench.Compare(t.Context(), spec, bench.Options{
		RunDir: runDir(t),
		Result: func(r runner.Result) error { results = append(results, r); return nil },
	})
	took := time.Since(began)
	if err != nil || len(results) != 6 {
		t.Fatalf("%d results, %v", len(results), err)
	}
	t.Logf("a budget of 6 s took %s", took.Round(10*time.Millisecond))
	// Without the budget it would take half an hour; a busy machine may be slow to
	// start processes.
	if took > time.Minute {
		t.Errorf("a budget of 6 s took %s", took)
	}
	for _, r := range results {
		if n := r.Counters["requests"]; n < 100 || !slices.ContainsFunc(r.Warnings, func(s string) bool { return strings.Contains(s, "time budget") }) {
			t.Errorf("a run that was cut short made %d requests and warns of %q", n, r.Warnings)
		}
		if len(r.Profiles) != len(kinds()) || r.ProfilingEffect <= 0 {
			t.Errorf("a run that was cut short has %d profiles", len(r.Profiles))
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	spec := runner.Spec{Sockets: runner.Sockets[:], Sizes: []int{1, 64, 4096}, Rounds: 20}
	if err := bench.Fits(spec); err != nil {
		t.Errorf("without a budget: %v", err)
	}
	spec.Budget = 30
	err := bench.Fits(spec)
	if es, ok := err.(runner.FieldErrors); !ok || len(es) != 1 || es[0].Field != "budget_s" || !strings.Contains(es[0].Sentence, "30s") {
		t.Errorf("720 runs in 30 s: %v", err)
	}
	if e := bench.Compare(t.Context(), spec, bench.Options{RunDir: runDir(t)}); e == nil || e.Error() != err.Error() {
		t.Errorf("Compare: %v, want %v", e, err)
	}
	spec.Budget = 3600
	if err := bench.Fits(spec); err != nil {
		t.Errorf("720 runs in an hour: %v", err)
	}
}

// TestEstimate compares what is promised with what a small comparison takes.
func TestEstimate(t *testing.T) {
	for _, spec := range []runner.Spec{
		{Sockets: []runner.Socket{runner.TCP4}, Rounds: 1},
		{Sockets: []runner.Socket{runner.Unix}, Workload: runner.Echo, Rounds: 1, Sizes: []int{64 << 10}, Concurrency: []int{4}},
		{Sockets: []runner.Socket{runner.Unix}, Workload: runner.Echo, Rounds: 1, Rate: 2000, Requests: 2000},
	} {
		promised := bench.Estimate(spec)
		began := time.Now()
		if err := bench.Compare(t.Context(), spec, bench.Options{RunDir: runDir(t)}); err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		t.Logf("promised %s, took %s", promised.Round(10*time.Millisecond), took.Round(10*time.Millisecond))
		// A generous factor: whoever reads it decides between a coffee and a lunch. A
		// machine that is busy with other tests is not what is promised for.
		if os.Getenv("SOCKSCOPE_FULL") == "" {
			continue
		}
		if ratio := float64(took) / float64(promised); ratio > 4 || ratio < 1/2.5 {
			t.Errorf("a comparison that was to take %s took %s", promised, took)
		}
	}
}

func TestEstimateFollowsTheSpec(t *testing.T) {
	t.Parallel()
	base := runner.Spec{Workload: runner.Echo, Sockets: []runner.Socket{runner.Unix, runner.TCP4}, Rounds: 10, Requests: 100_000}
	of := func(change func(*runner.Spec)) time.Duration {
		s := base
		change(&s)
		return bench.Estimate(s)
	}
	plain := of(func(*runner.Spec) {})
	for name, more := range map[string]func(*runner.Spec){
		"twice the rounds": func(s *runner.Spec) { s.Rounds = 20 },
		"large messages":   func(s *runner.Spec) { s.Sizes = []int{1 << 20} },
		"two sizes":        func(s *runner.Spec) { s.Sizes = []int{5, 64} },
		"another socket":   func(s *runner.Spec) { s.Sockets = []runner.Socket{runner.Unix, runner.TCP4, runner.TLS} },
		"a variant":        func(s *runner.Spec) { s.Variants = []runner.Variant{runner.Nagle} },
		"a slow rate":      func(s *runner.Spec) { s.Rate = 1000 },
		"a dial each":      func(s *runner.Spec) { s.Workload = runner.DialEcho },
	} {
		if d := of(more); d <= plain {
			t.Errorf("with %s it takes %s, and without %s", name, d, plain)
		}
	}
	if d := of(func(s *runner.Spec) { s.Sockets = append(s.Sockets, runner.UDP4); s.Sizes = []int{1 << 20} }); d != of(func(s *runner.Spec) { s.Sizes = []int{1 << 20} }) {
		t.Error("a cell that cannot be measured takes time")
	}
	if d := of(func(s *runner.Spec) { s.Hosts = []string{"ada", "bob"} }); d != plain {
		t.Errorf("two hosts at once take %s, and one %s", d, plain)
	}
	if d := of(func(s *runner.Spec) { s.Budget = 45 }); d != 45*time.Second {
		t.Errorf("within a budget of 45 s it takes %s", d)
	}
}
