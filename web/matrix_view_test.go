package web

import (
	"testing"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/export"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/runner"
)

// A size of which nothing is measured does not empty the table of the other one.
func TestOverviewBesideARowOfNothing(t *testing.T) {
	t.Parallel()
	spec := runner.Article()
	spec.Sockets = []runner.Socket{runner.Unix, runner.TCP4, runner.TCP6, runner.TLS, runner.UnixAbstract}
	spec.Sizes, spec.Rounds = []int{64, 128}, 8
	c := profiles.Comparison{Base: "unix", Cells: spec.Cells(), State: profiles.Done}
	runs := []profiles.Run{}
	for i := range c.Cells {
		if c.Cells[i].Size == 64 {
			c.Cells[i].NA = "It does not fit."
			continue
		}
		for round := 1; round <= spec.Rounds; round++ {
			runs = append(runs, profiles.Run{Cell: i, Round: round, Metrics: map[string]float64{profiles.LatencyP50: float64(1000*(i+1) + round)}})
		}
	}
	c.Total = len(runs)
	r := &report{Report: export.Report{Comparison: c, Runs: runs, Summary: stats.Summarize(c, runs)}, spec: spec}
	r.sets, r.colours, r.varies = setsOf(r.Summary), coloursOf(c), variationOf(c.Cells)
	if len(r.sets) != 1 || !r.many() {
		t.Fatalf("groups %v", r.sets)
	}
	v := r.matrix(lens{}, profiles.Metrics[2], "")
	if len(v.Rows) != 5 || len(v.Heads) == 0 {
		t.Fatalf("%d rows and the heads %v, want one row for each of five sockets", len(v.Rows), v.Heads)
	}
	for _, row := range v.Rows {
		if row.Cells[0].NA != "" || row.Cells[0].Text == "" {
			t.Errorf("%s: %+v", row.Socket.Name, row.Cells[0])
		}
	}
}
