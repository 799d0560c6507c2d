package web

import (
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/templates"
)

// filter is the form that asks what of the panel's profiles is looked at.
func (p panel) filter() *templates.Filter {
	_, wrong := lookOf(p.lens.params())
	f := &templates.Filter{Action: p.path, Name: p.anchor, Hidden: p.hidden(append(lookFields[:], "label")...), Active: []templates.Link{}}
	if f.Name == "" {
		f.Name = "page"
	}
	if p.anchor != "" {
		f.Action += "#" + p.anchor
	}
	for i, t := range [...]struct{ label, hint string }{
		{"Focus", "only samples that go through it"},
		{"Ignore", "no samples that go through it"},
		{"Hide", "frames that are left out of stacks"},
		{"Show from", "stacks begin at it"},
	} {
		name := lookFields[i]
		field := templates.FilterField{Name: name, Label: t.label, Hint: t.hint, Value: *p.lens.look(name), Error: wrong[name]}
		f.Fields = append(f.Fields, field)
		if field.Value != "" && field.Error == "" {
			f.Active = append(f.Active, p.taken(name, strings.ToLower(t.label)+" "+clip(field.Value)))
		}
	}
	if p.lens.Label != "" { // labels are chosen by their links: a field stands only for one that is chosen
		field := templates.FilterField{Name: "label", Label: "Label", Hint: "only samples that carry it", Value: p.lens.Label, Error: wrong["label"]}
		f.Fields = append(f.Fields, field)
		if field.Error == "" {
			f.Active = append(f.Active, p.taken("label", clip(p.lens.Label)))
		}
	}
	if len(f.Active) > 0 {
		f.ResetURL, f.Left = p.link(func(l *lens) { l.unlook() }), p.left()
	}
	return f
}

// taken is a choice that is made, with the link that takes it back.
func (p panel) taken(name, label string) templates.Link {
	return templates.Link{Label: label, Title: "take this back", URL: p.link(func(l *lens) { *l.look(name), l.At, l.From = "", 0, 0 })}
}

// left says how much of each profile is looked at.
func (p panel) left() string {
	parts := []string{}
	for _, o := range p.sides {
		part := "nothing"
		if len(o.decoded.Sample) > 0 {
			part = first(share(listing.Total(o.decoded, o.sampleType), o.total), part)
		}
		parts = append(parts, part+" of "+o.series.Name)
	}
	return strings.Join(parts, ", ")
}

// look is the lens's text of this name; the name must be one of the look's.
func (l *lens) look(name string) *string {
	for _, t := range l.texts() {
		if t.name == name {
			return t.to
		}
	}
	return new(string)
}

// unlook looks at everything again.
func (l *lens) unlook() {
	for _, name := range lookFields {
		*l.look(name) = ""
	}
	l.Label, l.At, l.From = "", 0, 0
}
