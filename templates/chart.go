package templates

// Chart is a small picture of values: lines, points, or both. Positions go from
// 0 to 1, from the left and from the bottom.
type Chart struct {
	Title  string
	Hint   string
	Label  string // what it shows, in a sentence, for who cannot see it
	XTicks []Tick
	YTicks []Tick
	Lines  []ChartLine
	Points []ChartPoint
	Keys   []Series // the legend
	Empty  string   // instead of a picture: "No round is finished yet."
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
}

// Breakdown shows where the CPU of one request goes, a bar for each socket on
// the same scale.
type Breakdown struct {
	Title string // "Where a request's client CPU goes"
	Hint  string
	Bars  []BreakdownBar
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
