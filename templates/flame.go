package templates

// FlamePage is "/comparisons/{id}/flame".
type FlamePage struct {
	Chrome  Chrome
	ID      string
	URL     string
	Heading Rich
	Views   Switch // the other views of the same profiles
	Flame   Flame
}

// Flame is the flame graph panel.
type Flame struct {
	Title    string   // "Flame graph"
	Hint     string   // "width: CPU per request of both"
	Switches []Switch // which profiles, in which figures
	Options  []Switch // how they are drawn
	Search   *Search
	Chooser  *Chooser // nil where the switches are enough
	Filter   *Filter
	FileURL  string // the graph as a picture; "" for none
	FullURL  string // the page of its own; "" when this is it
	// Ancestors of the box that is zoomed to, root first; empty at the root.
	Ancestors []Link
	Boxes     []FlameBox
	// ZoomURL is put before each box's At: "?side=client&at=". LinesURL and PivotURL
	// are put before the pattern and the name of a function; "" for no such view.
	ZoomURL, LinesURL, PivotURL string
	ResetURL                    string // the root's view; "" at the root
	Depth                       int    // rows, the deepest box's Depth + 1
	Flip                        bool   // the root stands below
	// Caption heads one graph of a pair; Pair is the graph below it.
	Caption *FlameCaption
	Pair    *Flame
	// Diff is true when colour means difference; else Legend.Packages says what.
	Diff     bool
	Legend   Legend
	Selected *FlameCard  // the frame that is zoomed to
	Table    *FlameTable // what is drawn, in words
	Label    string      // for who cannot see it: "Differential flame graph: tcp against unix, client"
	Note     string      // "1 204 smaller frames are folded into 31 boxes"
	Empty    string      // why there is nothing to draw: one sentence

	// Scripted is how wide the graph is on the page that asked for it alone, in pixels;
	// 0 for a whole page. A script shows the facts of frames, so they stand in labels and
	// not in titles: a browser builds a third of the elements less.
	Scripted int
	// Drawn are the shapes and facts, "shape.facts", of the graphs that the script has: of
	// such a shape it is told only what the frames mean, not where they are; with the same
	// facts only their colours.
	Drawn []string

	marked bool // the page has the patterns of new and gone frames already
}

// FlameChoices are those beside the graph of profiles, which a comparison's page has
// not.
type FlameChoices struct {
	Tabs, Types, Modes Switch
	Labels             *Slices
}

// below is the second graph of a pair.
func (v Flame) below() Flame {
	v.marked = true
	return v
}

// Legend says what the colours mean.
type Legend struct {
	Less, More string // "less CPU per request over tcp", "more …"; of a difference
	Gone, New  string // "only over unix", "only over tcp"; "" when there are none
	// Packages, or layers: the colour and what it stands for.
	Packages []LegendKey
}

// LegendKey is one colour of a single profile.
type LegendKey struct {
	Fill  Fill
	Label string
}

// FlameBox is one frame.
type FlameBox struct {
	X, Width float64 // 0..1 of the graph's width
	Depth    int
	At       string // what the link ends in; "" for a box without a link
	Name     string
	Full     string // the whole name where Name is a part of it
	Facts    string // the lines of the tooltip below the name, "\n" between them
	Fill     Fill
	New      bool // only in the other profile: dots
	Gone     bool // only in the base: hatched
	Matched  bool // by the search
	Dim      bool // there is a search and it does not match
	Smaller  int  // > 0: stands for so many smaller frames
}

// FlameCaption says whose graph it is.
type FlameCaption struct {
	Series Series
	Total  string // "57.3 µs"
	Absent string // why there is nothing: "unix has no such frame"
}

// FlameCard is one frame in words.
type FlameCard struct {
	Name  string // whole
	What  string // a sentence on what it is; "" for a plain function
	Facts []Fact
	Noise string // "within sampling noise"
	Links []Link // lines, callers and callees, focus, hide
}

// FlameTable has the heaviest frames that are drawn.
type FlameTable struct {
	Caption string
	Later   bool // the script asks for the rows when the table is unfolded
	Columns []Series
	Against string // heads the differences; "" for one profile
	Rows    []FlameRow
}

// FlameRow is one frame.
type FlameRow struct {
	Name, URL string // URL zooms to it
	Depth     int    // below the frame that is zoomed to
	Values    []FlameValue
	Diff      Difference
}

// FlameValue is what one side spends in a frame.
type FlameValue struct{ Total, Self, Samples string }
