// Package export writes a comparison in the formats that other programs and
// people take away: the JSON document of the API ([Comparison]), a text table for
// the terminal, CSV for a spreadsheet, Go's benchmark format for benchstat, and a
// Markdown table for a pull request.
//
// All start from one [Report]. Figures that do not exist are null or empty, never
// NaN or Inf; texts that came from outside (titles, file lines, host names) are
// made harmless for the format that they go to.
package export

import (
	"encoding/json"
	"time"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/profiles/verdict"
)

// Report is everything that an export may draw on.
type Report struct {
	Comparison profiles.Comparison
	Runs       []profiles.Run
	Summary    stats.Summary
	Profiles   []profiles.Profile
	Verdict    verdict.Verdict
	// Lines are the costs by line of the workload; none leaves the table out.
	Lines []verdict.Lines
	// Procs is GOMAXPROCS of the client, for the benchmark format; 0 for unknown.
	Procs int
}

// Comparison is the document of GET /api/v1/comparisons/{id}. Slices and maps
// are never null. Times that have not come are null.
type Comparison struct {
	ID       string          `json:"id"`
	Title    string          `json:"title"`
	State    profiles.State  `json:"state"`
	Spec     json.RawMessage `json:"spec"`
	Host     string          `json:"host"`
	Base     string          `json:"base"`
	Progress Progress        `json:"progress"`
	Rounds   Rounds          `json:"rounds"`
	Cells    []Cell          `json:"cells"`
	Verdict  Verdict         `json:"verdict"`
	// Loop is "open" when requests were due at a rate, else "closed".
	Loop Loop `json:"loop"`
	// Crossovers are where sockets become alike or change places along a sweep, by
	// the metric that answers.
	Crossovers []Crossover `json:"crossovers"`
	// Parts has one entry for each host; empty for a comparison on one.
	Parts []Part `json:"parts"`

	Attempt       int             `json:"attempt"`
	Failure       string          `json:"failure,omitempty"`
	Fingerprint   json.RawMessage `json:"fingerprint,omitempty"`
	CreatedAt     *time.Time      `json:"created_at"`
	StartedAt     *time.Time      `json:"started_at"`
	FinishedAt    *time.Time      `json:"finished_at"`
	InterruptedAt *time.Time      `json:"interrupted_at"`
}

// Part is what one of several hosts does of a comparison.
type Part struct {
	Host          string          `json:"host"` // "" for the server's own
	State         profiles.State  `json:"state"`
	Attempt       int             `json:"attempt"`
	Done          int             `json:"done"`  // runs that are stored
	Total         int             `json:"total"` // runs that it takes
	StartedAt     *time.Time      `json:"started_at"`
	FinishedAt    *time.Time      `json:"finished_at"`
	InterruptedAt *time.Time      `json:"interrupted_at"`
	Failure       string          `json:"failure,omitempty"`
	Fingerprint   json.RawMessage `json:"fingerprint,omitempty"`
}

// Progress counts runs.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Rounds counts rounds. While fewer than six are done everything is indicative.
type Rounds struct {
	Done       int  `json:"done"`
	Planned    int  `json:"planned"`
	Indicative bool `json:"indicative"`
	// Grade is "indicative", "quick", "usual" or "publishable".
	Grade stats.Grade `json:"grade"`
}

// Loop says what the latencies count from.
type Loop struct {
	Kind string `json:"kind"` // "closed": from sending; "open": from when a request was due
	Rate int    `json:"rate"` // requests per second of an open loop
	// Label is the same for people: "service time (closed loop)".
	Label string `json:"label"`
}

