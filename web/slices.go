package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/refine"
	"github.com/sockscope/sockscope/templates"
)

// Bounds of the labels that a page lists.
const (
	maxLabelKeys   = 12
	maxLabelValues = 10
	maxLabelText   = 300 // bytes of one that a link can name
	fewValues      = 6   // are shown without being asked for
)

// slices lists the labels of the panel's profiles, each value a link to the samples
// that carry it; nil where there is none.
func (s *Server) slices(ctx context.Context, p panel) (*templates.Slices, error) {
	bySide := make([][]refine.Label, len(p.sides))
	keys := []string{}
	for i, o := range p.sides {
		labels, err := s.evidence.labels(ctx, o.opened)
		if err != nil {
			return nil, err
		}
		bySide[i] = labels
		for _, l := range labels {
			if !slices.Contains(keys, l.Key) {
				keys = append(keys, l.Key)
			}
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	slices.Sort(keys)
	v := &templates.Slices{Keys: []templates.SliceKey{}, Summary: keysInWords(keys)}
	if len(keys) > maxLabelKeys {
		v.More = fmt.Sprintf("%s more keys.", count(len(keys)-maxLabelKeys))
		keys = keys[:maxLabelKeys]
	}
	for _, key := range keys {
		v.Keys = append(v.Keys, p.sliceKey(key, bySide))
	}
	values := 0
	for _, k := range v.Keys {
		values += len(k.Values)
	}
	v.Open = p.lens.Label != "" || values <= fewValues
	if p.lens.Label != "" {
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
func (p panel) sliceKey(key string, bySide [][]refine.Label) templates.SliceKey {
	k := templates.SliceKey{Key: clip(key), Values: []templates.SliceValue{}}
	texts, more := []string{}, 0
	totals := make([]map[string]refine.Value, len(bySide))
	for i, labels := range bySide {
		totals[i] = map[string]refine.Value{}
		for _, l := range labels {
			if l.Key != key {
				continue
			}
			more = max(more, l.More)
			for _, value := range l.Values {
				totals[i][value.Text] = value
				if !slices.Contains(texts, value.Text) {
					texts = append(texts, value.Text)
				}
			}
		}
	}
	for _, text := range texts {
		k.Values = append(k.Values, p.sliceValue(key, text, totals))
	}
	if more > 0 {
		k.More = count(more) + " more"
	}
	return k
}

func (p panel) sliceValue(key, text string, totals []map[string]refine.Value) templates.SliceValue {
	v := templates.SliceValue{Text: clip(first(text, "(empty)")), Current: p.lens.Label == key+"="+text}
	shares, titles := []string{}, []string{}
	for i, o := range p.sides {
		value, ok := totals[i][text]
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

// labels are those of a whole profile, whatever is looked at of it.
func (e *evidence) labels(ctx context.Context, o opened) ([]refine.Label, error) {
	whole, err := e.profile(ctx, o.row)
	if err != nil {
		return nil, err
	}
	return cached(e.cache, fmt.Sprintf("labels %s %d", o.row.SHA256, o.sampleType), func() ([]refine.Label, int64, error) {
		labels := refine.Labels(whole, o.sampleType, maxLabelValues)
		const valueBytes = 100
		return labels, int64(len(labels)) * maxLabelValues * valueBytes, nil
	})
}
