package templates

// ProfilesPage is "/profiles": the list, the upload, and the choice of two to
// compare.
type ProfilesPage struct {
	Chrome Chrome
	Rows   []ProfileRow
	Pager  Pager
	Upload UploadForm
	Diff   DiffForm
}

// ProfileRow is a profile in the list.
type ProfileRow struct {
	ID            string
	URL           string
	Title         string
	Series        int    // colour of its socket; 0 for an upload
	Of            string // "client · go"; "" for an upload
	Comparison    string // "C-42"; "" for an upload
	ComparisonURL string
	Samples       string
	Ops           string
	Bytes         string
	When          string
	Exact         string
	DownloadURL   string
}

// UploadForm takes a profile. It is a multipart POST with the fields "profile",
// "title" and "ops".
type UploadForm struct {
	Action string
	File   Field
	Title  Field
	Ops    Field
	Limits string // "At most 64 MB. It stays on this machine until you delete it."
	Error  string
	// Command does the same from a shell.
	Command Command
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
	Flame    *Flame
	Top      *TopTable
	Lines    *Lines
	Actions  Actions
	Commands []Command
}

// DiffPage is "/diff?base=&other="; exactly one of Flame, Top, Lines and
// Waterfall is set.
type DiffPage struct {
	Chrome   Chrome
	Heading  Rich
	Base     ProfileRow
	Other    ProfileRow
	Warnings []string // what else differs: Go version, CPU, duration
	Tabs     Switch
	Modes    Switch // per op, share, cores, raw
	// Ops asks for the operations of a profile that does not know them; nil when
	// both do.
	Ops       *OpsForm
	Flame     *Flame
	Top       *TopTable
	Lines     *Lines
	Waterfall *Waterfall
	Actions   Actions
	Commands  []Command
}

// OpsForm asks how many operations ran while the profiles were taken: a GET.
type OpsForm struct {
	Action string
	Hidden []Hidden
	Base   Field
	Other  Field
	Why    string // "P-9 does not say how many operations ran while it was taken."
}
