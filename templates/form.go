package templates

// NewComparisonPage is "/comparisons/new", and the form given back when what was
// typed cannot be run.
type NewComparisonPage struct {
	Chrome  Chrome
	Presets []Preset
	Form    NewForm
}

// Preset is a link that fills in the form.
type Preset struct {
	Label   string
	Note    string // "six rounds over eleven sockets"
	URL     string
	Current bool // the form is filled in so
}

// NewForm is the form of a new comparison. Each field carries what was typed and
// the sentence about it.
type NewForm struct {
	Action string
	// CheckURL answers to the form as a GET: the same page with its plan.
	CheckURL    string
	Title       Field
	Workload    Field
	Sockets     Field // Options with Note for those that a host cannot open
	Base        Field
	Sizes       Field
	Concurrency Field
	Placements  Field
	Requests    Field
	Grade       Field // the named choices of rounds
	Rounds      Field // a number of one's own; empty when Grade says it
	Hosts       Field // no Options where there is one host only
	Variants    Field
	Rate        Field
	Budget      Field
	Ports       Field
	Kernel      Field
	// More shows the fields that most people leave alone.
	More bool
	Plan Plan
	// Error is a sentence about the whole form; "" when only fields are wrong.
	Error string
}

// Plan is what the form would do: said before anything starts.
type Plan struct {
	Text string // "2 cells + A/A · 30 runs · about 1 min 20 s"
	// Notes are sentences about the plan: the time budget, the hosts.
	Notes []string
	// Skipped are the cells that are not measured.
	Skipped []Skipped
	// Checked is set when the plan is what was asked for: it is the page's answer.
	Checked bool
}

// Skipped are cells that a plan leaves out for one reason.
type Skipped struct {
	Cells  string // "socketpair, vsock"
	Reason string // as a sentence
}

// Field is one field of a form.
type Field struct {
	Name    string // of the parameter; the element's id is "field-" + Name
	Label   string
	Value   string // as typed
	Hint    string
	Error   string
	Options []Option // of a select or of check boxes
}

// ID of the element that the error summary leads to.
func (f Field) ID() string { return "field-" + f.Name }

// HintID is the id of the field's hint and sentence.
func (f Field) HintID() string { return "hint-" + f.Name }

// Option is one choice of a [Field].
type Option struct {
	Value    string
	Label    string
	Selected bool
	Off      string // why it cannot be chosen
	// Note is a sentence about what choosing it leads to; "" for none.
	Note string
}

// noted are the options with a note.
func (f Field) noted() []Option {
	noted := []Option{}
	for _, o := range f.Options {
		if o.Note != "" {
			noted = append(noted, o)
		}
	}
	return noted
}

// fields in page order.
func (f NewForm) fields() []Field {
	return []Field{
		f.Sockets, f.Workload, f.Base, f.Sizes, f.Concurrency, f.Rounds, f.Requests, f.Hosts,
		f.Placements, f.Variants, f.Rate, f.Budget, f.Ports, f.Kernel, f.Title,
	}
}

// Wrong lists the fields with a sentence, in page order.
func (f NewForm) Wrong() []Field {
	wrong := []Field{}
	for _, field := range f.fields() {
		if field.Error != "" {
			wrong = append(wrong, field)
		}
	}
	return wrong
}

// text of an option; a select cannot strike out, so the reason stands in it.
func (o Option) text() string {
	if o.Off == "" {
		return o.Label
	}
	return o.Label + " — " + o.Off
}
