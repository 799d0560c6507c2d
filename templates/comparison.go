package templates

// ComparisonPage is "/comparisons/{id}" in every state: Live while there is more
// to come, Failure when it failed, Answer as soon as there is something to say (a
// canceled comparison may have one).
type ComparisonPage struct {
	Chrome  Chrome
	ID      string
	Heading Rich // unix vs tcp — dial, write, read, close
	Meta    []string
	State   StateView
	Actions Actions
	// EventsURL is the event stream of the comparison while it is not final;
	// "" afterwards.
	EventsURL string
	Notices   []Notice   // "Was interrupted at 14:02:11 and went on."
	Hosts     []HostPart // of a comparison on several, or on another than the server's own
	Live      *Live
	Failure   *Failure
	Answer    *Answer
}

// Actions are what can be done with a comparison or a profile. An empty URL
// leaves the action out.
type Actions struct {
	CancelURL string // POST
	AgainURL  string // GET: the form filled in the same
	ShareURL  string // GET: the share page of this path
	DeleteURL string // POST
	RoundsURL string
	BesideURL string // GET: another comparison beside this one
	// CompareURL chooses another profile to compare this one with: a GET.
	CompareURL string
	Downloads  []DownloadGroup
	// SharePath is what the share dialog posts to SharesAPI.
	SharePath string
	SharesAPI string // "/api/v1/shares"
}

// DownloadGroup is a part of the download menu.
type DownloadGroup struct {
	Label string // "Profiles", "Results"
	Links []Link
}

// Live is a comparison that is queued, running or interrupted.
type Live struct {
	Now    string // "Round 5 of 10 · tcp · profiled pass"; "Queued: 2 comparisons before it"
	Left   string // "13 of 30 runs · about 46 s left"
	Done   int
	Total  int
	Rounds []RoundCell
	SoFar  *Measured // nil before the first round
	Matrix *Matrix   // of many cells
	Chart  *Chart
}

// columns is the class of what stands beside each other.
func (l Live) columns() string {
	if l.SoFar != nil && l.SoFar.Within != "" {
		return ""
	}
	return "Columns"
}

// RoundCell is one round in the row under the progress bar.
type RoundCell struct {
	Number int
	State  string // "done", "now" or "todo"
	Title  string // "round 4: 3 of 3 runs"
}

// Failure says why a comparison failed.
type Failure struct {
	Sentence string
	Mend     string
	Detail   string // the end of the child's standard error; "" for none
}

// Answer is what a comparison found.
type Answer struct {
	Verdict Verdict
	// Matrix and Curves are of the whole comparison; nil and empty where one table
	// tells all.
	Matrix *Matrix
	Curves []Chart
	// Configuration is of which size, concurrency, placement and host the rest is;
	// nil where there is only one.
	Configuration *Configuration
	Measured      []Measured
	Charts        []Chart
	// Beside is what was counted beside the requests; nil for nothing to say.
	Beside     *Measured
	Breakdowns []Breakdown // client, then server
	Buckets    *Buckets    // what the kernel does in it; nil without kernel-deep profiles
	Counted    *Counted    // what stands in for Buckets where there are no such profiles
	TopURL     string      // the functions by cost; "" for none
	Waterfall  *Waterfall  // why they differ; nil where nothing is compared
	Lines      *Lines
	Flame      *Flame
	Absent     []NotMeasured
	Commands   []Command
	Warnings   []string
}

// Configuration heads what is of one size, concurrency, placement and host only.
type Configuration struct {
	Title    string // "64 KiB messages, 8 connections, placement split"
	Switches []Switch
	AgainURL string // the form filled in for this one alone; "" for none
}

// Verdict is the panel with the answer in large.
type Verdict struct {
	// Headlines: one for each socket that is compared with the base; the first is
	// shown largest.
	Headlines []Headline
	Sentence  Rich
	Facts     []Rich
	// Grade says what the number of rounds can carry: "a quick look: 6 rounds".
	Grade      string
	GradeTitle string
	// CaseURL leads to what it means for a case of one's own; "" for nowhere.
	CaseURL string
}

// Headline is a ratio in large.
type Headline struct {
	Figure  string // "2.1×", or "≈" when no difference is shown
	Caption string // "95 % CI 2.05 – 2.14 · p < 0.001"
	Series  Series // of the socket it is about; shown when there is more than one
}

