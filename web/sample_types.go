package web

import (
	"github.com/google/pprof/profile"

	"github.com/sockscope/sockscope/templates"
)

// types switches between the sample types of all sides. What one of them does not
// have is named, and not offered.
func (p panel) types() templates.Switch {
	sw := templates.Switch{Label: "Sample type", Links: []templates.Link{}}
	base := p.sides[0]
	names := typeNames(base.decoded)
	for i, st := range base.decoded.SampleType {
		name := names[i]
		if n, err := sampleType(base.decoded, st.Type); err == nil && n == i && st.Type != "" {
			name = st.Type // as short as it is clear
		}
		link := typeLink(st)
		link.Current = i == base.sampleType
		link.URL = p.link(func(l *lens) { l.Type, l.At, l.From = name, 0, 0; l.keepMode() })
		for _, o := range p.sides[1:] {
			if _, ok := likeType(o.decoded, st); !ok {
				link.Off = o.row.ID + " does not count " + clip(names[i])
			}
		}
		sw.Links = append(sw.Links, link)
	}
	for _, o := range p.sides[1:] {
		for i, st := range o.decoded.SampleType {
			if _, ok := likeType(base.decoded, st); !ok {
				link := typeLink(st)
				link.Off = base.row.ID + " does not count " + clip(typeNames(o.decoded)[i])
				sw.Links = append(sw.Links, link)
			}
		}
	}
	return sw
}

// keepMode leaves the mode out where the next sample type may not have it.
func (l *lens) keepMode() {
	if l.Mode != Share && l.Mode != Raw {
		l.Mode = ""
	}
}

func typeLink(st *profile.ValueType) templates.Link {
	return templates.Link{Label: clip(spaced(first(st.Type, "no name"))), Title: "counted in " + clip(first(st.Unit, "no unit"))}
}

// likeType finds the sample type that counts the same as t: of its name, in a unit that
// can be converted.
func likeType(p *profile.Profile, t *profile.ValueType) (int, bool) {
	found := -1
	for i, st := range p.SampleType {
		if *st == *t {
			return i, true
		}
		if _, ok := inUnitOf(st.Unit, t.Unit); ok && found < 0 && st.Type == t.Type {
			found = i
		}
	}
	return found, found >= 0
}

// typesOf are the sample types by which two profiles are compared, as links name
// them: those that asked names; else the default of the other and what the base has
// like it, else the last that both have. Where they have none in common each shows
// its own.
func typesOf(base, other *profile.Profile, asked string) [2]string {
	bases, others := typeNames(base), typeNames(other)
	if asked != "" {
		if i, err := sampleType(base, asked); err == nil {
			if k, ok := likeType(other, base.SampleType[i]); ok {
				return [2]string{bases[i], others[k]}
			}
		} else if k, err := sampleType(other, asked); err == nil {
			if i, ok := likeType(base, other.SampleType[k]); ok {
				return [2]string{bases[i], others[k]}
			}
		}
		return [2]string{asked, asked} // one of them says that it has none
	}
	k, err := sampleType(other, "")
	if err != nil {
		return [2]string{}
	}
	for _, k := range append([]int{k}, backwards(len(others))...) {
		if i, ok := likeType(base, other.SampleType[k]); ok {
			return [2]string{bases[i], others[k]}
		}
	}
	return [2]string{}
}

// backwards are the numbers below n, the largest first.
func backwards(n int) []int {
	list := make([]int, 0, n)
	for i := range n {
		list = append(list, n-1-i)
	}
	return list
}
