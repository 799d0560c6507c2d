package templates

// ProfilesPage is "/profiles": the list, the upload, and the choice of two to
// compare.
type ProfilesPage struct {
	Chrome Chrome
	Find   Find
	Rows   []ProfileRow
	Empty  string // what is said where there is no row
	Pager  Pager
	Upload UploadForm
	Diff   DiffForm
}

// Find searches a list of profiles: a GET with the parameter "q".
type Find struct {
	Action   string
	Name     string // of the list, for the field's id
	Hidden   []Hidden
	Query    string
	ClearURL string // the whole list again; "" where nothing is searched for
}

// ProfileRow is a profile in the list.
type ProfileRow struct {
	ID            string
	URL           string
	Title         string
	Series        int    // colour of its socket; 0 for an upload
	Of            string // "client · go · cpu", of an upload what it counts
	Comparison    string // "C-42"; "" for an upload
	ComparisonURL string
	Samples       string
	Ops           string
	Bytes         string
	When          string
	Exact         string
	DownloadURL   string
}

// UploadForm takes profiles. It is a multipart POST with the fields "profile", one or
// several, "title" and "ops", and "base" for one to compare with. Files that are
// dropped on a page that shows it are sent by it.
type UploadForm struct {
	Action string
	File   Field
	Title  Field
	Ops    Field
	Base   string // id of the profile that an upload is compared with; "" for none
	// Terms are sentences on where the data lives, who sees it and how to delete it.
	Terms []string
	Error string
	// Commands do the same from a shell.
	Commands []Command
}

// Wrong lists the fields with a sentence.
func (f UploadForm) Wrong() []Field {
	wrong := []Field{}
	for _, field := range []Field{f.File, f.Title, f.Ops} {
		if field.Error != "" {
			wrong = append(wrong, field)
		}
	}
	return wrong
}

// DiffForm chooses two profiles: a GET of "/diff".
type DiffForm struct {
	Action string
	Base   Field // Options
	Other  Field
	AllURL string // chooses from all profiles, not only those that the page lists
}

// TwoPage is "/diff" before two profiles are chosen.
type TwoPage struct {
	Chrome Chrome
	// Unlike says why two that were chosen cannot be compared, with a link to each;
	// nil for nothing of that kind.
	Unlike *Unlike
	Pick   Pick
	Upload UploadForm
}

// Unlike are two profiles that count different things.
type Unlike struct {
	Sentence string
	Sides    [2]ProfileRow
}

// Pick chooses one of two profiles to compare: each row's link is the next step.
type Pick struct {
	Title string // "Compare P-73 with"
	Hint  string
	Find  Find
	Types []Link // those that count the same as the one that is chosen, or all; none for no choice
	Rows  []ProfileRow
	Empty string
	Pager Pager
}

// ProfilePage is "/profiles/{id}"; exactly one of Flame, Top and Lines is set.
type ProfilePage struct {
	Chrome   Chrome
	ID       string
	Heading  Rich
	Meta     []string
	Facts    []Fact
	Notices  []Notice
	Tabs     Switch // flame, top, lines
	Types    Switch // sample types
	Modes    Switch // per op, share, cores, raw
	Labels   *Slices
	Ops      *OpsForm
	Flame    *Flame
	Top      *TopTable
	Lines    *Lines
	Actions  Actions
	Commands []Command
}

// DiffSide is a profile of a difference, with what it sums to as recorded: "960 MiB
// inuse space, +900 %", "1 200 samples".
type DiffSide struct {
	ProfileRow
	Facts []string
}

// DiffPage is "/diff?base=&other="; exactly one of Flame, Top, Lines and
// Waterfall is set.
type DiffPage struct {
	Chrome   Chrome
	Heading  Rich
	Base     DiffSide
	Other    DiffSide
	SwapURL  string   // the other way round
	Warnings []string // what else differs: Go version, CPU, duration
	Tabs     Switch
	Types    Switch // sample types that both have
	Modes    Switch // per op, share, cores, raw
	Labels   *Slices
	// Ops asks for the operations of a profile that does not know them; nil when
	// there is nothing to ask.
	Ops       *OpsForm
	Flame     *Flame
	Top       *TopTable
	Lines     *Lines
	Waterfall *Waterfall
	Actions   Actions
	Commands  []Command
}

// OpsForm asks how many operations ran while the profiles were taken: a GET, or
// where KeepAction is set a POST that keeps them.
type OpsForm struct {
	Action string
	Hidden []Hidden
	Fields []Field
	Why    string // "P-9 does not say how many operations ran while it was taken."
	// Operation is what ran: "request", "operation".
	Operation string
	// Known is true where they are known, and may be corrected.
	Known      bool
	KeepAction string
}

// Slices are the labels of profiles, each value a link to the samples with it.
type Slices struct {
	Summary  string // the keys, in words
	Open     bool   // shown without being asked for: few values, or one is chosen
	Keys     []SliceKey
	More     string // "3 more keys."; "" for none
	ClearURL string // all samples again; "" when no label is chosen
}

// SliceKey is one label.
type SliceKey struct {
	Key    string
	Values []SliceValue
	More   string // "12 more"; "" for none
}

// SliceValue is one value of a label.
type SliceValue struct {
	Text    string
	Share   string // "12 %", of two profiles "12 % → 15 %"
	Title   string
	URL     string
	Off     string // why there is no link
	Current bool
}
