package web

import (
	"context"
	"fmt"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

// Bounds of the labels that a page lists.
const (
	maxLabelKeys   = 12
	maxLabelValues = 10  // of each side
	maxLabelText   = 300 // bytes of one that a link can name
	fewValues      = 6   // are shown without being asked for
)

// slices lists the labels of the panel's profiles, each value a link to the samples
// that carry it; nil where there is none.
func (s *Server) slices(ctx context.Context, p panel) (*templates.Slices, error) {
	t, err := s.labelTables(ctx, p)
	if err != nil || len(t.keys) == 0 {
		return nil, err
	}
	keys := t.keys
	v := &templates.Slices{Keys: []templates.SliceKey{}, Summary: keysInWords(keys)}
	if len(keys) > maxLabelKeys {
		v.More = fmt.Sprintf("%s more keys.", count(len(keys)-maxLabelKeys))
		keys = keys[:maxLabelKeys]
	}
	for _, key := range keys {
		v.Keys = append(v.Keys, p.sliceKey(key, t))
	}
	values := 0
	for _, k := range v.Keys {
		values += len(k.Values)
	}
	_, wrong := lookOf(p.lens.params())
	chosen := p.lens.Label != "" && wrong["label"] == ""
	v.Open = chosen || values <= fewValues
	if chosen {
		v.ClearURL = p.link(func(l *lens) { l.Label, l.At, l.From = "", 0, 0 })
	}
	return v, nil
}

// keysInWords names the first few keys.
func keysInWords(keys []string) string {
	const most = 6
	words := []string{}
	for _, k := range keys[:min(most, len(keys))] {
		words = append(words, clip(k))
	}
	if len(keys) > most {
		words = append(words, "…")
	}
	return strings.Join(words, ", ")
}

// sliceKey is one key with the values that are largest on any side.
func (p panel) sliceKey(key string, t labelTables) templates.SliceKey {
	k := templates.SliceKey{Key: clip(key), Values: []templates.SliceValue{}}
	texts, more := t.listed(key)
	shown := map[string]int{}
	for _, text := range texts {
		shown[t.value(key, text).Shown]++
	}
	for _, text := range texts {
		v := p.sliceValue(key, text, t)
		if shown[t.value(key, text).Shown] == 1 { // else only the exact one tells them apart
			v.Text = clip(first(t.value(key, text).Shown, "(empty)"))
		}
		k.Values = append(k.Values, v)
	}
	if more > 0 {
		k.More = count(more) + " more"
	}
	return k
}

func (p panel) sliceValue(key, text string, t labelTables) templates.SliceValue {
	v := templates.SliceValue{Text: clip(first(text, "(empty)")), Current: p.lens.Label == key+"="+text}
	shares, titles := []string{}, []string{}
	if t.value(key, text).Shown != text {
		titles = append(titles, clip(key)+"="+clip(text))
	}
	for i, o := range p.sides {
		value, ok := t.sides[i][key][text]
		part := "·"
		if ok {
			part = first(share(value.Total, o.total), "·")
		}
		shares = append(shares, part)
		titles = append(titles, fmt.Sprintf("%s: %s", o.series.Name, quantity.Plural(int64(value.Samples), "stack", "stacks")))
	}
	v.Share, v.Title = strings.Join(shares, " → "), strings.Join(titles, ", ")
	switch {
	case strings.Contains(key, "=") || key == "":
		v.Off = "a link cannot name a key that is empty or has = in it"
	case len(key)+len(text) > maxLabelText:
		v.Off = "it is too long for a link"
	default:
		v.URL = p.link(func(l *lens) { l.Label, l.At, l.From = key+"="+text, 0, 0 })
	}
	return v
}
