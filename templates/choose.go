package templates

// ChoosePage is "/choose": which socket suits a case, as far as this host measured.
type ChoosePage struct {
	Chrome  Chrome
	Presets []Preset
	Form    ChooseForm
	// Answer is nil while a field is wrong.
	Answer *ChooseAnswer
}

// ChooseForm asks for the case. It is a GET: the address is the case.
type ChooseForm struct {
	Action  string
	Hidden  []Hidden // the comparison that somebody came from
	Who     Field
	Access  Field
	Size    Field
	Rate    Field
	Dials   Field
	Carries Field
	TLS     Field
	Host    Field // no Options where there is one host only
	Error   string
}

// Wrong lists the fields with a sentence, in page order.
func (f ChooseForm) Wrong() []Field {
	wrong := []Field{}
	for _, field := range []Field{f.Who, f.Access, f.Size, f.Rate, f.Dials, f.Carries, f.TLS, f.Host} {
		if field.Error != "" {
			wrong = append(wrong, field)
		}
	}
	return wrong
}

// ChooseAnswer is what can be said.
type ChooseAnswer struct {
	Case     []string // the case in words
	Figure   string   // "0.84", "≈", "–": what stands in large
	Caption  []string // under it, a line each
	Sentence Rich
	Facts    []Rich
	Notices  []Notice
	// Measure are links to the form of a comparison that would answer.
	Measure []ChooseMeasure

	Sockets  []ChooseSocket // those that can be used
	Out      []ChooseOut    // those that cannot
	CoreHead string         // head of the column of costs: "at 20 000 requests/s"
	// Bars are empty where nothing was measured.
	Bars       []ChooseBar
	BarsHint   string
	Conditions []string
	Evidence   []ChooseEvidence
	Limits     []ChooseLimit
}

// measured reports whether the table has columns of figures.
func (a ChooseAnswer) measured() bool { return len(a.Bars) > 0 }

// ChooseMeasure is a comparison that would answer, not started yet.
type ChooseMeasure struct {
	Label   string // "unix, tcp4 · dial, write, read, close · 1 KiB · about 2 min"
	URL     string
	Primary bool // nothing near was measured, so it is what to do next
}

// ChooseSocket is a socket that can be used.
type ChooseSocket struct {
	Series  Series
	State   StateView // "recommended", "fits", "fits, if"
	Reasons []string
	Chosen  bool
	// What was measured; the texts are empty where it was not, and None says why.
	Latency Value
	CPU     Value
	Cores   Value
	More    Difference
	None    string
}

// ChooseOut is sockets that cannot be used, for one reason.
type ChooseOut struct {
	Sockets []string
	Reason  string
}

// ChooseBar is what the requests cost over one socket, on a scale that the bars share.
type ChooseBar struct {
	Series Series
	Client ChoosePiece
	Server ChoosePiece
	Low    float64 // of the interval of both together
	High   float64
	Total  string // "1.43 ± 0.03"
	Label  string // the whole bar, for who cannot see it
}

// ChoosePiece is a part of a bar.
type ChoosePiece struct {
	Left  float64
	Width float64
	Side  string // "client"
	Text  string // "0.67"
}

// labels are the texts of a piece, for a wide bar and for narrower ones.
func (p ChoosePiece) labels() []fitted {
	return fits(p.Width, p.Side+" "+p.Text, p.Text)
}

// ChooseEvidence is the comparison that answers for requests of one kind.
type ChooseEvidence struct {
	Title string // "unix vs tcp4 — dial, write, read, close"
	ID    string
	URL   string
	Near  string // "near: messages of 5 B instead of 64 B"
	Facts []Fact
}

// ChooseLimit is one thing that the figures do not say.
type ChooseLimit struct {
	Topic string
	Lines []ChooseLine
}

// ChooseLine is a sentence about some sockets, with where it is from.
type ChooseLine struct {
	Sockets  []Series
	Sentence string
	Sources  []ChooseSource
}

// ChooseSource says where a sentence is from.
type ChooseSource struct {
	Text string
	Code bool   // a setting or a command
	URL  string // where it can be read; "" for nowhere
}
