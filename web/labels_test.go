package web_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// sized is a heap-like profile with a sample of each size, of which the i-th holds as
// much as weight says.
func sized(t testing.TB, n int, weight func(i int) int64) []byte {
	t.Helper()
	return labelled(t, func(p *profile.Profile) {
		p.SampleType = []*profile.ValueType{{Type: "inuse_objects", Unit: "count"}, {Type: "inuse_space", Unit: "bytes"}}
		p.Sample = nil
		for i := range n {
			p.Sample = append(p.Sample, &profile.Sample{
				Location: p.Location[i%2 : i%2+1], Value: []int64{1, weight(i)},
				NumLabel: map[string][]int64{"bytes": {64 << i}, "took": {int64(i+1) * 500_000}}, NumUnit: map[string][]string{"bytes": {""}, "took": {"nanoseconds"}},
			})
		}
	})
}

var slice = regexp.MustCompile(`(?s)<li title="([^"]*)">\s*<a[^>]* href="([^"]*)"[^>]*>(.*?)</li>`)

// Values that are large on one side and small on the other have the figures of both,
// and the link of each leads to as much as the table says.
func TestSlicesOfBothSides(t *testing.T) {
	t.Parallel()
	s := setup(t)
	const n = 30
	a := s.upload(sized(t, n, func(i int) int64 { return int64(n-i) * 100 }), "")
	b := s.upload(sized(t, n, func(i int) int64 { return int64(i+1) * 100 }), "")
	page := s.page("/diff?base="+a+"&other="+b).want(t, http.StatusOK).body
	if !strings.Contains(page, "10 more") {
		t.Error("20 of 30 values are listed, and not 10 more")
	}
	values := slice.FindAllStringSubmatch(page, -1)
	if len(values) != 40 {
		t.Fatalf("%d values, want 20 of each of 2 keys", len(values))
	}
	for i, m := range values {
		text := strings.Join(strings.Fields(tags.ReplaceAllString(m[3], " ")), " ")
		if strings.Contains(text, "·") || strings.Contains(m[1], "0 stacks") {
			t.Errorf("%q (%s): a side has none, and each has one stack", text, m[1])
		}
		if i%7 != 0 { // each costs a page
			continue
		}
		followed := s.page(html.UnescapeString(m[2])).want(t, http.StatusOK).body
		base, other, _ := strings.Cut(text[strings.Index(text, " ")+1:], " → ")
		if want := fmt.Sprintf("%s of %s, %s of %s", base, a, other, b); !strings.Contains(strings.Join(strings.Fields(followed), " "), want) {
			t.Errorf("%q leads to a page that does not say %q", text, want)
		}
	}
	for _, want := range []string{">64B<", ">32kB<", ">64MB<", ">1.50ms<", `title="took=1500000 nanoseconds, `, "label=bytes%3D67108864&"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

// Numbers that are written alike are told apart.
func TestSlicesWrittenAlike(t *testing.T) {
	t.Parallel()
	s := setup(t)
	id := s.upload(labelled(t, func(p *profile.Profile) {
		p.Sample[0].NumLabel, p.Sample[0].NumUnit = map[string][]int64{"bytes": {1 << 20}}, nil
		p.Sample[1].NumLabel, p.Sample[1].NumUnit = map[string][]int64{"bytes": {1<<20 + 1}}, nil
	}), "")
	if page := s.page("/profiles/"+id).want(t, http.StatusOK).body; !strings.Contains(page, ">1048576<") || !strings.Contains(page, ">1048577<") {
		t.Error("two sizes of 1 MB are not told apart")
	}
}