// Measured is a table of metrics: a column for each socket, then one for each
// difference.
type Measured struct {
	Title   string // "Measured", or what varies: "64 B · 8 connections"
	Hint    string // "median of 10 rounds ± 95 % CI"
	Caption string // for who cannot see the page; "" takes Title
	Columns []Series
	Against []string // heads of the difference columns: "tcp against unix"
	Rows    []MeasuredRow
	More    []MeasuredRow // minor metrics, folded away
	Noise   string        // "A/A noise of p50, unix against unix: 0.94 – 1.08"
	// Within puts each difference below the value that it is of, for many columns.
	// Against has then no heads of its own, and says what the differences are to.
	Within string // "against unix"; "" for columns of their own
}

// MeasuredRow is one metric.
type MeasuredRow struct {
	Label  string
	Title  string
	Values []Value      // one for each column
	Diffs  []Difference // one for each of Against
}

// Value is a number with its error.
type Value struct {
	Text  string // "84.2 µs"
	Error string // "±1 %"; "" for none
	Title string // the exact value and its interval, or why there is none
}

// Difference of a value from the base's.
type Difference struct {
	Text  string // "+110.6 %", "no difference shown"
	Tone  Tone   // Better, Worse or Unclear
	Title string
}

// RoundsPage is "/comparisons/{id}/rounds".
type RoundsPage struct {
	Chrome  Chrome
	ID      string
	URL     string // of the comparison
	Heading Rich
	Hint    string // "30 runs in 10 rounds; each round in a fresh random order"
	Metrics []string
	Rounds  []RoundRuns
	Choose  Switch // of the round, where there are more runs than one page shows
	// Switches choose the size, concurrency, placement and host of the chart.
	Switches []Switch
	Chart    *Chart
	Absent   []NotMeasured
	Actions  Actions
}

// RoundRuns is one round of a [RoundsPage].
type RoundRuns struct {
	Number int
	Runs   []RunRow // in the order in which they ran
}

// RunRow is one run.
type RunRow struct {
	Order    int // place in its round, from 1
	Cell     Series
	What     string   // size, concurrency and placement when they vary; "" otherwise
	Values   []string // one for each of RoundsPage.Metrics
	Started  string
	Elapsed  string
	Effect   string // profiling effect, "1.03×"
	Counters []Fact
	Warnings []string
	Noisy    string // what disturbed it beyond its limits; "" for a quiet run
	Profiles []Link
}

// first is the chart that stands beside the table; the others stand with the
// rounds, at the end.
func (a Answer) first() []Chart { return a.Charts[:min(1, len(a.Charts))] }

// wide reports whether the table of metrics takes the width of the page, so that all
// charts stand below it.
func (a Answer) wide() bool { return len(a.Measured) > 0 && a.Measured[0].Within != "" }

func (a Answer) rest() []Chart {
	if a.wide() {
		return []Chart{}
	}
	return a.Charts[min(1, len(a.Charts)):]
}

// groundsClass puts the rounds and what was counted beside the requests side by
// side, where there is one of each.
func (a Answer) groundsClass() string {
	if len(a.rest()) == 1 && a.Beside != nil {
		return "Columns"
	}
	return ""
}

// contents are links to the parts that are there.
func (a Answer) contents() []Link {
	out := []Link{}
	for _, l := range []struct {
		there bool
		link  Link
	}{
		{a.Matrix != nil, Link{Label: "All cells", URL: "#matrix"}},
		{len(a.Curves) > 0, Link{Label: "Curves", URL: "#curves"}},
		{len(a.Measured) > 0, Link{Label: "Measured", URL: "#measured"}},
		{len(a.Breakdowns) > 0, Link{Label: "Where the CPU goes", URL: "#cpu"}},
		{a.Buckets != nil, Link{Label: "Down to the kernel", URL: "#buckets"}},
		{a.Counted != nil, Link{Label: "Kernel in numbers", URL: "#buckets"}},
		{a.Waterfall != nil, Link{Label: "Waterfall", URL: "#waterfall"}},
		{a.Lines != nil, Link{Label: "Lines", URL: "#lines"}},
		{a.Flame != nil, Link{Label: "Flame graph", URL: "#flame"}},
		{a.TopURL != "", Link{Label: "Top functions", URL: a.TopURL}},
		{len(a.rest()) > 0 || a.Beside != nil, Link{Label: "Rounds", URL: "#rounds"}},
		{len(a.Commands) > 0, Link{Label: "Commands", URL: "#commands"}},
	} {
		if l.there {
			out = append(out, l.link)
		}
	}
	return out
}
