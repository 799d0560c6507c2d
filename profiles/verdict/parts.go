package verdict

import (
	"math"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
)

// goPeriod is what one sample of Go's CPU profiler stands for, in ns.
const goPeriod = 10e6

// part is a line of the workload, or, with line 0, what no line called.
type part struct {
	label string
	line  int64
}

// partRow is a part on several cells.
type partRow struct {
	part
	sums []listing.Part // by column
}

// cost is what a part costs per operation, in ns, and how sure that is.
type cost struct {
	value float64
	half  float64 // half of its 95 % interval
	count int64
}

// delta is one part of a workload on the cheaper and on the costlier cell.
type delta struct {
	part
	cheap, costly cost
	p             float64 // that sampling alone makes such a difference
}

func (d delta) change() float64 { return d.costly.value - d.cheap.value }

// partRows matches the parts of several columns, in the order in which they occur: a line
// by its number, since the dearest of its calls, which names it, need not be the same
// on all cells, and what is no line by its label.
func partRows(columns []Lines) []partRow {
	at := map[part]int{}
	var rows []partRow
	for i, l := range columns {
		for _, p := range l.Parts {
			key := part{line: p.Line}
			if p.Line == 0 {
				key.label = p.Label
			}
			k, ok := at[key]
			if !ok {
				k = len(rows)
				at[key] = k
				rows = append(rows, partRow{key, make([]listing.Part, len(columns))})
			}
			sum := &rows[k].sums[i]
			sum.Label = p.Label
			sum.Value += p.Value
			sum.Count += p.Count
		}
	}
	for k := range rows {
		rows[k].label = rows[k].name(columns)
	}
	return rows
}

// name is the label of the column that costs most per operation.
func (r partRow) name(columns []Lines) (label string) {
	most := -1.0
	for i, sum := range r.sums {
		if v := math.Abs(float64(sum.Value)) / float64(columns[i].Ops); sum.Label != "" && v > most {
			label, most = sum.Label, v
		}
	}
	return label
}

// pairUp compares two cells part by part; what only one has costs nothing on the
// other.
func pairUp(cheap, costly Lines) []delta {
	rows := partRows([]Lines{cheap, costly})
	ds := make([]delta, len(rows))
	for i, r := range rows {
		ds[i] = newDelta(r.part, r.sums[0], r.sums[1], cheap, costly)
	}
	return ds
}

func newDelta(of part, a, b listing.Part, cheap, costly Lines) delta {
	d := delta{part: of, cheap: costOf(a, cheap), costly: costOf(b, costly)}
	// What a count is exposed to is ops divided by the worth of a sample, so that
	// profiles with different periods compare too.
	z, _ := stats.Noise(a.Count, b.Count, float64(cheap.Ops)/period(cheap), float64(costly.Ops)/period(costly))
	d.p = stats.NoiseP(z)
	return d
}

func costOf(p listing.Part, l Lines) cost {
	low, high := stats.CountInterval(p.Count)
	return cost{
		value: float64(p.Value) / float64(l.Ops),
		half:  (high - low) / 2 * period(l) / float64(l.Ops),
		count: p.Count,
	}
}

func total(l Lines) (t listing.Part) {
	for _, p := range l.Parts {
		t.Value += p.Value
		t.Count += p.Count
	}
	return t
}

// period is how many ns one sample stands for; that of Go's profiler when the
// profile does not say.
func period(l Lines) float64 {
	t := total(l)
	if t.Value <= 0 || t.Count <= 0 {
		return goPeriod
	}
	return float64(t.Value) / float64(t.Count)
}

// PartRow is what one line of the workload costs on each cell of a [PartTable].
type PartRow struct {
	Label string // "net.Dial", "runtime": as on the cell where it costs most
	Line  int64  // 0 for what no line called
	Costs []PartCost
}

// PartCost is what a line costs per operation on one cell.
type PartCost struct {
	Value float64 // ns of CPU
	Error float64 // half of its 95 % interval, ns
	Count int64   // samples
	// Noise says that it does not differ from the first cell beyond sampling noise.
	Noise bool
}

// PartTable is where a request's CPU goes on one side, by line of the workload.
type PartTable struct {
	Side  profiles.Side
	Cells []int // columns: the cells that have lines
	Rows  []PartRow
	Total PartRow
}

// PartTableOf lines up the costs by line of several cells; the first of them that
// has lines is what the others are compared with.
func PartTableOf(lines []Lines, side profiles.Side, cells []int) PartTable {
	t := PartTable{Side: side, Cells: []int{}, Rows: []PartRow{}, Total: PartRow{Label: "total", Costs: []PartCost{}}}
	var columns []Lines
	for _, i := range cells {
		if l, ok := find(lines, i, side); ok {
			columns, t.Cells = append(columns, l), append(t.Cells, i)
		}
	}
	for _, r := range partRows(columns) {
		row := PartRow{Label: r.label, Line: r.line, Costs: make([]PartCost, len(columns))}
		for i := range columns {
			row.Costs[i] = partCost(newDelta(r.part, r.sums[0], r.sums[i], columns[0], columns[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	for i := range columns {
		d := newDelta(part{}, total(columns[0]), total(columns[i]), columns[0], columns[i])
		t.Total.Costs = append(t.Total.Costs, partCost(d))
	}
	return t
}

func partCost(d delta) PartCost {
	return PartCost{Value: d.costly.value, Error: d.costly.half, Count: d.costly.count, Noise: d.p >= 0.05}
}
