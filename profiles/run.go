package profiles

import "time"

// Run is one cell in one round: what one server process and one client process
// measured, in a timing pass without a profiler and a pass with one.
type Run struct {
	ID         int64  `json:"id"`
	Comparison string `json:"comparison"`
	Round      int    `json:"round"` // from 1
	Cell       int    `json:"cell"`  // index into Comparison.Cells
	Attempt    int    `json:"attempt"`
	Position   int    `json:"position"` // place in the random order of its round, from 0

	StartedAt time.Time     `json:"started_at"`
	Elapsed   time.Duration `json:"elapsed_ns"`

	// Metrics of the timing pass, keyed by the names in metric.go. A metric that
	// could not be measured is absent, never 0.
	Metrics map[string]float64 `json:"metrics"`
	// Counters of the timing pass: how often what happened beside the requests
	// (dial_retries, gc_cycles, …).
	Counters map[string]int64 `json:"counters"`
	// Curve is the latency in ns at each of [Quantiles]; 0 where the tail has
	// fewer than 100 samples.
	Curve []int64 `json:"curve"`
	// Warnings are sentences for people: what makes this run less than clean.
	Warnings []string `json:"warnings"`
	// Noisy is the sentence that says what disturbed the run beyond its limits; ""
	// for a run that was left alone.
	Noisy string `json:"noisy,omitempty"`
	// NoKernel is the sentence that says why the run has no kernel-deep profiles, and
	// what would help; "" where it has them, or they were not wanted.
	NoKernel string `json:"no_kernel,omitempty"`
	// ProfilingEffect is mean latency of the profiled pass over that of the timing
	// pass; 0 when there was no profiled pass.
	ProfilingEffect float64 `json:"profiling_effect"`
}

// Quantiles are the points of the latency curve of each run.
var Quantiles = [...]float64{
	0, .05, .10, .20, .30, .40, .50, .60, .70, .75, .80, .85, .90, .925, .95, .96, .97, .98,
	.99, .9925, .995, .9975, .999, .9995, .9999,
}

// Profile is a profile's row: what it is of, not its samples.
type Profile struct {
	ID         string `json:"id"`         // "P-7"
	Comparison string `json:"comparison"` // "" for an upload
	Run        int64  `json:"run"`        // 0 for an upload and for the merge of all rounds
	Cell       int    `json:"cell"`       // -1 for an upload
	Round      int    `json:"round"`      // 0 for an upload and for the merge of all rounds
	Side       Side   `json:"side"`
	Kind       Kind   `json:"kind"`
	Title      string `json:"title"`
	SHA256     string `json:"sha256"` // of the bytes; names the blob
	Bytes      int64  `json:"bytes"`
	// Ops is how many operations ran while it was taken; 0 for unknown.
	Ops      int64         `json:"ops"`
	Samples  int64         `json:"samples"`
	Duration time.Duration `json:"duration_ns"`
	// SampleTypes as "cpu/nanoseconds", in the profile's order.
	SampleTypes []string `json:"sample_types"`
	// Counts is the sample type that it is shown by unless another is asked for.
	Counts    string    `json:"counts"`
	CreatedAt time.Time `json:"created_at"`
	Sources   string    `json:"-"` // blob of its source files; "" for none
}

// Merged reports whether the profile is the merge of a cell's rounds.
func (p *Profile) Merged() bool { return p.Comparison != "" && p.Run == 0 }

// Search narrows a list of profiles; the zero value is all of them.
type Search struct {
	// Words are each in the title, the id, the comparison's id, the side or in what it
	// counts, in letters of either case. One that is an id is that id.
	Words []string
	// Types are sample types, "cpu/nanoseconds": only profiles that have one of them.
	// None for all.
	Types []string
}

// Share is a link that shows one path, and what stands below it, to whoever
// holds its token.
type Share struct {
	ID        string    `json:"id"`   // "S-3": for the owner's list; it opens nothing
	Path      string    `json:"path"` // "/comparisons/C-42" or "/profiles/P-7", with its query
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	RevokedAt time.Time `json:"revoked_at"` // zero while it is valid
}
