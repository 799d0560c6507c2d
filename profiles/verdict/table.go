package verdict

import (
	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// Table is what was measured for one size, concurrency and placement: a column
// for each cell, a row for each metric, and how each cell compares with the
// base.
type Table struct {
	Cell profiles.Cell // the base: it tells size, concurrency and placement
	// Cells are the columns: the base, then the others in plan order, as indices
	// into the comparison's cells. The A/A cell has no column.
	Cells []int
	Rows  []Row
}

// Row is one metric.
type Row struct {
	Metric  profiles.Metric
	Figures []Figure // by column
	Changes []Change // by column but the first
	// AA is the interval of the A/A ratio, "0.97 – 1.05"; "" for none.
	AA string
}

// Figure is a median in the unit of its row, with its error.
type Figure struct {
	Text  string // "84.2 µs", "n/a"
	Error string // "±1 %"; "" when there is none, or no interval yet
	Exact float64
	Known bool
}

// Direction says which way a metric went against the base.
type Direction int

// The directions.
const (
	Same Direction = iota
	Better
	Worse
)

// Change is how a metric compares with the base.
type Change struct {
	Text string // "−52.3 %", "+14", "no difference shown", "n/a"
	// Title is the whole of it: "ratio 2.1, 95 % CI 2.05 – 2.14, p < 0.001".
	Title string
	// Direction is Same unless the change is clear or indicative.
	Direction Direction
	// Indicative is true while there are too few rounds for an interval.
	Indicative bool
}

// Tables lays out everything that was measured, one table for each base, with
// the metrics in page order and those that no cell has left out.
func Tables(c profiles.Comparison, s stats.Summary) []Table {
	tables := []Table{}
	for i := range s.Cells {
		b := &s.Cells[i]
		if b.Base >= 0 || b.Cell.AA {
			continue
		}
		t := Table{Cell: b.Cell, Cells: []int{i}, Rows: []Row{}}
		for k := range s.Cells {
			if s.Cells[k].Base == i && !s.Cells[k].Cell.AA {
				t.Cells = append(t.Cells, k)
			}
		}
		for _, m := range profiles.Metrics {
			if row, ok := rowOf(m, s, t.Cells); ok {
				row.Metric.Label = MetricLabel(c, m)
				t.Rows = append(t.Rows, row)
			}
		}
		tables = append(tables, t)
	}
	return tables
}

func rowOf(m profiles.Metric, s stats.Summary, cells []int) (Row, bool) {
	row := Row{Metric: m, Figures: []Figure{}, Changes: []Change{}}
	var medians []float64
	for _, i := range cells {
		if e, ok := s.Cells[i].Metrics[m.Name]; ok {
			medians = append(medians, e.Median)
		}
	}
	if len(medians) == 0 {
		return row, false
	}
	texts := quantity.Row(m.Unit, medians...)
	for n, i := range cells {
		e, ok := s.Cells[i].Metrics[m.Name]
		f := Figure{Text: quantity.Missing, Known: ok}
		if ok {
			f.Text, f.Exact, texts = texts[0], e.Median, texts[1:]
			if e.Interval && e.Low < e.High {
				f.Error = quantity.PlusMinus(e.Median, e.Low, e.High)
			}
		}
		row.Figures = append(row.Figures, f)
		if n > 0 {
			row.Changes = append(row.Changes, ChangeOf(m, &s.Cells[i]))
		}
	}
	if aa, ok := s.Cells[cells[0]].AA[m.Name]; ok {
		row.AA = quantity.Range(aa.Low, aa.High)
	}
	return row, true
}

// ChangeOf says how a cell compares with its base by one metric: in percent, or
// for what is counted per request, and where no ratio exists, as a difference.
func ChangeOf(m profiles.Metric, s *stats.CellSummary) Change {
	d, ok := s.Difference[m.Name]
	if !ok {
		return Change{Text: quantity.Missing}
	}
	r, hasRatio := s.Ratio[m.Name]
	c := Change{Indicative: !d.Interval, Title: title(m, r, d, hasRatio)}
	if !c.Indicative && !s.Clear[m.Name] {
		c.Text = "no difference shown"
		return c
	}
	up := d.Estimate > 0
	if hasRatio {
		up = r.Estimate > 1
	}
	switch {
	case d.Estimate == 0 && (!hasRatio || r.Estimate == 1):
	case up == m.MoreIsBetter:
		c.Direction = Better
	default:
		c.Direction = Worse
	}
	switch {
	case !hasRatio || m.Unit == profiles.PerOperation || m.Unit == profiles.Portion:
		c.Text = quantity.Signed(m.Unit, d.Estimate)
	case c.Indicative:
		c.Text = quantity.RoughChange(r.Estimate)
	default:
		c.Text = quantity.Change(r.Estimate)
	}
	return c
}

func title(m profiles.Metric, r stats.Ratio, d stats.Difference, hasRatio bool) string {
	if hasRatio {
		t := "ratio " + quantity.Ratio(r.Estimate) + ", " + interval(r)
		if r.Interval {
			t += ", " + quantity.P(r.P)
		}
		return t
	}
	if m.Unit == profiles.Portion { // in points, as Signed writes them
		return "difference " + quantity.Signed(m.Unit, d.Estimate) + ", " + quantity.Signed(m.Unit, d.Low) + " … " + quantity.Signed(m.Unit, d.High)
	}
	scale := quantity.ScaleOf(m.Unit, d.Low, d.High)
	return "difference " + quantity.Signed(m.Unit, d.Estimate) + ", " + scale.Signed(d.Low) + " … " + scale.Signed(d.High)
}

// Configuration is what sets a table apart from the others of a comparison, in
// words: "arm-box, 64 KiB messages, 8 connections, placement same".
func Configuration(c profiles.Cell) string {
	host := c.Host
	if host != "" {
		host += ", "
	}
	return host + quantity.Bytes(int64(c.Size)) + " messages, " +
		quantity.Plural(int64(c.Concurrency), "connection", "connections") + ", placement " + c.Placement
}
