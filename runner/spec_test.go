package runner_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

func TestArticleIsValid(t *testing.T) {
	t.Parallel()
	s := runner.Article()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	want := []profiles.Cell{
		{Socket: "unix", Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split"},
		{Socket: "unix", Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split", AA: true},
		{Socket: "tcp4", Workload: "dial-echo", Size: 5, Concurrency: 1, Placement: "split"},
	}
	if diff := cmp.Diff(want, s.Cells()); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if got, want := s.Name(), "unix vs tcp4 — dial, write, read, close"; got != want {
		t.Errorf("Name() = %q, want %q", got, want)
	}
}

func TestValidateNamesTheFieldAndTheMend(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*runner.Spec)
		field  string
		says   string
	}{
		"no socket":           {func(s *runner.Spec) { s.Sockets = []runner.Socket{} }, "sockets", "at least one"},
		"unknown socket":      {func(s *runner.Spec) { s.Sockets = []runner.Socket{"unix", "carrier-pigeon"} }, "sockets", "carrier-pigeon"},
		"socket twice":        {func(s *runner.Spec) { s.Sockets = []runner.Socket{"unix", "unix"} }, "sockets", "twice"},
		"base not chosen":     {func(s *runner.Spec) { s.Sockets = []runner.Socket{"unix"}; s.Base = "tcp4" }, "base", "tcp4"},
		"unknown workload":    {func(s *runner.Spec) { s.Workload = "dance" }, "workload", "dance"},
		"size 0":              {func(s *runner.Spec) { s.Sizes = []int{0} }, "sizes", "1 B to 1048576 B"},
		"size too large":      {func(s *runner.Spec) { s.Sizes = []int{1 << 21} }, "sizes", "2097152 B"},
		"no size":             {func(s *runner.Spec) { s.Sizes = nil }, "sizes", "at least one"},
		"no concurrency":      {func(s *runner.Spec) { s.Concurrency = []int{} }, "concurrency", "at least one"},
		"no placement":        {func(s *runner.Spec) { s.Placements = nil }, "placements", "at least one"},
		"concurrency 0":       {func(s *runner.Spec) { s.Concurrency = []int{0} }, "concurrency", "1 to 1024"},
		"too many at once":    {func(s *runner.Spec) { s.Concurrency = []int{1025} }, "concurrency", "1 to 1024"},
		"unknown placement":   {func(s *runner.Spec) { s.Placements = []runner.Placement{"moon"} }, "placements", "moon"},
		"0 rounds":            {func(s *runner.Spec) { s.Rounds = 0 }, "rounds", "1 to 100"},
		"101 rounds":          {func(s *runner.Spec) { s.Rounds = 101 }, "rounds", "101"},
		"0 requests":          {func(s *runner.Spec) { s.Requests = 0 }, "requests", "1 to 10000000"},
		"1e9 requests":        {func(s *runner.Spec) { s.Requests = 1e9 }, "requests", "1000000000"},
		"requests shared":     {func(s *runner.Spec) { s.Requests = 3; s.Concurrency = []int{4} }, "requests", "at least 4"},
		"unknown kernel mode": {func(s *runner.Spec) { s.Kernel = "perhaps" }, "kernel", "perhaps"},
		"long title":          {func(s *runner.Spec) { s.Title = strings.Repeat("ß", 201) }, "title", "201"},
		"title of two lines":  {func(s *runner.Spec) { s.Title = "a\nb" }, "title", "one line"},
		"too many cells":      {func(s *runner.Spec) { s.Sizes = seq(12); s.Concurrency = seq(8) }, "sockets", "288 cells"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := runner.Article()
			tt.change(&s)
			var es runner.FieldErrors
			if err := s.Validate(); !errors.As(err, &es) {
				t.Fatalf("Validate() = %v, want FieldErrors", err)
			}
			for _, e := range es {
				if e.Field == tt.field && strings.Contains(e.Sentence, tt.says) {
					return
				}
			}
			t.Errorf("no sentence about %s that says %q in %v", tt.field, tt.says, es)
		})
	}
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i + 1
	}
	return s
}

func TestSocketAliases(t *testing.T) {
	t.Parallel()
	var s runner.Spec
	if err := json.Unmarshal([]byte(`{"sockets":["unix","tcp"],"base":"tcp"}`), &s); err != nil {
		t.Fatal(err)
	}
	if s = s.WithDefaults(); s.Base != runner.TCP4 || s.Sockets[1] != runner.TCP4 {
		t.Errorf("tcp is read as %q and %q, want tcp4", s.Base, s.Sockets[1])
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}