// Crossover is where a socket becomes like its base or changes places with it.
type Crossover struct {
	Metric      string `json:"metric"`
	Axis        string `json:"axis"` // "size" or "concurrency"
	Socket      string `json:"socket"`
	Variant     string `json:"variant,omitempty"`
	Host        string `json:"host,omitempty"`
	Size        int    `json:"size,omitempty"`        // what is fixed
	Concurrency int    `json:"concurrency,omitempty"` // what is fixed
	Placement   string `json:"placement"`
	Before      string `json:"before"` // "slower", "alike", "faster"
	From        int    `json:"from"`   // place on the axis from which on After is seen
	// To is the last place at which After is seen; absent when that is the end of the
	// sweep. Beyond it another crossover follows, or nothing is told.
	To    int    `json:"to,omitempty"`
	After string `json:"after"`
}

// Cell is one point of the comparison and what it measured.
type Cell struct {
	Socket      string `json:"socket"`
	Workload    string `json:"workload"`
	Size        int    `json:"size"`
	Concurrency int    `json:"concurrency"`
	Placement   string `json:"placement"`
	AA          bool   `json:"aa"`
	Variant     string `json:"variant"`
	Host        string `json:"host,omitempty"`
	// NA is the reason why the cell is not measured.
	NA string `json:"na,omitempty"`
	// Noisy is how many of its runs were disturbed beyond the limits; they count.
	Noisy   int               `json:"noisy"`
	Metrics map[string]Metric `json:"metrics"`
	// Ratio to the base of the cell's group; empty for a base.
	Ratio    map[string]Ratio `json:"ratio"`
	Counters map[string]int64 `json:"counters"`
	Profiles []Profile        `json:"profiles"`
	Warnings []string         `json:"warnings"`
	// Curve is the median latency at each quantile that has enough samples.
	Curve []Point `json:"curve"`
	// ProfilingEffect is the median of profiled over unprofiled mean latency.
	ProfilingEffect *float64 `json:"profiling_effect"`
}

// Metric is the median over the rounds; low and high are null while there are
// too few rounds for an interval.
type Metric struct {
	Median float64   `json:"median"`
	Low    *float64  `json:"low"`
	High   *float64  `json:"high"`
	Rounds []float64 `json:"rounds"` // in the order of the rounds
}

// Ratio is other divided by base. Low and high are null while there are too few
// rounds for an interval.
type Ratio struct {
	Estimate float64  `json:"estimate"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	P        float64  `json:"p"`
	// AdjustedP is P adjusted for all cells that are compared by this metric; null
	// for an A/A cell.
	AdjustedP *float64 `json:"adjusted_p"`
	Rounds    int      `json:"rounds"`
	// Clear says that the difference is shown: the interval is clear of 1 and of the
	// A/A spread, and the adjusted p-value is below 0.05.
	Clear bool `json:"clear"`
}

// Profile names a profile of a cell. Round 0 is the merge of all rounds.
type Profile struct {
	ID      string        `json:"id"`
	Side    profiles.Side `json:"side"`
	Kind    profiles.Kind `json:"kind"`
	Samples int64         `json:"samples"`
	Ops     int64         `json:"ops"`
	Round   int           `json:"round"`
}

// Point is one point of a latency curve.
type Point struct {
	Quantile float64 `json:"quantile"`
	NS       float64 `json:"ns"`
}

// Verdict is the answer in words.
type Verdict struct {
	Outcome  verdict.Outcome `json:"outcome"`
	Text     string          `json:"text"`
	Facts    []string        `json:"facts"`
	Notes    []string        `json:"notes"`
	Headline *Headline       `json:"headline"`
}

// Headline is the ratio that answers, the costlier socket against the cheaper.
type Headline struct {
	Metric   string   `json:"metric"`
	Cheaper  string   `json:"cheaper"`
	Costlier string   `json:"costlier"`
	Estimate float64  `json:"estimate"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	P        float64  `json:"p"`
	// AdjustedP is P adjusted for the Family of ratios that are judged together.
	AdjustedP float64 `json:"adjusted_p"`
	Family    int     `json:"family"`
	// Clear says that the difference is shown. Where it is not, Estimate is no figure
	// to repeat.
	Clear bool `json:"clear"`
	// Label is the same for people, with the configuration where there are several:
	// "tcp4 against unix, latency p50, with 5 B messages".
	Label string `json:"label"`
}
