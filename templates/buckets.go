package templates

// Buckets says what a request's CPU time goes to, down to the kernel: a bar for each
// socket, and the same figures as a table.
type Buckets struct {
	Title    string // "Where the request really goes"
	Hint     string
	Switches []Switch
	FileURL  string // the bars as a file; "" for none
	Bars     []BreakdownBar
	Columns  []Series
	// Against heads the columns of differences; with Within each difference stands below
	// the value that it is of, for many columns.
	Against []string
	Within  bool
	Rows    []BucketRow
	Total   BucketRow
	// Notes limit what is shown: how much of the system time was sampled, and how far
	// the stacks can be believed.
	Notes []Rich
	Note  string // how the figures are read
}

// BucketRow is one kind of work.
type BucketRow struct {
	Label   string
	Explain string // one sentence; "" for none
	Of      bool   // a part of the row above, which the total counts there
	Values  []Value
	Diffs   []Difference // one for each column but the first
}

// explained are the rows that say what they hold.
func (b Buckets) explained() []BucketRow {
	out := []BucketRow{}
	for _, r := range b.Rows {
		if r.Explain != "" {
			out = append(out, r)
		}
	}
	return out
}
