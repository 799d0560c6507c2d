package chart

import (
	"fmt"
	"math"
	"strconv"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// Sweep is a chart of curves along one axis, both axes logarithmic, with the
// figures that it draws. Its series are in the order of the sweep's lines, the
// base first; the points of a series that is not measured everywhere skip places.
type Sweep struct {
	Chart
	Axis  stats.Axis
	Label string // of the x axis: "message size", "connections"
	// One is where the line of 1 : 1 stands in a chart of ratios; −1 in others.
	One float64
	// Marks are the crossovers.
	Marks []Mark
	// Table has a row for each place on the axis and a column for each series.
	Table SweepTable
}

// Mark is a crossover: a vertical line with a text.
type Mark struct {
	X      float64
	Series int // index into the chart's series
	Label  string
}

// SweepTable is the figures of a sweep as texts.
type SweepTable struct {
	Columns []string // names of the series
	Rows    []SweepRow
}

// SweepRow is one place on the axis.
type SweepRow struct {
	Label   string   // "64 KiB", "8"
	Figures []string // by column: "84.2 µs", "1.73×", "n/a"
}

// SweepOptions say what is drawn.
type SweepOptions struct {
	Metric profiles.Metric
	// Ratio draws the ratio to the base instead of the figure itself; then the base
	// has no series, and its A/A cell shows the noise.
	Ratio bool
}

// SweepOf draws a sweep of a comparison.
func SweepOf(s stats.Summary, w stats.Sweep, o SweepOptions) Sweep {
	d := Sweep{
		Chart: empty(), Axis: w.Axis, Label: "connections", One: -1,
		Marks: []Mark{}, Table: SweepTable{Columns: []string{}, Rows: []SweepRow{}},
	}
	if w.Axis == stats.BySize {
		d.Label = "message size"
	}
	p := newPlot(s, w, o)
	if p.high == 0 {
		return d
	}
	p.span, p.marks = logSpan(p.low, p.high)
	d.Y = p.axis()
	if o.Ratio {
		d.One = p.span.y(1)
	}
	for i, v := range w.Values {
		if everyNth := (len(w.Values) + 11) / 12; i%everyNth == 0 {
			d.X.Ticks = append(d.X.Ticks, Tick{At: p.x(v), Label: place(w.Axis, v)})
		}
		d.Table.Rows = append(d.Table.Rows, SweepRow{Label: place(w.Axis, v), Figures: []string{}})
	}
	for _, l := range w.Lines {
		if series, ok := p.series(l); ok {
			d.Series = append(d.Series, series)
			d.column(p, l)
		}
	}
	d.mark(p)
	return d
}

// place names a place on an axis: "64 KiB", "8".
func place(a stats.Axis, v int) string {
	if a == stats.BySize {
		return quantity.Bytes(int64(v))
	}
	return strconv.Itoa(v)
}

// plot is the scales of a sweep while it is drawn.
type plot struct {
	s         stats.Summary
	w         stats.Sweep
	o         SweepOptions
	low, high float64 // of all error bars
	span      span
	marks     []float64
}

func newPlot(s stats.Summary, w stats.Sweep, o SweepOptions) *plot {
	p := &plot{s: s, w: w, o: o, low: math.Inf(1)}
	for _, l := range w.Lines {
		for _, cell := range l.Cells {
			if _, low, high, ok := p.figure(cell); ok {
				p.low, p.high = min(p.low, low), max(p.high, high)
			}
		}
	}
	if o.Ratio && p.high > 0 { // 1 : 1 is always in sight
		p.low, p.high = min(p.low, 1), max(p.high, 1)
	}
	return p
}

// figure is what is drawn of a cell, with the ends of its error bar.
func (p *plot) figure(cell int) (v, low, high float64, ok bool) {
	if cell < 0 || cell >= len(p.s.Cells) {
		return 0, 0, 0, false
	}
	c := &p.s.Cells[cell]
	if p.o.Ratio {
		r := c.Ratio[p.o.Metric.Name]
		v, low, high, ok = r.Estimate, r.Low, r.High, r.N > 0
	} else {
		e := c.Metrics[p.o.Metric.Name]
		v, low, high, ok = e.Median, e.Low, e.High, e.N > 0
	}
	return v, low, high, ok && low > 0 && usable(high)
}

// x is where a place of the axis stands.
func (p *plot) x(v int) float64 {
	first, last := p.w.Values[0], p.w.Values[len(p.w.Values)-1]
	return span{low: float64(first), high: float64(last), log: true}.share(float64(v))
}

func (p *plot) axis() Axis {
	if !p.o.Ratio {
		return p.span.axis(p.o.Metric.Unit, p.marks)
	}
	a := Axis{Ticks: []Tick{}}
	for _, v := range p.marks {
		a.Ticks = append(a.Ticks, Tick{At: p.span.y(v), Label: quantity.Number(v) + "×"})
	}
	return a
}

func (p *plot) text(cell int) string {
	v, _, _, ok := p.figure(cell)
	switch {
	case !ok:
		return quantity.Missing
	case p.o.Ratio:
		return quantity.Ratio(v) + "×"
	}
	return quantity.Of(p.o.Metric.Unit, v)
}

func (p *plot) series(l stats.Line) (Series, bool) {
	named := profiles.Cell{Socket: l.Socket, Variant: l.Variant, AA: l.AA}
	line := Series{Cell: -1, Name: verdict.CellName(named), Socket: l.Socket, Variant: l.Variant, AA: l.AA, Points: []Point{}}
	for i, cell := range l.Cells {
		v, low, high, ok := p.figure(cell)
		if !ok {
			continue
		}
		if line.Cell < 0 {
			line.Cell = cell
		}
		title := fmt.Sprintf("%s, %s: %s", line.Name, place(p.w.Axis, p.w.Values[i]), p.text(cell))
		if p.o.Ratio && p.s.Cells[cell].Ratio[p.o.Metric.Name].Interval {
			title += ", 95 % CI " + quantity.Range(low, high)
		} else if e := p.s.Cells[cell].Metrics[p.o.Metric.Name]; !p.o.Ratio && e.Interval {
			title += " " + quantity.PlusMinus(v, low, high)
		}
		line.Points = append(line.Points, Point{
			X: p.x(p.w.Values[i]), Y: p.span.y(v), Low: p.span.y(low), High: p.span.y(high), Title: title,
		})
	}
	return line, len(line.Points) > 0
}

// column adds the figures of a line to the table.
func (d *Sweep) column(p *plot, l stats.Line) {
	d.Table.Columns = append(d.Table.Columns, verdict.CellName(profiles.Cell{Socket: l.Socket, Variant: l.Variant, AA: l.AA}))
	for i := range d.Table.Rows {
		d.Table.Rows[i].Figures = append(d.Table.Rows[i].Figures, p.text(l.Cells[i]))
	}
}

// mark places the crossovers of the lines that are drawn.
func (d *Sweep) mark(p *plot) {
	for _, c := range stats.Crossovers(p.s, p.o.Metric) {
		if c.Sweep.Axis != p.w.Axis || c.Sweep.Like != p.w.Like {
			continue
		}
		for i, s := range d.Series {
			if s.Socket != c.Line.Socket || s.Variant != c.Line.Variant || s.AA {
				continue
			}
			for _, t := range c.Turns {
				d.Marks = append(d.Marks, Mark{X: p.x(t.From), Series: i, Label: verdict.TurnLabel(c, t)})
			}
		}
	}
}
