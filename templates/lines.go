package templates

// LinesPage is "/comparisons/{id}/lines".
type LinesPage struct {
	Chrome  Chrome
	ID      string
	URL     string
	Heading Rich
	Lines   Lines
}

// Lines is the panel of per-line timings: one or more profiles side by side.
type Lines struct {
	Title    string // "Per-line timings"
	Hint     string // "runner/workload.dialEcho · CPU per request, cumulative"
	Switches []Switch
	Search   *Search  // for the function
	Chooser  *Chooser // nil where the switches are enough
	Filter   *Filter
	FullURL  string // the page of its own; "" when this is it
	Columns  []Series
	// Against heads the difference column; "" for none (one or more than two
	// columns).
	Against string
	Sheets  []Sheet
	Empty   string // why there are none: one sentence
	Note    string // "≈ is within sampling noise"
}

// Sheet is one function.
type Sheet struct {
	Function string
	File     string
	Totals   []string // one for each column, of the function
	Rows     []LineRow
	// Note says what pprof prints where it differs: "pprof prints 280 ms: it counts
	// recursion twice".
	Note string
}

// LineRow is a source line, or, with Sub, what a line calls.
type LineRow struct {
	Number string // "" for Sub rows
	Text   string
	Sub    bool
	Hot    bool // worth looking at: drawn stronger
	Values []LineValue
	Diff   Difference // Text "·" for nothing, "≈" for noise
}

// LineValue is the cost of a line.
type LineValue struct {
	Text  string  // "11.8 µs"; "·" for nothing
	Width float64 // of the bar, 0..1 of the largest on the sheet
	Title string  // flat and cum, sampling error, samples
	Noise bool    // too few samples to say: grey
}

// TopTable lists functions by cost.
type TopTable struct {
	Hint    string
	Columns []Series
	Against string
	Sorts   Switch
	Search  *Search
	Filter  *Filter
	Rows    []TopRow
	Empty   string
	More    string // "200 of 2 437 functions are shown"
}

// shares of the total are shown for one profile; beside a second one there is no
// room for them, and the difference is what is asked.
func (v TopTable) shares() bool { return len(v.Columns) == 1 }

// TopRow is one function of a [TopTable].
type TopRow struct {
	Function string
	URL      string // its lines
	Values   []TopValue
	Diff     Difference
}

// TopValue is flat and cum of a function in one profile.
type TopValue struct {
	Flat, FlatShare string
	Cum, CumShare   string
	Width           float64 // of cum's bar
	Noise           bool
	Title           string
}
