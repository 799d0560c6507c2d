package web_test

import (
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/runner"
)

// Of 400 requests a run there is no curve beyond p75, while the tables have p90: the
// page says why, and so does the picture that is a file, at any width.
func TestCurveSaysWhereItEnds(t *testing.T) {
	t.Parallel()
	s := setup(t)
	spec := runner.Article()
	spec.Rounds = 8
	c := s.stored(spec, 8, true, func(_ profiles.Cell, r *profiles.Run) {
		for k, q := range profiles.Quantiles {
			if q > .75 {
				r.Curve[k] = 0
			}
		}
	})
	const note = "The curves end at p75, the last percentile beyond which a run has 100 requests. p90 and p99 of the tables need 10."
	page := s.page("/comparisons/"+c.ID).want(t, 200).body
	says(t, page, note)
	if !strings.Contains(page, `<th scope="row">p75</th>`) {
		t.Error("the chart's table has no p75")
	}
	for width, query := range map[int]string{1200: "", 640: "?width=640"} {
		at := "/comparisons/" + c.ID + "/charts/latency.svg" + query
		texts := drawing(t, at, s.page(at).want(t, 200).body, width)
		if all := strings.Join(texts, " "); !strings.Contains(all, note) {
			t.Errorf("%s does not say where the curve ends: %s", at, all)
		}
	}
	full := s.stored(spec, 8, true, nil)
	saysNot(t, s.page("/comparisons/"+full.ID).want(t, 200).body, "curves end")
}
