package templates

// WaterfallPage is "/comparisons/{id}/waterfall".
type WaterfallPage struct {
	Chrome    Chrome
	ID        string
	URL       string // of the comparison
	Heading   Rich
	Views     Switch // the other views of the same profiles
	Waterfall Waterfall
}

// Waterfall is the panel that explains a difference step by step: one [Fall] for
// each cell that is compared with the base.
type Waterfall struct {
	Title    string // "Where the difference comes from"
	Hint     string
	Switches []Switch
	Search   *Search  // for the function whose calls are the steps
	Chooser  *Chooser // nil where the switches are enough
	Filter   *Filter  // what of the profiles is looked at; nil for none
	FullURL  string   // the page of its own; "" when this is it
	FileURL  string   // the picture as a file; "" for none
	Falls    []Fall
	Empty    string // why there are none: one sentence
	Note     string
}

// Fall is one waterfall: a table whose rows carry the bars. Places go from 0 to 1.
type Fall struct {
	Caption string // "tcp4 against unix, client"
	Head    string // of the steps: "line of DialEcho", "function"
	Base    Series
	Other   Series
	Ticks   []Tick
	Start   FallEnd
	Steps   []FallStep
	End     FallEnd
	// Sum says it in one line: "Dial +29.1, Write +8.8, … = +49.6 µs".
	Sum Rich
	// Total is the difference that the steps add up to.
	Total      Difference
	TotalError string
}

// FallEnd is the first or the last row: the whole of the base, or of the other.
type FallEnd struct {
	Text  string
	Zero  float64 // where its bar begins
	At    float64
	Title string
}

// FallStep is one step.
type FallStep struct {
	Label string
	Where string // below the label: "client, line 14"
	URL   string // the line, or the function's lines; "" for none
	// Into leads from a function to what it calls, or to who calls it; "" for none.
	Into, IntoLabel string
	Base            string
	Other           string
	From            float64
	To              float64
	Diff            Difference // Unclear within noise
	Error           string     // "±4.2"; "" for unknown
	Share           string     // of the whole difference; "" where that is noise
	Title           string
}

// left is where a bar begins.
func (s FallStep) left() float64 { return min(s.From, s.To) }

func (s FallStep) width() float64 { return max(s.From, s.To) - s.left() }

func (s FallStep) class() string {
	if s.Diff.Tone == "" {
		return "Waterfall-step"
	}
	return "Waterfall-step Waterfall-step--" + string(s.Diff.Tone)
}

func (e FallEnd) left() float64 { return min(e.Zero, e.At) }

func (e FallEnd) width() float64 { return max(e.Zero, e.At) - e.left() }
