package pproforacle_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles/listing/pproforacle"
)

func TestParseList(t *testing.T) {
	t.Parallel()
	const out = `Total: 330000000ns
No source information for [vdso]
ROUTINE ======================== main.f in /src/a in b.go
-10000000ns  320000000ns (flat, cum) 96.97% of Total
         .          .     10:func f() {
-10000000ns 320000000ns     11:	g() // ROUTINE === 12:
         .          .     12:
ROUTINE ======================== main.g in g.go
         0      5count (flat, cum)   0% of Total
 Error: could not find file g.go on path /x
`
	want := []pproforacle.Routine{
		{
			Function: "main.f", File: "/src/a in b.go", Flat: -10000000, Cum: 320000000,
			Lines: []pproforacle.Line{{Line: 10, Text: "func f() {"}, {11, -10000000, 320000000, "\tg() // ROUTINE === 12:"}, {Line: 12}},
		},
		{Function: "main.g", File: "g.go", Cum: 5, NoSource: true},
	}
	got, err := pproforacle.ParseList([]byte(out))
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestParseTop(t *testing.T) {
	t.Parallel()
	const out = `Type: cpu
Showing nodes accounting for 38ms, 100% of 38ms total
      flat  flat%   sum%        cum   cum%
4000000ns 10.53% 10.53% 20000000ns 52.63%  main.spin
         0     0% 10.53% -2000000ns 1.2e-05%  main.mix[a b] (partial-inline)
`
	want := []pproforacle.Function{{Function: "main.spin", Flat: 4000000, Cum: 20000000}, {Function: "main.mix[a b]", Cum: -2000000}}
	got, err := pproforacle.ParseTop([]byte(out))
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

// A value that pprof rounded must not pass for an exact one.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, out := range []string{"ROUTINE ======================== f in f.go\n  1.50ms 2ms (flat, cum) 1% of Total\n", "ROUTINE ======================== f in f.go\nsomething\n"} {
		if got, err := pproforacle.ParseList([]byte(out)); err == nil {
			t.Errorf("%q: %v", out, got)
		}
	}
	for _, out := range []string{"", "      flat  flat%\nx\n", strings.Repeat("no table\n", 3)} {
		if got, err := pproforacle.ParseTop([]byte(out)); err == nil {
			t.Errorf("%q: %v", out, got)
		}
	}
}
