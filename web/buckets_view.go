package web

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/buckets"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
	"github.com/sockscope/sockscope/templates"
)

// split is a kernel-deep profile by what its CPU time went to.
func (e *evidence) split(o opened) buckets.Split {
	const bytes = 2048
	split, _ := cached(e.cache, fmt.Sprintf("buckets %s %d", o.key, o.sampleType), func() (buckets.Split, int64, error) {
		return buckets.Of(o.decoded, o.sampleType), bytes, nil
	}) // never an error
	return split
}

// deep is what the kernel-deep profiles of the group that answers say about the calls
// on sockets; empty without such profiles.
func (s *Server) deep(ctx context.Context, r *report) ([]verdict.Deep, error) {
	list := []verdict.Deep{}
	for _, i := range r.first() {
		for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
			o, ok, err := s.openDeep(ctx, r, i, side)
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, verdict.Deep{
					Cell: i, Side: side, Ops: o.exposure.ops, Total: s.evidence.split(o.opened).Total, Calls: buckets.Calls(o.decoded, o.sampleType),
				})
			}
		}
	}
	return list, nil
}

// openDeep opens the kernel-deep profile of a cell, whole; ok is false where there is
// none that tells CPU time per operation.
func (s *Server) openDeep(ctx context.Context, r *report, cell int, which profiles.Side) (o side, ok bool, err error) {
	row, ok := r.merged(cell, which, profiles.Kernel)
	if !ok || row.Ops <= 0 {
		return side{}, false, nil
	}
	if o, err = s.openSide(ctx, row, lens{}, 0, r.series(cell)); err != nil {
		return o, false, err
	}
	return o, o.decoded.SampleType[o.sampleType].Unit == "nanoseconds", nil
}

// bucketsPicture names the picture of the buckets among those of a comparison.
const bucketsPicture = "buckets"

// bucketsPanel says what a request's CPU time goes to down to the kernel, on the lens's
// side of a group; nil where no cell has a kernel-deep profile.
func (s *Server) bucketsPanel(c echo.Context, r *report, l lens) (*templates.Buckets, error) {
	group, err := r.group(l)
	if err != nil || group == nil {
		return nil, err
	}
	cells, err := r.columns(group, l, false)
	if err != nil {
		return nil, err
	}
	b := bucketing{r: r, figure: figure{Mode: PerOp, kind: "cpu", unit: "nanoseconds"}}
	for _, i := range cells {
		o, ok, err := s.openDeep(c.Request().Context(), r, i, l.Side)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if r.groupOf(i) != l.Group {
			o.series = r.full(i)
		}
		b.cells, b.sides, b.splits = append(b.cells, i), append(b.sides, o), append(b.splits, s.evidence.split(o.opened))
	}
	if len(b.sides) == 0 {
		return nil, nil
	}
	alikeSamples(b.sides)
	v := b.view(l.Side)
	v.Switches = append(v.Switches, sideSwitch(l, scopeOf(c).comparison(r.Comparison.ID, ""), "buckets"))
	v.FileURL = l.on(scopeOf(c).comparison(r.Comparison.ID, "/charts/"+bucketsPicture+".svg"), "")
	return v, nil
}

// bucketing lays the buckets of several cells side by side, the base first.
type bucketing struct {
	r *report
	figure
	cells  []int
	sides  []side
	splits []buckets.Split
	scale  quantity.Scale
	shown  [][]float64 // by cell and bucket, in last digits of the scale, which add up
}

func (b *bucketing) view(which profiles.Side) *templates.Buckets {
	b.round()
	v := &templates.Buckets{
		Title: "Where the request really goes", Hint: "CPU of the " + string(which) + " per request, sampled down into the kernel in the profiled pass",
		Switches: []templates.Switch{}, Bars: b.bars(), Columns: []templates.Series{}, Against: []string{}, Rows: []templates.BucketRow{}, Notes: []templates.Rich{},
		Within: len(b.sides) > maxBeside,
		Note:   "±: sampling error at 95 %. Grey, ≈: no difference beyond sampling noise. The last digits are rounded so that they add up.",
	}
	for i, o := range b.sides {
		v.Columns = append(v.Columns, o.series)
		if i > 0 {
			v.Against = append(v.Against, o.series.Name+" against "+b.sides[0].series.Name)
		}
	}
	for n, bucket := range buckets.All {
		row := b.row(bucket.Label, n, func(s buckets.Split) buckets.Amount { return s.Parts[n].Amount })
		row.Explain = bucket.Explain
		if b.any(func(s buckets.Split) buckets.Amount { return s.Parts[n].Amount }) {
			v.Rows = append(v.Rows, row)
		}
		waking := func(s buckets.Split) buckets.Amount { return s.SoftIRQWakeUps }
		if bucket.ID == buckets.SoftIRQ && b.any(waking) {
			of := b.row("of it wake-ups", -1, waking)
			of.Of = true
			v.Rows = append(v.Rows, of)
		}
	}
	v.Total = b.row("sum", -1, func(s buckets.Split) buckets.Amount { return s.Total })
	v.Notes = append(v.Notes, b.effectNote(), b.systemNote(which))
	if n := b.qualityNote(); n != nil {
		v.Notes = append(v.Notes, n)
	}
	return v
}

