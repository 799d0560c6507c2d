package templates

import "strconv"

// Matrix is one metric of a comparison of many cells: a column for each socket, a
// row for each size, concurrency, placement and host.
type Matrix struct {
	Title   string
	Hint    string
	Metrics []Link   // the metrics to choose from, one of them current
	Head    string   // of the rows: "messages, connections"
	Columns []Series // sockets; empty where Heads are the columns
	Heads   []string // metrics
	Rows    []MatrixRow
	Note    string // what the colours and the grey mean
	Family  string // "p-values are adjusted for 24 ratios"; "" for nothing to say
}

// MatrixRow is one size, concurrency, placement and host.
type MatrixRow struct {
	Label   string
	Socket  *Series // instead of Label, where a row is a socket
	URL     string  // of the page with this row's figures; "" for none
	Current bool    // its figures are below
	Cells   []MatrixCell
}

// MatrixCell is how one cell compares with the base of its row.
type MatrixCell struct {
	Text     string // "1.73×"; the figure itself in the base's column; "n/a"
	Interval string // "1.61 – 1.80"; "" for none
	Title    string
	NA       string // why it is not measured
	Plain    bool   // the base's figure
	Compared bool   // it is one that can be told to differ, or not to
	Clear    bool   // a difference is shown; grey otherwise
	Strength float64
}

// steps is how many colours there are in each direction.
const steps = 5

// heat is the class of a cell's colour.
func (c MatrixCell) heat() string {
	switch {
	case c.NA != "":
		return "Matrix-na"
	case c.Plain:
		return "Matrix-base"
	case !c.Clear:
		return "Matrix-unclear"
	}
	n := min(steps, int(abs(c.Strength)*steps)+1)
	if c.Strength < 0 {
		return "Heat Heat--l" + strconv.Itoa(n)
	}
	return "Heat Heat--m" + strconv.Itoa(n)
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

// Chooser lets people choose two cells among many: a GET form.
type Chooser struct {
	Action string
	Anchor string
	Name   string // unique on the page
	Hidden []Hidden
	Base   Choice
	Other  Choice
}

// Choice is one of the lists of a [Chooser].
type Choice struct {
	Name   string // of the parameter
	Label  string
	Groups []ChoiceGroup
}

// ChoiceGroup is the cells of one size, concurrency, placement and host.
type ChoiceGroup struct {
	Label   string // "" for none
	Options []ChoiceOption
}

// ChoiceOption is one cell.
type ChoiceOption struct {
	Value   string
	Label   string
	Detail  string // what is said behind the label, so that the closed list tells it
	Current bool
}

func (o ChoiceOption) text() string {
	if o.Detail == "" {
		return o.Label
	}
	return o.Label + " · " + o.Detail
}

func (c Chooser) action() string {
	if c.Anchor == "" {
		return c.Action
	}
	return c.Action + "#" + c.Anchor
}

// NotMeasured is cells that are not measured, with one reason for all of them.
type NotMeasured struct {
	Cells  []Series
	More   string // "and 12 more"; "" for none
	Where  string // "on arm-box"; "" where it is so on every host
	Reason string
}

// HostPart is what one host does of a comparison.
type HostPart struct {
	Host        string
	URL         string // of the page of hosts; "" for no link
	State       StateView
	Done, Total int
	Left        string   // "13 of 30 runs"
	Now         string   // "waiting: it is offline, last seen 3 min ago"; "" for nothing to say
	Fingerprint []string // "AMD EPYC, 4 CPUs", "Linux 6.18"
	Failure     string
	Differences []HostDifference // from the first host, those that matter most
	Unlike      int              // how many there are in all; 0 where all are listed
}

// HostDifference is one line of a fingerprint in which two hosts differ.
type HostDifference struct {
	Name    string
	First   string
	This    string
	Matters string // why it is worth knowing; "" where that is not known
}

// unlike says in how much a host differs from the first.
func (p HostPart) unlike() string {
	switch n := len(p.Differences); {
	case n < p.Unlike:
		return strconv.Itoa(n) + " of " + strconv.Itoa(p.Unlike) + " differences from the first host"
	case n == 1:
		return "1 difference from the first host"
	default:
		return strconv.Itoa(n) + " differences from the first host"
	}
}
