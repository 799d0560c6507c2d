package verdict

import (
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
)

// answer is the sentence, or sentences, of one group.
func (j *judge) answer(g group) Sentence {
	var s Sentence
	shown := slices.ContainsFunc(g.cells, j.clear)
	indicative := !slices.ContainsFunc(g.cells, func(i int) bool { r, ok := j.cost(i); return ok && r.Interval })
	switch {
	case len(g.cells) == 1:
	case indicative:
		s = append(s, Segment{Text: j.soFar()})
	case !shown:
		s = append(s, Segment{Text: "No difference shown: "})
	}
	start := len(s) == 0
	switch {
	case len(g.cells) <= 2:
		return append(s, j.pair(g, start)...)
	case len(g.cells) >= crowd && !indicative:
		return append(s, j.many(g, start)...)
	}
	return append(s, j.each(g, start)...)
}

// opened is the answer with where it holds before it: the configuration where there
// are several, and the rate of an open loop.
func (j *judge) opened(groups []group) Sentence {
	g := groups[0]
	s := j.answer(g)
	before := ""
	if len(groups) > 1 {
		before = upperFirst(j.fixed(stats.Sweep{Like: j.s.Cells[g.base].Cell}))
	}
	if rate := Rate(j.c); rate > 0 {
		before = upperFirst(lowerFirst(before) + "at " + quantity.Count(int64(rate)) + " requests per second, ")
	}
	if before == "" {
		return s
	}
	return append(Sentence{{Text: before}}, lower(s)...)
}

// many names the best, the base and the worst of a group, and those that differ
// from the base by nothing that is shown.
func (j *judge) many(g group, start bool) Sentence {
	scale := j.scale(g)
	best, worst := g.cells[0], g.cells[len(g.cells)-1]
	tell := []int{best}
	if g.base != best && g.base != worst {
		tell = append(tell, g.base)
	}
	tell = append(tell, worst)
	some := slices.ContainsFunc(g.cells, j.clear)
	var s Sentence
	for n, i := range tell {
		if n > 0 {
			s = append(s, Segment{Text: " "})
		}
		s = append(s, j.takes(i, scale, n > 0, n > 0 || start)...)
		if r, ok := j.cost(i); ok && i != g.base && some {
			s = append(s, j.against(i, r, g.base)...)
		}
		s = append(s, Segment{Text: "."})
	}
	between := len(g.cells) - len(tell)
	s = append(s, Segment{Text: " " + quantity.Plural(int64(between), "other lies", "others lie") + " between"})
	var alike []int
	for _, i := range g.cells {
		if some && i != g.base && !j.clear(i) && !slices.Contains(tell, i) {
			alike = append(alike, i)
		}
	}
	for n, i := range alike {
		switch {
		case n == 0:
			s = append(s, Segment{Text: "; no difference from "}, j.socket(g.base), Segment{Text: " is shown for "})
		case n == len(alike)-1:
			s = append(s, Segment{Text: " and "})
		default:
			s = append(s, Segment{Text: ", "})
		}
		s = append(s, j.socket(i))
	}
	return append(s, Segment{Text: "."})
}

// soFar opens an answer from too few rounds.
func (j *judge) soFar() string {
	rounds := quantity.Plural(int64(j.s.Rounds), "round", "rounds")
	if j.c.State.Final() {
		return "Indicative, " + rounds + ": "
	}
	return "So far, " + rounds + ", indicative: "
}

// pair says what the cells of a group of one or two take, in one sentence.
func (j *judge) pair(g group, start bool) Sentence {
	scale := j.scale(g)
	var s Sentence
	for n, i := range g.cells {
		if n > 0 {
			s = append(s, Segment{Text: "; "})
		}
		s = append(s, j.takes(i, scale, n > 0, n == 0 && start)...)
	}
	return append(s, Segment{Text: "."})
}

// each gives every cell its own sentence, with its ratio to the base.
func (j *judge) each(g group, start bool) Sentence {
	scale := j.scale(g)
	// That no difference is shown has been said before all cells, or is said of
	// some.
	some := slices.ContainsFunc(g.cells, j.clear)
	var s Sentence
	for n, i := range g.cells {
		if n > 0 {
			s = append(s, Segment{Text: " "})
		}
		s = append(s, j.takes(i, scale, n > 0, n > 0 || start)...)
		if r, ok := j.cost(i); ok && i != g.base && (some || !r.Interval) {
			s = append(s, j.against(i, r, g.base)...)
		}
		s = append(s, Segment{Text: "."})
	}
	return s
}

func (j *judge) scale(g group) quantity.Scale {
	figures := make([]float64, len(g.cells))
	for n, i := range g.cells {
		figures[n] = j.value(i)
	}
	return quantity.ScaleOf(j.m.Unit, figures...)
}

// takes is the clause of one cell: "A request over unix takes 84.2 µs". Again
// is true when a request was spoken of before.
func (j *judge) takes(i int, scale quantity.Scale, again, start bool) Sentence {
	figure := Segment{Text: scale.Brief(j.value(i)), Strong: true}
	var s Sentence
	switch {
	case j.m.Unit == profiles.Nanoseconds && again:
		s = Sentence{{Text: "over "}, j.socket(i), {Text: " it takes "}, figure}
	case j.m.Unit == profiles.Nanoseconds:
		s = Sentence{{Text: "a request over "}, j.socket(i), {Text: " takes "}, figure}
	case j.m.Unit == profiles.PerSecond:
		return Sentence{j.socket(i), {Text: " serves "}, figure, {Text: " requests per second"}}
	default:
		return Sentence{j.socket(i), {Text: " carries "}, figure}
	}
	if start {
		s[0].Text = upperFirst(s[0].Text)
	}
	return s
}

// against compares a cell with its base in a subordinate clause.
func (j *judge) against(i int, r stats.Ratio, base int) Sentence {
	if !j.clear(i) {
		if !r.Interval {
			return Sentence{{Text: ", " + quantity.RoughChange(j.s.Cells[i].Ratio[j.m.Name].Estimate) + " against "}, j.socket(base)}
		}
		return Sentence{{Text: ": no difference from "}, j.socket(base), {Text: " shown"}}
	}
	word := " as long as over "
	if j.m.Unit != profiles.Nanoseconds {
		word, r = " that of ", j.s.Cells[i].Ratio[j.m.Name]
	}
	return Sentence{
		{Text: ", "},
		{Text: quantity.Times(r.Estimate), Strong: true},
		{Text: word},
		j.socket(base),
		{Text: " (" + interval(r) + ")"},
	}
}

func (j *judge) nothing() Sentence {
	switch j.c.State {
	case profiles.Failed:
		if j.c.Failure != "" {
			return Sentence{{Text: j.c.Failure}}
		}
		return Sentence{{Text: "The comparison failed before anything was measured."}}
	case profiles.Canceled:
		return Sentence{{Text: "Canceled before anything was measured."}}
	}
	return Sentence{{Text: "Nothing has been measured yet."}}
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
