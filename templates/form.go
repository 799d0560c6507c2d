package templates

// NewComparisonPage is "/comparisons/new", and the form given back when what was
// typed cannot be run.
type NewComparisonPage struct {
	Chrome Chrome
	Form   NewForm
}

// NewForm is the form of a new comparison. Each field carries what was typed and
// the sentence about it.
type NewForm struct {
	Action      string
	Title       Field
	Workload    Field
	Sockets     Field // Options with Off for those that this host cannot open
	Base        Field
	Sizes       Field
	Concurrency Field
	Placements  Field
	Requests    Field
	Rounds      Field
	Kernel      Field
	Host        Field
	Estimate    Estimate
	// Error is a sentence about the whole form; "" when only fields are wrong.
	Error string
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
}

// Estimate says how much the form's comparison takes. The script computes it
// again while people type: runs × (PerRun + requests × PerRequest).
type Estimate struct {
	Text       string  // "2 cells + A/A · 30 runs · about 1 min 20 s"
	PerRun     float64 // seconds
	PerRequest float64 // seconds, both passes together
}

// fields in page order.
func (f NewForm) fields() []Field {
	return []Field{
		f.Title, f.Sockets, f.Workload, f.Base, f.Sizes, f.Concurrency,
		f.Requests, f.Rounds, f.Placements, f.Kernel, f.Host,
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
