package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/templates"
)

// maxBeside is how many columns of values have room for columns of differences
// beside them.
const maxBeside = 3

// measured is the table of metrics of one group of cells.
func (r *report) measured(group []int) []templates.Measured {
	out := []templates.Measured{}
	for _, t := range r.tables(group) {
		v, kept := r.measuredHead(t)
		if loop := r.loop(); loop != "" {
			v.Hint += " · " + loop
		}
		base := r.series(t.Cells[0]).Name
		if v.Within != "" {
			v.Hint += " · differences against " + base
		}
		for _, row := range t.Rows {
			if row.Metric.Name == profiles.LatencyP50 && row.AA != "" {
				v.Noise = fmt.Sprintf("A/A noise of the median latency, %s against %s: %s", base, base, row.AA)
			}
			if row.Metric.Minor {
				v.More = append(v.More, r.measuredRow(row, kept))
			} else {
				v.Rows = append(v.Rows, r.measuredRow(row, kept))
			}
		}
		out = append(out, v)
	}
	return out
}

// tables are what was measured of one group of cells.
func (r *report) tables(group []int) []verdict.Table {
	return slices.DeleteFunc(verdict.Tables(r.Comparison, r.Summary), func(t verdict.Table) bool {
		return !r.Comparison.Cells[group[0]].SameButSocket(t.Cell)
	})
}

// measuredHead is a table without its rows; kept are those of its columns whose cells
// are measured.
func (r *report) measuredHead(t verdict.Table) (v templates.Measured, kept []int) {
	v = templates.Measured{Title: "Measured", Columns: []templates.Series{}, Against: []string{}, Rows: []templates.MeasuredRow{}, More: []templates.MeasuredRow{}}
	v.Hint = fmt.Sprintf("median of %s ± 95 %% CI", plural(r.Summary.Rounds, "round", "rounds"))
	if r.Summary.Indicative {
		v.Hint = fmt.Sprintf("indicative: %s", plural(r.Summary.Rounds, "complete round", "complete rounds"))
	}
	base := r.series(t.Cells[0]).Name
	for i, cell := range t.Cells {
		if r.Comparison.Cells[cell].NA != "" {
			continue
		}
		kept = append(kept, i)
		v.Columns = append(v.Columns, r.series(cell))
		if i > 0 {
			v.Against = append(v.Against, r.series(cell).Name+" against "+base)
		}
	}
	if !slices.Contains(kept, 0) {
		v.Against = []string{}
	} else if len(kept) > maxBeside {
		v.Within = "against " + base
	}
	return v, kept
}

// loop says what latency means here: "" for a stream, which has none.
func (r *report) loop() string {
	switch {
	case r.spec.Workload == runner.Stream:
		return ""
	case r.spec.Rate > 0:
		return "response time at " + quantity.Count(int64(r.spec.Rate)) + " requests/s (open loop)"
	}
	return "service time (closed loop)"
}

var directions = map[verdict.Direction]templates.Tone{
	verdict.Same: templates.Unclear, verdict.Better: templates.Better, verdict.Worse: templates.Worse,
}

// measuredRow is one metric of the columns that are kept.
func (r *report) measuredRow(row verdict.Row, kept []int) templates.MeasuredRow {
	v := templates.MeasuredRow{Label: r.metricLabel(row.Metric), Title: r.meaning(row.Metric), Values: []templates.Value{}, Diffs: []templates.Difference{}}
	based := slices.Contains(kept, 0)
	for _, i := range kept {
		f := row.Figures[i]
		value := templates.Value{Text: f.Text, Error: f.Error, Title: "not measured"}
		if f.Known {
			value.Title = strconv.FormatFloat(f.Exact, 'g', 8, 64) + " " + string(row.Metric.Unit)
		}
		v.Values = append(v.Values, value)
		if i > 0 && based {
			c := row.Changes[i-1]
			text := c.Text
			if len(kept) > maxBeside && text == "no difference shown" {
				text = "no difference" // below each value there is less room
			}
			v.Diffs = append(v.Diffs, templates.Difference{Text: text, Tone: directions[c.Direction], Title: c.Title})
		}
	}
	return v
}

// meaning is what a latency counts from.
func (r *report) meaning(m profiles.Metric) string {
	switch {
	case strings.HasPrefix(m.Name, "service_"):
		return "from when a request was sent: what the server and the socket took"
	case !strings.HasPrefix(m.Name, "latency_"):
		return ""
	case r.spec.Rate > 0:
		return "response time: from when a request was due, so waiting behind slow ones counts"
	}
	return "service time: from when a request was sent; in a closed loop the next one waits for it"
}
