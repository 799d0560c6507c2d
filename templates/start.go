package templates

// StartPage is "/".
type StartPage struct {
	Chrome  Chrome
	Article ArticleForm
	Code    CodeCard
	Presets []Preset
	Form    NewForm
	Recent  []ComparisonRow
	MoreURL string // the whole list; "" when Recent is all of it
}

// ArticleForm is the button that runs the article's experiment: a POST.
type ArticleForm struct {
	Action  string
	Fields  []Hidden
	Summary string // "unix against tcp · 10 000 × dial, write, read, close · 10 rounds · about 1 min 20 s"
}

// CodeCard shows the loop that is measured. With a finished comparison each line
// has its cost per request for the two sockets of Columns.
type CodeCard struct {
	Title   string // "runner/workload/dial_echo.go"
	Columns []Series
	Unit    string // "µs", said once; "" without values
	Lines   []CodeLine
	// Source says which comparison the values are from; "" when there is none.
	Source    string
	SourceURL string
}

// CodeLine is one line of a [CodeCard].
type CodeLine struct {
	Text   Rich // Strong marks the call that is measured, Series 0
	Values []string
}

// ComparisonRow is a comparison in a list.
type ComparisonRow struct {
	ID      string
	URL     string
	Heading Rich
	State   StateView
	Ratio   *RatioBar // nil until there is a result
	Verdict string    // instead of a ratio: "no difference shown", "" for none
	Host    string
	When    string // "4 min ago"
	Exact   string // the time in full
}

// pick says what the row's box chooses.
func (r ComparisonRow) pick() string { return "Choose " + r.ID + ", " + r.Heading.Plain() }

// StateView is the state of a comparison.
type StateView struct {
	Tone  Tone   // Good: done; Busy: queued, running; Bad: failed, interrupted; Soft: canceled
	Label string // "running 43 %"
}

// ComparisonsPage is "/comparisons".
type ComparisonsPage struct {
	Chrome Chrome
	States Switch // all, running, done, failed …
	Rows   []ComparisonRow
	Pager  Pager
}
