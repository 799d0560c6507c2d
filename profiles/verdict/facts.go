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
	all := newDelta(part{}, total(cheap), total(costly), cheap, costly)
	var facts []Sentence
	for _, d := range significant(ds) {
		if len(facts) == most {
			break
		}
		facts = append(facts, j.lineFact(h, side, d, all, len(facts) == 0))
	}
	if len(facts) == 0 && side == profiles.Client {
		return []Sentence{{{Text: fmt.Sprintf(
			"No line of the client’s code differs beyond sampling noise (%s and %s samples).",
			quantity.Count(all.cheap.count), quantity.Count(all.costly.count),
		)}}}
	}
	return facts
}

// lineFact says what one line has to do with the difference.
func (j *judge) lineFact(h *Headline, side profiles.Side, d, all delta, first bool) Sentence {
	var s Sentence
	if side == profiles.Server { // the same label may stand for the client's line
		s = append(s, Segment{Text: "On the server, "})
	}
	s = append(s, Segment{Text: d.label, Strong: true})
	if d.line > 0 {
		s = append(s, Segment{Text: fmt.Sprintf(" (line %d)", d.line)})
	}
	share, sure := d.shareOf(all)
	switch {
	case first && sure && d.change() > 0 && all.change() > 0 && share <= 1:
		s = append(s, Segment{Text: " is " + quantity.Percent(share) + " of the difference in CPU" + ofProfiled(h) + ": "})
	case d.change() < 0:
		s = append(s, Segment{Text: " is cheaper over "}, j.socket(h.Costlier), Segment{Text: ": "})
	case d.cheap.count >= fewSamples && d.costly.count >= fewSamples:
		s = append(s, Segment{Text: " costs " + quantity.Times(d.costly.value/d.cheap.value) + " as much over "},
			j.socket(h.Costlier), Segment{Text: ": "})
	default:
		s = append(s, Segment{Text: " costs more over "}, j.socket(h.Costlier), Segment{Text: ": "})
	}
	scale := quantity.ScaleOf(profiles.Nanoseconds, max(d.costly.value, d.cheap.value))
	return append(s, Segment{Text: fmt.Sprintf("%s ±%s against %s ±%s %s of %s CPU.",
		scale.Figure(d.costly.value), scale.Figure(d.costly.half),
		scale.Figure(d.cheap.value), scale.Figure(d.cheap.half), scale.Unit(), side)})
}

// ofProfiled tells the CPU of the lines from a headline that shows no difference. The
// profiled passes have requests of their own, often many more than a short timing pass,
// so both can be true and must not read as contradicting each other.
func ofProfiled(h *Headline) string {
	if h.Clear {
		return ""
	}
	return " of the profiled passes"
}

// shareOf is which share of the total difference a part makes, and whether that
// is known to 15 points: the error of the quotient, in which the part is also in
// the total, is Var(s) = [Var(d)(1−2s) + s²·Var(total)] / total².
func (d delta) shareOf(all delta) (share float64, sure bool) {
	if all.p >= 0.05 || all.change() == 0 {
		return 0, false
	}
	share = d.change() / all.change()
	square := func(c cost) float64 { return c.half * c.half }
	own, whole := square(d.cheap)+square(d.costly), square(all.cheap)+square(all.costly)
	half := math.Sqrt(max(0, own*(1-2*share)+share*share*whole)) / math.Abs(all.change())
	return share, half <= 0.15
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
		{Text: fmt.Sprintf("The %s uses %s CPU over ", side, word)},
		j.socket(h.Costlier),
		{Text: fmt.Sprintf(": %s against %s per request.", scale.Figure(costly.Median), scale.Format(cheap.Median))},
	}}
}