// round finds the scale of the totals, and the figures of the buckets on it that add up
// to them.
func (b *bucketing) round() {
	largest := 0.0
	for i, s := range b.splits {
		largest = max(largest, b.perOp(i, s.Total))
	}
	b.scale = b.figure.scale(largest)
	for i, s := range b.splits {
		figures := make([]float64, len(s.Parts))
		for n, p := range s.Parts {
			figures[n] = b.perOp(i, p.Amount) / b.scale.Last()
		}
		b.shown = append(b.shown, quantity.AddUp(math.Round(b.perOp(i, s.Total)/b.scale.Last()), figures))
	}
}

// perOp is ns of CPU per request.
func (b *bucketing) perOp(cell int, a buckets.Amount) float64 {
	return float64(a.Value) * b.factor(b.sides[cell].exposure)
}

func (b *bucketing) any(of func(buckets.Split) buckets.Amount) bool {
	for _, s := range b.splits {
		if of(s).Value != 0 {
			return true
		}
	}
	return false
}

// row is one line of the table. bucket is its place in [buckets.All], -1 for a row that
// is none.
func (b *bucketing) row(label string, bucket int, of func(buckets.Split) buckets.Amount) templates.BucketRow {
	row := templates.BucketRow{Label: label, Values: []templates.Value{}, Diffs: []templates.Difference{}}
	base, first := of(b.splits[0]), 0.0
	for i, s := range b.splits {
		a := of(s)
		exact := b.perOp(i, a)
		shown := math.Round(exact / b.scale.Last())
		if bucket >= 0 {
			shown = b.shown[i][bucket]
		}
		if i == 0 {
			first = shown
		}
		v := templates.Value{Text: b.scale.Format(shown * b.scale.Last()), Title: quantity.Number(exact) + " ns per request, " + b.sides[i].exposure.samples(a.Samples)}
		if a.Samples > 0 {
			v.Error = "±" + quantity.Percent(stats.CountError(a.Samples))
		}
		if a.Value == 0 {
			v = templates.Value{Text: "·", Title: "no sample"}
		}
		row.Values = append(row.Values, v)
		if i > 0 {
			d := b.change(b.perOp(0, base), exact, base.Samples, a.Samples, b.exposed(b.sides[0].exposure), b.exposed(b.sides[i].exposure))
			if base := b.perOp(0, base); d.Tone != templates.Unclear && shown != first && shown > first == (exact > base) {
				// As the figures beside it, so that differences add up too. One that they
				// do not show is written in a unit of its own.
				d.Text = b.scale.Signed((shown - first) * b.scale.Last())
			}
			row.Diffs = append(row.Diffs, d)
		}
	}
	return row
}

// shades give each bucket the same shade in every bar, and neighbours different ones.
var shades = map[buckets.ID]int{
	buckets.GoCode: 4, buckets.Setup: 2, buckets.Transfer: 3, buckets.Copy: 4,
	buckets.WakeUp: 1, buckets.SoftIRQ: 2, buckets.ContextSwitch: 3, buckets.Kernel: 4,
}

// bars are the buckets of each cell end to end, on one scale.
func (b *bucketing) bars() []templates.BreakdownBar {
	longest := 0.0
	for i, s := range b.splits {
		longest = max(longest, b.perOp(i, s.Total))
	}
	list := []templates.BreakdownBar{}
	for i, s := range b.splits {
		bar := templates.BreakdownBar{Series: b.sides[i].series, Total: b.scale.Format(b.perOp(i, s.Total)), Parts: []templates.BreakdownPart{}}
		for n, p := range s.Parts {
			if p.Value <= 0 || longest <= 0 {
				continue
			}
			figure := b.scale.Format(b.shown[i][n] * b.scale.Last())
			bar.Parts = append(bar.Parts, templates.BreakdownPart{
				Label: p.Label, Value: figure, Width: b.perOp(i, p.Amount) / longest, Rest: p.Runtime, Shade: shades[p.ID],
				Title: strings.Join([]string{p.Label, ": ", figure, " per request, ", b.sides[i].exposure.samples(p.Samples)}, ""),
			})
		}
		list = append(list, bar)
	}
	return list
}
