package templates

// LinesPage is "/comparisons/{id}/lines".
type LinesPage struct {
	Chrome  Chrome
	ID      string
	URL     string
	Heading Rich
	Views   Switch // the other views of the same profiles
	Lines   Lines
}

// Lines is the panel of per-line timings: one or more profiles side by side.
type Lines struct {
	Title    string // "Per-line timings"
	Hint     string // "runner/workload.dialEcho · CPU per request, cumulative"
	Switches []Switch
	Search   *Search  // for the function
	Chooser  *Chooser // nil where the switches are enough
	Cells    *CellChooser
	Filter   *Filter
	FullURL  string // the page of its own; "" when this is it
	Columns  []LineColumn
	// FileOrder is the link that puts lines in the order of the file; "" where they
	// are.
	FileOrder string
	Largest   []LargestList // where no function is chosen
	Sheets    []Sheet
	Empty     string // why there are none: one sentence
	Note      string // "≈ is within sampling noise"
}

// LineColumn is one profile of [Lines].
type LineColumn struct {
	Series
	// Against heads the column of differences to the base; "" for the base.
	Against string
	// OrderURL puts the lines with the largest difference first; "" where they are.
	OrderURL string
	Ordered  bool
}

// CellChooser is a form that asks which cells stand side by side.
type CellChooser struct {
	Action  string
	Hidden  []Hidden
	Summary string // "2 of 12 cells"
	Groups  []ChoiceGroup
}

// LargestList names the functions that differ, or cost, most.
type LargestList struct {
	Label string // "Largest differences, self"
	Links []LargestLink
}

// LargestLink leads to the lines of a function.
type LargestLink struct {
	Link
	Value Difference
}

// Sheet is one function, or one file.
type Sheet struct {
	Function string // "" for a file
	URL      string // of this sheet alone; "" when it is
	File     string
	FileURL  string // of the whole file; "" when this is it, or it was not captured
	FlameURL string
	Dearer   *Link // the sheets before and after this one
	Cheaper  *Link
	Totals   []LineValue
	Diffs    []Difference // one for each column; that of the base is empty
	Rows     []LineRow
	// Note says what pprof prints where it differs: "pprof prints 280 ms: it counts
	// recursion twice".
	Note    string
	Missing string // "source not captured"
}

// LineKind is what a row of a [Sheet] is.
type LineKind string

// The kinds of rows.
const (
	SourceLine   LineKind = ""         // a line of the sheet's function
	LandmarkLine LineKind = "landmark" // where the line above leaves for the kernel or the runtime
	CallLine     LineKind = "call"     // a function that an opened line calls, or a line of it
	SelfLine     LineKind = "self"     // what an opened line costs itself
	SmallerLine  LineKind = "smaller"  // calls that are folded into one row
	FoldedLine   LineKind = "folded"   // lines without values that are left out
)

// LineRow is one row of a sheet.
type LineRow struct {
	Kind   LineKind
	Number string // "14", or "14 → 16" where the file was edited; "" for none
	Text   string
	// Callee is the function of a call, before its text.
	Callee    string
	CalleeURL string // its own sheet
	Depth     int    // of opened calls, from 1
	OpenURL   string // opens or closes it; "" for what has nothing below
	Open      bool
	DeepURL   string // opens the heaviest way down; "" for none
	FlameURL  string
	Mark      string // "+", "−": the line is only on one side
	MarkTitle string
	Hot       bool // worth looking at: drawn stronger
	Noise     bool // no difference beyond noise: grey
	Values    []LineValue
	Diffs     []Difference // one for each column; that of the base is empty
}

// LineValue is the cost of a line.
type LineValue struct {
	Text  string  // "11.8 µs"; "·" for nothing
	Error string  // "±9 %"; "" where it is not known
	Width float64 // of the bar, 0..1 of the largest on the sheet
	Title string  // flat and cum, sampling error, samples
	Noise bool    // too few samples to say: grey
}
