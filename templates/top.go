package templates

// TopPage is "/comparisons/{id}/top".
type TopPage struct {
	Chrome  Chrome
	ID      string
	URL     string // of the comparison
	Heading Rich
	Views   Switch // the other views of the same profiles
	Top     TopTable
}

// TopTable lists functions by cost: flat and cum of each profile and, of each but
// the first, the differences to the first.
type TopTable struct {
	Hint     string
	Switches []Switch
	Search   *Search
	Chooser  *Chooser // nil where the switches are enough
	Filter   *Filter  // what of the profiles is looked at; nil for none
	// Name heads the column of functions; groups head the other columns, each group
	// over as many Heads as it spans.
	Name   TopHead
	Groups []TopGroup
	Heads  []TopHead
	Total  *TopRow // of all functions; nil for none
	Rows   []TopRow
	Empty  string
	More   string // "200 of 2 437 functions are shown"
	// MoreURL shows more of them; "" when all are shown. MoreLabel is its text.
	MoreURL, MoreLabel string
}

// TopGroup is the columns of one profile, or of its difference.
type TopGroup struct {
	Series Series
	Minus  *Series // of a difference: what is subtracted
	Span   int
}

// TopHead heads a column.
type TopHead struct {
	Label string // "flat"
	Title string
	URL   string // sorts by this column, the other way when it is sorted by it
	// Sort is the column's aria-sort: "ascending", "descending", "other" (by the size
	// of differences, whatever their sign); "" for not by this one.
	Sort string
}

// TopRow is one function of a [TopTable].
type TopRow struct {
	Function string
	URL      string // its lines
	PivotURL string // who calls it, and what it calls
	Cells    []TopCell
}

// TopCell is a figure of a [TopRow].
type TopCell struct {
	Text   string
	Tone   Tone    // of a difference; Unclear for what few samples carry
	Width  float64 // of a bar beside it; 0 for none
	Series int     // the bar's colour
	Title  string
}

// arrow shows the order of a column.
func (h TopHead) arrow() string {
	switch h.Sort {
	case "ascending":
		return " ↑"
	case "descending":
		return " ↓"
	case "other":
		return " ↕"
	}
	return ""
}

func (g TopGroup) span() string { return itoa(max(g.Span, 1)) }
