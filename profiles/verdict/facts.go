package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

const (
	// clientFacts and serverFacts are how many lines are named at most.
	clientFacts = 3
	serverFacts = 1
	// fewSamples is below which a part gives no factor: a factor of two counts is
	// good to about 60 % at 25.
	fewSamples = 25
)

// delta is one part of a workload on the cheaper and on the costlier side.
type delta struct {
	part
	cheap, costly cost
	p             float64
}

type part struct {
	label string
	line  int64
}

// cost is what a part costs per operation, in ns, and how sure that is.
type cost struct {
	value float64
	half  float64 // half of its 95 % interval
	count int64
}

func (d delta) change() float64 { return d.costly.value - d.cheap.value }

// lineFacts names the lines that make the difference of the headline's two
// cells, first on the client, then on the server.
func (j *judge) lineFacts(h *Headline, lines []Lines) []Sentence {
	if h == nil {
		return nil
	}
	var facts []Sentence
	for _, side := range []profiles.Side{profiles.Client, profiles.Server} {
		cheap, ok := find(lines, h.Cheaper, side)
		costly, ok2 := find(lines, h.Costlier, side)
		if !ok || !ok2 {
			facts = append(facts, j.cpuFact(h, side)...)
			continue
		}
		most := clientFacts
		if side == profiles.Server {
			most = serverFacts
		}
		facts = append(facts, j.sideFacts(h, side, cheap, costly, most)...)
	}
	return facts
}

func find(lines []Lines, cell int, side profiles.Side) (Lines, bool) {
	for _, l := range lines {
		if l.Cell == cell && l.Side == side && l.Ops > 0 && len(l.Parts) > 0 {
			return l, true
		}
	}
	return Lines{}, false
}

func (j *judge) sideFacts(h *Headline, side profiles.Side, cheap, costly Lines, most int) []Sentence {
	ds := pairUp(cheap, costly)
	total := compareTotal(cheap, costly)
	var facts []Sentence
	for _, d := range significant(ds) {
		if len(facts) == most {
			break
		}
		facts = append(facts, j.lineFact(h, side, d, total, len(facts) == 0))
	}
	if len(facts) == 0 && side == profiles.Client {
		return []Sentence{{{Text: fmt.Sprintf(
			"No line of the client’s code differs beyond sampling noise (%s and %s samples).",
			quantity.Count(total.cheap.count), quantity.Count(total.costly.count),
		)}}}
	}
	return facts
}

// lineFact says what one line has to do with the difference.
func (j *judge) lineFact(h *Headline, side profiles.Side, d, total delta, first bool) Sentence {
	s := Sentence{{Text: d.label, Strong: true}}
	if d.line > 0 {
		s = append(s, Segment{Text: fmt.Sprintf(" (line %d)", d.line)})
	}
	share, sure := d.shareOf(total)
	switch {
	case first && sure && d.change() > 0 && total.change() > 0 && share <= 1:
		s = append(s, Segment{Text: " is " + quantity.Percent(share) + " of the difference: "})
	case d.change() < 0:
		s = append(s, Segment{Text: " is cheaper over "}, j.socket(h.Costlier), Segment{Text: ": "})
	case d.cheap.count >= fewSamples && d.costly.count >= fewSamples:
		s = append(s, Segment{Text: " costs " + quantity.Times(d.costly.value/d.cheap.value) + " as much over "},
			j.socket(h.Costlier), Segment{Text: ": "})
	default:
		s = append(s, Segment{Text: " costs more over "}, j.socket(h.Costlier), Segment{Text: ": "})
	}
	scale := quantity.ScaleOf(profiles.Nanoseconds, d.costly.value, d.cheap.value)
	return append(s, Segment{Text: fmt.Sprintf("%s ±%s against %s ±%s %s of %s CPU.",
		scale.Figure(d.costly.value), scale.Figure(d.costly.half),
		scale.Figure(d.cheap.value), scale.Figure(d.cheap.half), scale.Unit(), side)})
}

