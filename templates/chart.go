package templates

// Chart is a small picture of values: lines, points, or both. Positions go from
// 0 to 1, from the left and from the bottom.
type Chart struct {
	// Name of its file, and where that is; "" for none.
	Name, FileURL string
	Title         string
	Hint          string
	Label         string // what it shows, in a sentence, for who cannot see it
	XTicks        []Tick
	YTicks        []Tick
	Bands         []ChartBand // below the lines
	Lines         []ChartLine
	Points        []ChartPoint
	Bars          []ChartBar
	Rules         []ChartRule
	Levels        []ChartLevel
	Keys          []Series // the legend
	XTitle        string   // what the x axis counts; "" where the marks say it
	Note          Rich     // a sentence below the picture: what is to be seen in it
	Table         *ChartTable
	Empty         string // instead of a picture: "No round is finished yet."
}

// ChartBand is the area of the intervals around a curve, or around a level.
type ChartBand struct {
	Series Series
	Edge   []Place // all around, in order
}

// ChartBar is the interval of a point.
type ChartBar struct {
	X, Low, High float64
	Series       Series
}

// ChartRule is a labelled upright line.
type ChartRule struct {
	X      float64
	Label  string
	Series Series
}

// ChartLevel is a labelled horizontal line: 1 in a chart of ratios.
type ChartLevel struct {
	Y     float64
	Label string
}

// ChartTable is the figures of a chart.
type ChartTable struct {
	Head    string // of the first column: "message size"
	Columns []Series
	Rows    []ChartRow
}

// ChartRow is the figures at one place.
type ChartRow struct {
	Label   string
	Figures []string // one for each column
}

// Tick is a labelled place on an axis.
type Tick struct {
	At    float64
	Label string
}

// ChartLine is a curve through places that are in order of X.
type ChartLine struct {
	Series Series
	Places []Place
}

// Place is a point of a curve.
type Place struct{ X, Y float64 }

// ChartPoint is a dot.
type ChartPoint struct {
	X, Y   float64
	Series Series
	Title  string
	// Hidden shows the dot only to who points at it: on a curve.
	Hidden bool
}

// Breakdown shows where the CPU of one request goes, a bar for each socket on
// the same scale.
type Breakdown struct {
	// Name of its file, and where that is; "" for none.
	Name, FileURL string
	Title         string // "Where a request's client CPU goes"
	Hint          string
	Bars          []BreakdownBar
}

// BreakdownBar is one socket's bar.
type BreakdownBar struct {
	Series Series
	Total  string // "33.5 µs"
	Parts  []BreakdownPart
}

// BreakdownPart is the share of one line of the workload.
type BreakdownPart struct {
	Label string  // "net.Dial"
	Value string  // "11.8 µs"
	Width float64 // 0..1 of the longest bar
	Rest  bool    // what no line accounts for: grey
	// Shade is its colour, 1 (the strongest) to 4; 0 for the next one.
	Shade int
	Title string
	URL   string // the line; "" for none
}

// RatioBar is a ratio with its interval on a logarithmic scale that all rows of a
// list share. Make it with [NewRatioBar].
type RatioBar struct {
	Text     string // "2.10"
	Interval string // "2.05 – 2.14"
	Tone     Tone   // Better, Worse or Unclear
	One      float64
	At       float64
	Low      float64
	High     float64
}
