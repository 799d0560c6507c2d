package verdict_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// grid is a comparison of two sizes: unix, its A/A cell, tcp4, tcp4 with Nagle on,
// and socketpair, which is not measured.
func grid() profiles.Comparison {
	c := plan(10, "unix", "tcp4", "tcp4", "socketpair")
	c.Cells[3].Variant, c.Cells[4].NA = "nagle", "A socketpair has no address to dial: both ends are made at once."
	for _, cell := range slices.Clone(c.Cells) {
		cell.Size = 65536
		c.Cells = append(c.Cells, cell)
	}
	c.Total = 10 * profiles.Measured(c.Cells)
	return c
}

// measuredOnly leaves out the runs of cells that are not measured.
func measuredOnly(c profiles.Comparison, rs []profiles.Run) []profiles.Run {
	return slices.DeleteFunc(rs, func(r profiles.Run) bool { return c.Cells[r.Cell].NA != "" })
}

func TestMatrixOf(t *testing.T) {
	t.Parallel()
	c := grid()
	rs := measuredOnly(c, runs(c, 10, 84_000, 84_100, 177_000, 336_000, 0, 100_000, 100_100, 100_050, 2_000_000, 0))
	s := stats.Summarize(c, rs)
	x := verdict.MatrixOf(c, s, verdict.Metric(c, s))
	var columns, rows []string
	for _, col := range x.Columns {
		columns = append(columns, col.Label)
	}
	for _, r := range x.Rows {
		rows = append(rows, r.Label)
	}
	if diff := cmp.Diff([]string{"unix", "tcp4", "tcp4 with Nagle on", "socketpair"}, columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"5 B messages", "64 KiB messages"}, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	var texts [][]string
	for _, row := range x.Cells {
		var line []string
		for _, cell := range row {
			line = append(line, cell.Text)
		}
		texts = append(texts, line)
	}
	if diff := cmp.Diff([][]string{{"84 µs", "2.11×", "4.00×", "n/a"}, {"100 µs", "1.00×", "20.0×", "n/a"}}, texts); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
	tcp, same, worst, na := x.Cells[0][1], x.Cells[1][1], x.Cells[1][2], x.Cells[0][3]
	if !tcp.Clear || tcp.Strength < 0.5 || tcp.Strength > 0.6 || tcp.Interval != "2.10 – 2.11" || tcp.Cell != 2 || tcp.Base {
		t.Errorf("tcp4: %+v", tcp)
	}
	if want := "tcp4 against unix, latency p50: 177 µs against 84 µs, ratio 2.11, 95 % CI 2.10 – 2.11, p = 0.0020 (adjusted for all cells: p = 0.0078)."; tcp.Title != want {
		t.Errorf("title %q\nwant  %q", tcp.Title, want)
	}
	if !same.Compared || !tcp.Compared || na.Compared || x.Cells[0][0].Compared {
		t.Errorf("compared: %v, %v, %v, %v", same.Compared, tcp.Compared, na.Compared, x.Cells[0][0].Compared)
	}
	if same.Clear || same.Strength != 0 {
		t.Errorf("no difference: %+v", same)
	}
	if worst.Strength != 1 || !x.Cells[0][0].Base {
		t.Errorf("20 times: %+v", worst)
	}
	if na.NA == "" || na.Title != "socketpair is not measured: A socketpair has no address to dial: both ends are made at once." {
		t.Errorf("n/a: %+v", na)
	}

	// Of a rate more is better, so half of it is as bad as twice the latency.
	open := c
	open.Spec = json.RawMessage(`{"rate":20000}`)
	if got := verdict.MatrixOf(open, s, verdict.Metric(c, s)).Cells[0][1].Title; !strings.Contains(got, ", response time p50: ") {
		t.Errorf("title of an open loop %q", got)
	}
	rate := profiles.Metrics[0]
	if got := verdict.MatrixOf(c, s, rate).Cells[0][1]; got.Text != "0.47×" || got.Strength < 0.5 {
		t.Errorf("%s: %+v", rate.Name, got)
	}
	if got := verdict.MatrixOf(c, s, profiles.Metric{Name: "absent"}).Cells[0][1]; got.Text != "n/a" || got.Ratio.N != 0 {
		t.Errorf("an absent metric: %+v", got)
	}
}

// Cells that no round has both of are not compared, and no difference of 0 is shown.
func TestMatrixWithoutCommonRounds(t *testing.T) {
	t.Parallel()
	c := plan(2, "unix", "tcp4")
	rs := slices.DeleteFunc(runs(c, 2, 84_000, 84_100, 177_000), func(r profiles.Run) bool { return (r.Cell == 0) == (r.Round == 1) })
	s := stats.Summarize(c, rs)
	if got := verdict.MatrixOf(c, s, verdict.Metric(c, s)).Cells[0][1]; got.Compared || got.Text != "n/a" || !strings.Contains(got.Title, "no round in common") {
		t.Errorf("%+v", got)
	}
}

func TestMatrixOfUnfinished(t *testing.T) {
	t.Parallel()
	c := grid()
	c.State = profiles.Running
	for i := range c.Cells {
		if i >= 5 {
			c.Cells[i].Host = "arm-box"
		}
	}
	s := stats.Summarize(c, measuredOnly(c, runs(c, 1, 84_000, 84_100, 177_000, 336_000, 0, 1, 1, 1, 1, 1)[:4]))
	x := verdict.MatrixOf(c, s, verdict.Metric(c, s))
	if got := x.Cells[1][1].Text; got != "…" {
		t.Errorf("not measured yet: %q", got)
	}
	if got := x.Cells[0][1]; got.Clear || got.Interval != "" || got.Text != "2.11×" && got.Text != "2.10×" {
		t.Errorf("one round: %+v", got)
	}
	if got := x.Rows[1].Label; got != "arm-box, 64 KiB messages" {
		t.Errorf("row of another host: %q", got)
	}
	for _, row := range x.Cells {
		for _, cell := range row {
			if math.IsNaN(cell.Strength) || cell.Title == "" {
				t.Errorf("%+v", cell)
			}
		}
	}
	if empty := verdict.MatrixOf(profiles.Comparison{}, stats.Summary{}, profiles.Metrics[0]); empty.Rows == nil || empty.Columns == nil || empty.Cells == nil {
		t.Errorf("nothing: %+v", empty)
	}
}
