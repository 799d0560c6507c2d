package templates

// BesidePage is "/comparisons/{id}/beside": two comparisons side by side.
type BesidePage struct {
	Chrome Chrome
	ID     string
	URL    string // of the comparison
	A, B   BesideSide
	// Choose picks the other comparison: a GET of Action with "other".
	Action string
	Choose Field
	// Warnings say why the two are not to be compared without a look.
	Warnings []string
	// Differences of the machines; nil when there is none, or when it is not known.
	Differences *Differences
	Metrics     Switch
	Metric      string // in words: "Latency p50"
	Hint        string // what stands behind each figure
	Rows        []BesideRow
	// Left are sentences about the cells that only one of them has.
	Left []string
}

// BesideSide is one of the two. An empty ID is one that is not chosen yet.
type BesideSide struct {
	ID      string
	URL     string
	Heading Rich
	Facts   []string // state, host, time
}

// BesideRow is a cell that both have measured.
type BesideRow struct {
	Cell   string // "unix, 64 B, 4 connections, split"
	A, B   string
	SpanA  string // "11.2 – 12.0", the interval over the rounds; "" for none
	SpanB  string
	Ratio  string // B ÷ A
	Exact  string // the ratio and values in full
	NoteAB string // why there is no ratio
}
