// Package verdict says in sentences what a comparison shows: one answer, the
// facts behind it, and what limits them.
//
// Nothing is said that the statistics do not carry. A difference is stated when
// package stats calls it clear; a line of code is named when its samples differ
// beyond sampling noise, after correction for the number of lines; everything
// else is "no difference shown" or left out. Fewer than stats.MinRounds rounds
// are said to be indicative.
//
// Sentences are made of segments, so that a page can give each socket its colour;
// Text is the same without.
package verdict

import (
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/stats"
)

// Outcome is what kind of answer a verdict gives.
type Outcome string

// The outcomes.
const (
	Shown      Outcome = "shown"      // at least one difference is clear
	NotShown   Outcome = "not shown"  // enough rounds, and no difference is clear
	Indicative Outcome = "indicative" // too few rounds for an interval
	Alone      Outcome = "alone"      // one socket only: nothing to compare with
	Nothing    Outcome = "nothing"    // not one pair of runs
)

// Segment is a piece of a sentence. Socket is set when the piece names a socket, to
// the name of the cell without its A/A ("tcp4 nagle"); Strong marks the figures
// that answer.
type Segment struct {
	Text   string
	Socket string
	Strong bool
}

// Sentence is a text in segments; spaces are part of them.
type Sentence []Segment

func (s Sentence) String() string {
	var b strings.Builder
	for _, g := range s {
		b.WriteString(g.Text)
	}
	return b.String()
}

// Headline is the ratio that stands in large figures beside the answer.
type Headline struct {
	// Figure is "2.1×", or "≈" where there is an interval and no difference is shown.
	Figure   string
	Interval string // "95 % CI 2.05 – 2.14", or "rounds 2.01 – 2.2" without an interval
	// P is "p < 0.001", or "p = 0.0078, adjusted for 4 ratios" where several are judged
	// together; "" without an interval.
	P string
	// Label is "tcp4 against unix, latency p50", and behind that the configuration
	// where there are several.
	Label  string
	Metric string // a name of package profiles
	// Ratio is the costlier cell against the cheaper: its estimate is 1 or more.
	Ratio stats.Ratio
	// AdjustedP is the p-value adjusted for the Family of ratios that are judged
	// together; Ratio.P is that of this ratio alone.
	AdjustedP float64
	Family    int
	// Cheaper and Costlier are indices into the comparison's cells; one of them is
	// the base.
	Cheaper, Costlier int
	// Clear says whether the difference is shown.
	Clear bool
}

// Verdict is the answer of a comparison.
type Verdict struct {
	Outcome Outcome
	// Headline is nil when nothing is compared.
	Headline *Headline
	// Sentence answers; Text is the same as plain text. Never empty.
	Sentence Sentence
	Text     string
	// Facts say where the difference comes from. FactSentences are the same in
	// segments. Never nil.
	Facts         []string
	FactSentences []Sentence
	// Notes limit the answer: the noise floor, too few rounds, what disturbed the
	// runs. Never nil.
	Notes []string
}

// Lines is what the parts of a workload cost on one side of one cell, summed
// over its rounds.
type Lines struct {
	Cell  int // index into the comparison's cells
	Side  profiles.Side
	Ops   int64          // operations in the profiled windows
	Parts []listing.Part // ns of CPU
}

// Metric is the metric that answers for a comparison: the median latency, or for
// a one-way stream its throughput, or the first of the alternatives that was
// measured. It is LatencyP50 when nothing was.
func Metric(c profiles.Comparison, s stats.Summary) profiles.Metric {
	names := []string{profiles.LatencyP50, profiles.LatencyMean, profiles.RequestsPerSecond, profiles.BytesPerSecond}
	if len(c.Cells) > 0 && c.Cells[0].Workload == "stream" {
		names = []string{profiles.BytesPerSecond, profiles.RequestsPerSecond}
	}
	for _, name := range names {
		for i := range s.Cells {
			if _, ok := s.Cells[i].Metrics[name]; ok {
				return metric(name)
			}
		}
	}
	return metric(names[0])
}

func metric(name string) profiles.Metric {
	for _, m := range profiles.Metrics {
		if m.Name == name {
			return m
		}
	}
	return profiles.Metric{Name: name, Label: name}
}

// Of judges a comparison; it may still be running. Lines may be missing, then
// the facts name no lines; without deep profiles they name nothing of the kernel.
func Of(c profiles.Comparison, s stats.Summary, lines []Lines, deep ...Deep) Verdict {
	j := judge{c: c, s: s, m: Metric(c, s)}
	v := Verdict{Facts: []string{}, FactSentences: []Sentence{}, Notes: []string{}}
	groups := j.groups()
	if len(groups) == 0 {
		v.Outcome, v.Sentence = Nothing, j.nothing()
		v.Text = v.Sentence.String()
		v.Notes = append(v.Notes, j.notMeasured()...)
		v.Notes = append(v.Notes, j.disturbances()...)
		return v
	}
	main := groups[0]
	j.several = len(groups) > 1
	v.Outcome = j.outcome(groups)
	v.Headline = j.headline(main)
	v.Sentence = j.opened(groups)
	v.FactSentences = append(v.FactSentences, j.crossovers()...)
	v.FactSentences = append(v.FactSentences, j.doubt(v.Headline)...)
	v.FactSentences = append(v.FactSentences, j.serviceFact(main)...)
	if len(groups) > fewGroups {
		v.FactSentences = append(v.FactSentences, j.ranges(groups)...)
	}
	v.FactSentences = append(v.FactSentences, j.lineFacts(v.Headline, lines)...)
	v.FactSentences = append(v.FactSentences, j.kernelFacts(v.Headline, deep)...)
	if len(groups) <= fewGroups {
		v.FactSentences = append(v.FactSentences, j.otherGroups(groups)...)
	}
	v.Text = v.Sentence.String()
	for _, f := range v.FactSentences {
		v.Facts = append(v.Facts, f.String())
	}
	v.Notes = append(v.Notes, j.care()...)
	v.Notes = append(v.Notes, j.noiseFloor(main)...)
	v.Notes = append(v.Notes, j.notMeasured()...)
	v.Notes = append(v.Notes, j.edges()...)
	v.Notes = append(v.Notes, j.noisyRuns()...)
	v.Notes = append(v.Notes, j.disturbances()...)
	return v
}
