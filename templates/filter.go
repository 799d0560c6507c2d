package templates

// Filter asks what of the profiles a panel looks at: a GET form, closed while
// nothing is chosen.
type Filter struct {
	Action string
	Name   string // of the panel, for the elements' ids
	Hidden []Hidden
	Fields []FilterField
	// Active are the choices that are made; each link takes one back.
	Active   []Link
	ResetURL string // takes all back; "" while there are none
	Left     string // "37.2 % of unix and 40 % of tcp are looked at"; "" for all
}

// FilterField is one pattern of a [Filter].
type FilterField struct {
	Name  string // of the parameter
	Label string
	Hint  string // what it leaves
	Value string
	Error string
}

func (f Filter) open() bool {
	for _, field := range f.Fields {
		if field.Error != "" {
			return true
		}
	}
	return false
}

func (f Filter) id(field FilterField, what string) string {
	return "filter-" + f.Name + "-" + field.Name + what
}
