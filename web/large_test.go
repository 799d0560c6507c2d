package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// A comparison of as many cells as there may be is a page that a phone can load,
// and its picture is whole.
func TestPageOf256Cells(t *testing.T) {
	large(t)
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Workload, spec.Sockets, spec.Rounds = runner.Echo, []runner.Socket{runner.Unix, runner.TCP4, runner.TLS}, 6
	spec.Sizes = nil
	for i := range 16 {
		spec.Sizes = append(spec.Sizes, 1<<i)
	}
	spec.Concurrency = []int{1, 2, 4, 8}
	c := s.stored(spec, 6, true, nil)
	if len(c.Cells) != runner.MaxCells {
		t.Fatalf("%d cells", len(c.Cells))
	}
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	const most = 150 << 10
	if n := gzipped(page); n > most {
		t.Errorf("the page takes %d B gzipped, %d B plain; want at most %d", n, len(page), most)
	} else {
		t.Logf("the page takes %d B gzipped, %d B plain", n, len(page))
	}
	if n := strings.Count(page, "<td class=\"Heat"); n < 32 {
		t.Errorf("the matrix has %d coloured cells", n)
	}
	rounds := s.page("/comparisons/"+c.ID+"/rounds").want(t, 200).body
	if n := strings.Count(rounds, `class="Table-group"`); n != 1 {
		t.Errorf("the page of %d runs lists %d rounds at once, want one", 256*6, n)
	}
	if n := gzipped(rounds); n > most {
		t.Errorf("the page of one round takes %d B gzipped", n)
	}
	s.page("/comparisons/"+c.ID+"/rounds?round=7").want(t, 404)
}

func gzipped(page string) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 3)
	_, _ = io.WriteString(w, page)
	_ = w.Close()
	return b.Len()
}

// Where nothing at all could be measured the page says so, and no link breaks.
func TestNothingApplies(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Sockets, spec.Base, spec.Rounds = []runner.Socket{runner.VSock}, runner.VSock, 8
	raw, _ := json.Marshal(spec)
	cells := spec.CellsWhere(func(string, runner.Socket) string { return "There is no vsock device on this machine." })
	c, err := s.store.CreateComparison(t.Context(), profiles.Comparison{Title: "x", Spec: raw, Base: "vsock", Cells: cells, Host: "testhost"})
	if err != nil {
		t.Skip("the store takes no comparison without runs: ", err)
	}
	for _, below := range []string{"", "/lines", "/flame", "/rounds", "?group=1"} {
		if a := s.page("/comparisons/" + c.ID + below); a.StatusCode >= 500 {
			t.Errorf("%q: %d", below, a.StatusCode)
		}
	}
}

// The curves' coordinates stand within their picture.
func TestCurvesStayInside(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.stored(sweep(), 8, true, nil)
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	page = regexp.MustCompile(` y[12]="(?:-1|101%|-9)"`).ReplaceAllString(page, "") // a waterfall's lines reach to the next row
	places := regexp.MustCompile(` (?:cx|cy|x1|y1|x2|y2)="(-?[\d.]+)%?"`).FindAllStringSubmatch(page, -1)
	if len(places) < 50 {
		t.Fatalf("only %d coordinates", len(places))
	}
	for _, m := range places {
		var v float64
		if _, err := fmt.Sscan(m[1], &v); err != nil || math.IsNaN(v) || v < 0 || v > 100 {
			t.Errorf("a coordinate of %s", m[0])
		}
	}
}