// shareOf is which share of the total difference a part makes, and whether that
// is known to 15 points: the error of the quotient, in which the part is also in
// the total, is Var(s) = [Var(d)(1−2s) + s²·Var(total)] / total².
func (d delta) shareOf(total delta) (share float64, sure bool) {
	if total.p >= 0.05 || total.change() == 0 {
		return 0, false
	}
	share = d.change() / total.change()
	square := func(c cost) float64 { return c.half * c.half }
	own, all := square(d.cheap)+square(d.costly), square(total.cheap)+square(total.costly)
	half := math.Sqrt(max(0, own*(1-2*share)+share*share*all)) / math.Abs(total.change())
	return share, half <= 0.15
}

// pairUp matches the parts of two cells by label and line; what only one side
// has costs nothing on the other.
func pairUp(cheap, costly Lines) []delta {
	var ds []delta
	sums := map[part][2]Part{}
	order := []part{}
	for side, l := range [2]Lines{cheap, costly} {
		for _, p := range l.Parts {
			key := part{p.Label, p.Line}
			sum, seen := sums[key]
			if !seen {
				order = append(order, key)
			}
			sum[side].Value += p.Value
			sum[side].Count += p.Count
			sums[key] = sum
		}
	}
	for _, key := range order {
		s := sums[key]
		ds = append(ds, newDelta(key, s[0], s[1], cheap, costly))
	}
	return ds
}

func compareTotal(cheap, costly Lines) delta {
	sum := func(l Lines) (t Part) {
		for _, p := range l.Parts {
			t.Value += p.Value
			t.Count += p.Count
		}
		return t
	}
	return newDelta(part{}, sum(cheap), sum(costly), cheap, costly)
}

func newDelta(key part, a, b Part, cheap, costly Lines) delta {
	d := delta{part: key, cheap: costOf(a, cheap), costly: costOf(b, costly)}
	// What a count is exposed to is ops divided by the worth of a sample, so that
	// profiles with different periods compare too.
	z, _ := stats.Noise(a.Count, b.Count, float64(cheap.Ops)/period(cheap), float64(costly.Ops)/period(costly))
	d.p = stats.NoiseP(z)
	return d
}

func costOf(p Part, l Lines) cost {
	c := cost{value: float64(p.Value) / float64(l.Ops), count: p.Count}
	low, high := stats.CountInterval(p.Count)
	c.half = (high - low) / 2 * period(l) / float64(l.Ops)
	return c
}

// period is how many ns one sample stands for; that of Go's profiler when the
// profile does not say.
func period(l Lines) float64 {
	var value, count int64
	for _, p := range l.Parts {
		value += p.Value
		count += p.Count
	}
	if value <= 0 || count <= 0 {
		return 10e6
	}
	return float64(value) / float64(count)
}

// significant returns the parts that differ beyond sampling noise, by Holm's
// method over all parts, the largest change first.
func significant(ds []delta) []delta {
	ps := make([]float64, len(ds))
	for i, d := range ds {
		ps[i] = d.p
	}
	var kept []delta
	for i, p := range stats.Holm(ps) {
		if p < 0.05 && ds[i].cheap.value >= 0 && ds[i].costly.value >= 0 {
			kept = append(kept, ds[i])
		}
	}
	slices.SortStableFunc(kept, func(a, b delta) int {
		return cmp.Compare(math.Abs(b.change()), math.Abs(a.change()))
	})
	return kept
}

// cpuFact stands in for lines that there are none of: the CPU that getrusage
// counted, when its difference is clear.
func (j *judge) cpuFact(h *Headline, side profiles.Side) []Sentence {
	name := profiles.ClientCPU
	if side == profiles.Server {
		name = profiles.ServerCPU
	}
	cheap, ok := j.s.Cells[h.Cheaper].Metrics[name]
	costly, ok2 := j.s.Cells[h.Costlier].Metrics[name]
	if !ok || !ok2 || !j.s.Cells[h.Cheaper].Clear[name] && !j.s.Cells[h.Costlier].Clear[name] {
		return nil
	}
	word := "more"
	if costly.Median < cheap.Median {
		word = "less"
	}
	scale := quantity.ScaleOf(profiles.Nanoseconds, costly.Median, cheap.Median)
	return []Sentence{{
		{Text: fmt.Sprintf("The %s uses %s CPU over ", side, word)}, j.socket(h.Costlier),
		{Text: fmt.Sprintf(": %s against %s per request.", scale.Figure(costly.Median), scale.Format(cheap.Median))},
	}}
}
