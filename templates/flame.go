package templates

// FlamePage is "/comparisons/{id}/flame".
type FlamePage struct {
	Chrome  Chrome
	ID      string
	URL     string
	Heading Rich
	Flame   Flame
}

// Flame is the flame graph panel.
type Flame struct {
	Title    string // "Flame graph"
	Hint     string // "width: CPU per request of both"
	Switches []Switch
	Search   *Search
	Chooser  *Chooser // nil where the switches are enough
	Filter   *Filter
	FullURL  string // the page of its own; "" when this is it
	// Ancestors of the box that is zoomed to, root first; empty at the root.
	Ancestors []Link
	Boxes     []FlameBox
	// ZoomURL is put before each box's At: "?side=client&at=".
	ZoomURL  string
	ResetURL string // the root's view; "" at the root
	Depth    int    // rows, the deepest box's Depth + 1
	// Diff is true when colour means difference; else it means package.
	Diff   bool
	Legend Legend
	Label  string // for who cannot see it: "Differential flame graph: tcp against unix, client"
	Note   string // "1 204 smaller frames are folded into 31 boxes"
	Empty  string // why there is nothing to draw: one sentence
}

// Legend says what the colours mean.
type Legend struct {
	Less, More string // "less CPU per request over tcp", "more …"; of a difference
	Gone, New  string // "only over unix", "only over tcp"; "" when there are none
	// Packages of a single profile: the tone's number and what it stands for.
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
	Facts    string // the lines of the tooltip below the name, "\n" between them
	Fill     Fill
	New      bool // only in the other profile: dots
	Gone     bool // only in the base: hatched
	Matched  bool // by the search
	Dim      bool // there is a search and it does not match
	Smaller  int  // > 0: stands for so many smaller frames
}
