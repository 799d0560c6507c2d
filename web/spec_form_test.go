package web

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/runner"
)

func TestSpecOfForm(t *testing.T) {
	t.Parallel()
	article := runner.Article()
	with := func(change func(*runner.Spec)) runner.Spec {
		s := runner.Article()
		change(&s)
		return s
	}
	for name, tt := range map[string]struct {
		form string
		want runner.Spec
		says string // of the first FieldError of reading or of Validate
	}{
		"empty form":          {"", article, ""},
		"as people write":     {"rounds=+12+&requests=10%C2%A0000&sizes=5+B,64%3B+1+024", with(func(s *runner.Spec) { s.Rounds, s.Requests, s.Sizes = 12, 10000, []int{5, 64, 1024} }), ""},
		"sizes with units":    {"sizes=4K,+64+KiB%3B+1MiB", with(func(s *runner.Spec) { s.Sizes = []int{4096, 65536, 1 << 20} }), ""},
		"a range":             {"sizes=1..1KiB+%C3%974,+64&concurrency=1..6+x2", with(func(s *runner.Spec) { s.Sizes, s.Concurrency = []int{1, 4, 16, 64, 256, 1024, 64}, []int{1, 2, 4, 6} }), "named twice"},
		"ranges overlap":      {"sizes=64,1%E2%80%A6100", with(func(s *runner.Spec) { s.Sizes = []int{64, 1, 4, 16, 100} }), ""},
		"a named grade":       {"grade=20&rounds=+", with(func(s *runner.Spec) { s.Rounds = 20 }), ""},
		"own before grade":    {"grade=20&rounds=12", with(func(s *runner.Spec) { s.Rounds = 12 }), ""},
		"a grade of words":    {"grade=all&rounds=", article, "not a whole number"},
		"time budget":         {"budget=1+h+30+min", with(func(s *runner.Spec) { s.Budget = 5400 }), ""},
		"bare minutes":        {"budget=5", with(func(s *runner.Spec) { s.Budget = 300 }), ""},
		"open loop":           {"rate=20+000&workload=echo", with(func(s *runner.Spec) { s.Rate, s.Workload = 20000, "echo" }), ""},
		"empty rate":          {"rate=+", article, ""},
		"one host":            {"hosts=a", with(func(s *runner.Spec) { s.Host = "a" }), ""},
		"two hosts":           {"hosts=a&hosts=b", with(func(s *runner.Spec) { s.Hosts = []string{"a", "b"} }), ""},
		"variants":            {"variants=nagle&ports=one", with(func(s *runner.Spec) { s.Variants, s.Ports = []runner.Variant{"nagle"}, "one" }), ""},
		"tcp first":           {"sockets=tcp&sockets=unix", with(func(s *runner.Spec) { s.Sockets, s.Base = []runner.Socket{"tcp4", "unix"}, "tcp4" }), ""},
		"no socket ticked":    {"custom=1", with(func(s *runner.Spec) { s.Sockets, s.Base, s.Placements = nil, "", nil }), "at least one"},
		"0 rounds":            {"rounds=0", with(func(s *runner.Spec) { s.Rounds = 0 }), "0 rounds"},
		"a word for a number": {"rounds=many", article, `"many" is not a whole number`},
		"1e9 requests":        {"requests=1000000000", with(func(s *runner.Spec) { s.Requests = 1e9 }), "1000000000 requests"},
		"beyond int64":        {"requests=99999999999999999999", article, "not a whole number"},
		"empty size":          {"sizes=", article, "missing"},
		"unknown socket":      {"sockets=smoke", with(func(s *runner.Spec) { s.Sockets, s.Base = []runner.Socket{"smoke"}, "smoke" }), `"smoke" is not known`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := url.ParseQuery(tt.form)
			if err != nil {
				t.Fatal(err)
			}
			got, es := specOfForm(f)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			var more runner.FieldErrors
			if errors.As(got.Validate(), &more) {
				es = append(es, more...)
			}
			if (tt.says == "") != (len(es) == 0) || len(es) > 0 && !strings.Contains(es[0].Sentence, tt.says) {
				t.Errorf("errors %v, want one that says %q", es, tt.says)
			}
		})
	}
}

func TestSpecOfJSON(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, says string }{
		"empty body":    {"", ""},
		"empty object":  {"{}", ""},
		"all fields":    {`{"workload":"echo","sockets":["tcp","unix"],"base":"tcp","sizes":[1],"concurrency":[2],"placements":["same"],"rounds":6,"requests":100,"kernel":"off","title":"x","host":""}`, ""},
		"0 rounds":      {`{"rounds":0}`, "0 rounds"},
		"text for int":  {`{"rounds":"ten"}`, `"rounds" takes a whole number`},
		"int for list":  {`{"sizes":5}`, `"sizes" takes a list`},
		"unknown field": {`{"soket":["unix"]}`, `unknown field "soket"`},
		"no JSON":       {`rounds=1`, "not the JSON"},
		"two objects":   {`{}{}`, "goes on after"},
		"empty sockets": {`{"sockets":[]}`, "at least one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := specOfJSON(strings.NewReader(tt.body))
			if err == nil {
				err = s.Validate()
			}
			if (tt.says == "") != (err == nil) || err != nil && !strings.Contains(faultOf(err).sentence, tt.says) {
				t.Errorf("error %v, want one that says %q", err, tt.says)
			}
		})
	}
}

func FuzzSpecOfForm(f *testing.F) {
	f.Add("sockets=unix&sockets=tcp&rounds=10&requests=10+000&sizes=5+B&concurrency=1&placements=split")
	f.Add("rounds=-1&sizes=,,;&base=%00")
	f.Fuzz(func(t *testing.T, form string) {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Skip()
		}
		s, es := specOfForm(values)
		if s.Validate() == nil && len(es) == 0 && (len(s.Cells()) == 0 || len(s.Cells()) > runner.MaxCells) {
			t.Errorf("an accepted spec plans %d cells", len(s.Cells()))
		}
	})
}
