package verdict

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

const (
	// fewGroups is up to how many hosts, sizes, concurrencies and placements each
	// get a sentence of their own. With more, sentences tell ranges.
	fewGroups = 3
	// moreGroups is how many ranges are told.
	moreGroups = 6
	// moreWarnings is how many different warnings of runs are repeated.
	moreWarnings = 4
	// largeEffect is from which factor on it is mentioned that the profiled pass was
	// slower than the timing pass, or faster.
	largeEffect = 1.1
)

// doubt says why the headline's difference is not shown although there are
// enough rounds.
func (j *judge) doubt(h *Headline) []Sentence {
	if h == nil || h.Clear || !h.Ratio.Interval {
		return nil
	}
	s := Sentence{{Text: fmt.Sprintf("The ratio is %s, %s", quantity.Ratio(h.Ratio.Estimate), interval(h.Ratio))}}
	other := h.Costlier
	if j.s.Cells[other].Base < 0 {
		other = h.Cheaper
	}
	aa, ok := j.s.Cells[other].AA[j.m.Name]
	// As it was measured: the headline's ratio may be turned round.
	clearOfNoise := ok && aa.Interval && j.s.Cells[other].Ratio[j.m.Name].Beyond(aa)
	switch {
	case !h.Ratio.ClearOfOne():
		s = append(s, Segment{Text: ": 1 is within it."})
	case clearOfNoise || j.s.Cells[other].Noise < 0:
		s = append(s, Segment{Text: fmt.Sprintf(": clear of 1, but with %d ratios judged together one is as clear by chance in more than 5 %% of such comparisons. Use more rounds.", h.Family)})
	case ok && aa.Interval:
		base := j.c.Base
		s = append(s, Segment{Text: ": clear of 1, but "}, Segment{Text: base, Socket: base},
			Segment{Text: " differs from itself by as much (A/A " + quantity.Range(aa.Low, aa.High) + ")."})
	default:
		s = append(s, Segment{Text: ": clear of 1, but the A/A cell has too few rounds to tell the noise."})
	}
	return []Sentence{s}
}

// otherGroups is one sentence for each further size, concurrency and placement.
func (j *judge) otherGroups(groups []group) []Sentence {
	var facts []Sentence
	for _, g := range groups[1:] {
		s := Sentence{{Text: j.differs(groups[0], g) + ", "}}
		facts = append(facts, append(s, lower(j.answer(g))...))
	}
	return facts
}

// lower makes the start of an answer fit behind a comma.
func lower(s Sentence) Sentence {
	if len(s) > 0 && s[0].Socket == "" {
		s[0].Text = lowerFirst(s[0].Text)
	}
	return s
}

// differs names what sets a group apart from the first.
func (j *judge) differs(first, g group) string {
	a, b := j.s.Cells[first.base].Cell, j.s.Cells[g.base].Cell
	text, host := "", ""
	if a.Host != b.Host {
		host = "On " + b.Host
	}
	add := func(s string) {
		if text == "" {
			text = "With " + s
			return
		}
		text += ", " + s
	}
	if a.Size != b.Size {
		add(quantity.Bytes(int64(b.Size)) + " messages")
	}
	if a.Concurrency != b.Concurrency {
		add(quantity.Plural(int64(b.Concurrency), "connection", "connections"))
	}
	if a.Placement != b.Placement {
		add("placement " + b.Placement)
	}
	if a.Workload != b.Workload {
		add("workload " + b.Workload)
	}
	switch {
	case host != "" && text != "":
		return host + ", " + lowerFirst(text)
	case host != "":
		return host
	case text == "":
		return "Again"
	}
	return text
}

