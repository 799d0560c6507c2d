package stats

import (
	"maps"
	"slices"

	"github.com/sockscope/sockscope/profiles"
)

// Summary is what the runs of a comparison say so far.
type Summary struct {
	// Cells has one entry for each cell of the comparison, in its order.
	Cells []CellSummary
	// Rounds is how many rounds are complete: every cell that is measured has a run.
	Rounds int
	// Planned is how many rounds there will be.
	Planned int
	// Indicative is true while fewer than MinRounds rounds are complete.
	Indicative bool
	// Grade is what the complete rounds can carry.
	Grade Grade
}

// CellSummary is what one cell measured, and how it compares with its base.
type CellSummary struct {
	Cell  profiles.Cell
	Index int // into the comparison's cells
	Base  int // index of the cell it is compared with; -1 for a base
	// Noise is the index of the A/A cell of its group; -1 for none.
	Noise int
	// Rounds is how many runs of the cell there are.
	Rounds int
	// Noisy is how many of them were disturbed beyond the limits. They count like
	// the others: leaving out what looks odd would choose the answer. The reasons
	// are among the Warnings.
	Noisy int

	// Metrics by name; a metric that no run has is absent.
	Metrics map[string]Estimate
	// Ratio to the base by metric; absent for a base, and where none exists.
	Ratio map[string]Ratio
	// Difference from the base by metric; absent for a base.
	Difference map[string]Difference
	// AA is the ratio of the group's A/A cell by metric: the noise floor. The same
	// for each cell of a group, the base included; empty without an A/A cell.
	AA map[string]Ratio
	// Adjusted is the p-value of each comparison with the base, adjusted for the
	// number of cells that are compared by this metric, see [Adjust]. The family is
	// all sockets, variants, sizes, concurrencies, placements and hosts, since a
	// person looks at all of them. Metrics are families of their own: which of them
	// answers is fixed before anything is measured.
	Adjusted map[string]float64
	// Clear says by metric whether a difference from the base is shown.
	//
	// It is when three things hold. There are at least MinRounds paired rounds and the
	// whole 95 % interval of the ratio is on one side of 1. It does not touch the
	// interval of the A/A ratio either, nor what the base was measured to differ from
	// itself, in either direction ([Ratio.Beyond]). And the adjusted p-value is below
	// 5 %. When the
	// comparison has an A/A cell that has no interval yet, nothing is clear; when it
	// has none at all, the other two decide. Where no ratio exists the difference takes
	// its place, and 0 that of 1. An A/A cell is never clear: it is the measure.
	//
	// Note: a band that holds the whole A/A interval and its inverse would be stricter
	// than the noise asks for: it called none of 200 comparisons of a socket with itself
	// and missed 3 of 20 short ones of dials over TCP, which take 1.5 times as long. The adjusted p-value
	// is for cells that are noisier than the base, and for many of them.
	// TestClearIsHonest prints the figures.
	Clear map[string]bool

	// Curve is the median latency over the rounds, in ns, at each of
	// profiles.Quantiles; N is 0 where no round has enough samples.
	Curve []Estimate
	// Counters summed over the rounds; of a profiles.Gauge the mean.
	Counters map[string]int64
	// Effect is the profiling effect over the rounds that had a profiled pass.
	Effect Estimate
	// Warnings of the cell's runs, each sentence once.
	Warnings []Warning
}

// Warning is a sentence about a cell and in how many of its rounds it was given.
type Warning struct {
	Sentence string
	Rounds   int
}

// Summarize computes the summary of a comparison from the runs that there are;
// it may be running. Of two runs of one cell and round that of the later attempt
// counts. Runs of cells that the comparison does not have, or does not measure,
// are ignored.
func Summarize(c profiles.Comparison, runs []profiles.Run) Summary {
	table := byCell(c, runs)
	s := Summary{Cells: make([]CellSummary, len(c.Cells)), Planned: c.Rounds(), Indicative: true}
	for i, cell := range c.Cells {
		s.Cells[i] = measure(cell, i, table[i])
		s.Cells[i].Base = c.BaseOf(i)
		s.Cells[i].Noise = noiseOf(c, i)
	}
	for i := range s.Cells {
		if b := s.Cells[i].Base; b >= 0 {
			s.Cells[i].compare(table[b], table[i])
		}
	}
	adjust(s.Cells, table)
	for i := range s.Cells {
		s.Cells[i].judge(s.Cells)
	}
	s.Rounds = completeRounds(c.Cells, table)
	s.Grade = GradeOf(s.Rounds)
	s.Indicative = s.Grade == Indicative
	return s
}

// rounds are the runs of one cell by round.
type rounds map[int]*profiles.Run

func (r rounds) numbers() []int { return slices.Sorted(maps.Keys(r)) }

func byCell(c profiles.Comparison, runs []profiles.Run) []rounds {
	table := make([]rounds, len(c.Cells))
	for i := range table {
		table[i] = rounds{}
	}
	for i := range runs {
		r := &runs[i]
		if r.Cell < 0 || r.Cell >= len(table) || c.Cells[r.Cell].NA != "" {
			continue
		}
		if old := table[r.Cell][r.Round]; old == nil || old.Attempt <= r.Attempt {
			table[r.Cell][r.Round] = r
		}
	}
	return table
}

// noiseOf returns the index of the A/A cell of cell i's group, or -1.
func noiseOf(c profiles.Comparison, i int) int {
	for j, a := range c.Cells {
		if a.AA && a.Socket == c.Base && a.SameButSocket(c.Cells[i]) {
			return j
		}
	}
	return -1
}

// completeRounds counts the rounds in which no cell that is measured lacks its run.
func completeRounds(cells []profiles.Cell, table []rounds) int {
	seen := map[int]int{}
	for i, r := range table {
		for round := range r {
			if cells[i].NA == "" {
				seen[round]++
			}
		}
	}
	n, whole := 0, profiles.Measured(cells)
	for _, runs := range seen {
		if runs == whole {
			n++
		}
	}
	return n
}