// noiseFloor says what the base differs from itself.
func (j *judge) noiseFloor(g group) []string {
	aa, ok := j.s.Cells[g.base].AA[j.m.Name]
	base := j.s.Cells[g.base].Cell.Socket
	label := lowerFirst(MetricLabel(j.c, j.m))
	if !ok {
		if j.s.Cells[g.base].Noise < 0 && len(g.cells) > 1 {
			return []string{"Without an A/A cell the noise floor is not known."}
		}
		return nil
	}
	text := fmt.Sprintf("A/A noise, %s against %s, %s%s: %s", base, base, label, j.where(g), quantity.Range(aa.Low, aa.High))
	switch {
	case !aa.Interval:
		return []string{text + fmt.Sprintf(" in %s.", quantity.Plural(int64(aa.N), "round", "rounds"))}
	case aa.ClearOfOne():
		return []string{text + fmt.Sprintf(": the base is not like itself here, so only differences beyond %s are taken as shown.", quantity.Range(min(aa.Low, 1/aa.Estimate), max(aa.High, 1/aa.Estimate)))}
	}
	return []string{text + "."}
}

// disturbances repeats the warnings of the runs, each once with how often it was
// given, and says when profiling changed what it looked at.
func (j *judge) disturbances() []string {
	notes := j.profilingEffects()
	seen, runs := j.warnings()
	for n, w := range seen {
		if n == moreWarnings {
			notes = append(notes, quantity.Plural(int64(len(seen)-n), "further warning is", "further warnings are")+" with the rounds.")
			break
		}
		often := fmt.Sprintf("%d of %s", w.Rounds, quantity.Plural(int64(runs), "run", "runs"))
		if w.figures {
			often += ", some with other figures"
		}
		notes = append(notes, fmt.Sprintf("%s (%s)", w.Sentence, often))
	}
	return notes
}

// told is a warning, and whether others say the same with other figures.
type told struct {
	stats.Warning
	figures bool
}

// warnings sums the warnings over the cells, the most frequent first. Those that
// differ only in their figures are one, as the first of them says it.
func (j *judge) warnings() (seen []told, runs int) {
	for i := range j.s.Cells {
		runs += j.s.Cells[i].Rounds
		for _, w := range j.s.Cells[i].Warnings {
			at := slices.IndexFunc(seen, func(o told) bool { return shape(o.Sentence) == shape(w.Sentence) })
			if at < 0 {
				seen = append(seen, told{Warning: w})
				continue
			}
			seen[at].Rounds += w.Rounds
			seen[at].figures = seen[at].figures || seen[at].Sentence != w.Sentence
		}
	}
	slices.SortStableFunc(seen, func(a, b told) int { return b.Rounds - a.Rounds })
	return seen, runs
}

// shape is a sentence without its figures.
func shape(sentence string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '.' || r == ',' {
			return -1
		}
		return r
	}, sentence)
}

// profilingEffects says where the profiled pass was much slower than the timing pass,
// and where much faster. No figure by line is of an A/A cell, so those are left out.
func (j *judge) profilingEffects() []string {
	if j.m.Unit != profiles.Nanoseconds {
		return nil
	}
	slow, fast := -1, -1
	effect := func(i int) float64 { return j.s.Cells[i].Effect.Median }
	for i := range j.s.Cells {
		switch e := effect(i); {
		case j.s.Cells[i].Effect.N == 0 || j.s.Cells[i].Cell.AA:
		case e >= largeEffect && (slow < 0 || e > effect(slow)):
			slow = i
		case e <= 1/largeEffect && (fast < 0 || e < effect(fast)):
			fast = i
		}
	}
	var notes []string
	if slow >= 0 {
		notes = append(notes, fmt.Sprintf("With the profiler on, a request over %s took %s as long: the figures by line are of that pass.",
			CellName(j.s.Cells[slow].Cell), quantity.Times(effect(slow))))
	}
	if fast >= 0 { // a profiler speeds nothing up
		notes = append(notes, fmt.Sprintf("A request over %s took %s as long in the profiled pass as in the timing pass: the timing pass was short or disturbed.",
			CellName(j.s.Cells[fast].Cell), quantity.Times(effect(fast))))
	}
	return notes
}
