package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sockscope/sockscope/profiles/refine"
)

// labelTables are the labels of a panel's profiles, put side by side.
type labelTables struct {
	keys []string // of all sides, sorted
	tops [][]refine.Label
	// sides have the values that are listed, by key and text: those that are among the
	// largest of any side, from all sides.
	sides []map[string]map[string]refine.Value
}

// labelTables reads the labels of the panel's profiles. What is large on one side may
// be small on the other, so the other is asked for it and not only for its largest.
func (s *Server) labelTables(ctx context.Context, p panel) (labelTables, error) {
	t := labelTables{tops: make([][]refine.Label, len(p.sides)), sides: make([]map[string]map[string]refine.Value, len(p.sides))}
	names := []string{}
	for i, o := range p.sides {
		var err error
		if t.tops[i], err = s.evidence.labels(ctx, o.opened); err != nil {
			return t, err
		}
		for _, l := range t.tops[i] {
			t.keys = append(t.keys, l.Key)
		}
		names = append(names, fmt.Sprintf("%s %d", o.row.SHA256, o.sampleType))
	}
	slices.Sort(t.keys)
	t.keys = slices.Compact(t.keys)
	wanted := map[string]map[string]bool{}
	for _, key := range t.keys[:min(maxLabelKeys, len(t.keys))] {
		wanted[key] = map[string]bool{}
		texts, _ := t.listed(key)
		for _, text := range texts {
			wanted[key][text] = true
		}
	}
	for i, o := range p.sides {
		var err error
		if t.sides[i], err = s.evidence.labelValues(ctx, o.opened, strings.Join(names, " "), wanted); err != nil {
			return t, err
		}
	}
	return t, nil
}

// listed are the values of a key that are among the largest of any side, and how many
// more a side has.
func (t labelTables) listed(key string) (texts []string, more int) {
	total := make([]int, len(t.tops))
	for i, labels := range t.tops {
		for _, l := range labels {
			if l.Key != key {
				continue
			}
			total[i] = len(l.Values) + l.More
			for _, v := range l.Values {
				if !slices.Contains(texts, v.Text) {
					texts = append(texts, v.Text)
				}
			}
		}
	}
	for i, values := range t.sides {
		more = max(more, total[i]-len(values[key]))
	}
	return texts, more
}

// value is one of a key's listed values, as some side has it.
func (t labelTables) value(key, text string) refine.Value {
	for _, values := range t.sides {
		if v, ok := values[key][text]; ok {
			return v
		}
	}
	return refine.Value{Text: text, Shown: text}
}

// labels are the keys of a whole profile with the largest values of each, whatever is
// looked at of it.
func (e *evidence) labels(ctx context.Context, o opened) ([]refine.Label, error) {
	whole, err := e.profile(ctx, o.row)
	if err != nil {
		return nil, err
	}
	return cached(e.cache, fmt.Sprintf("labels %s %d", o.row.SHA256, o.sampleType), func() ([]refine.Label, int64, error) {
		labels := refine.Labels(whole, o.sampleType, maxLabelValues)
		return labels, int64(len(labels)) * maxLabelValues * valueBytes, nil
	})
}

// valueBytes is what one value of a label takes, roughly.
const valueBytes = 150

// labelValues are the wanted values of a whole profile. beside names the profiles whose
// labels are listed, and so what is wanted.
func (e *evidence) labelValues(ctx context.Context, o opened, beside string, wanted map[string]map[string]bool) (map[string]map[string]refine.Value, error) {
	whole, err := e.profile(ctx, o.row)
	if err != nil {
		return nil, err
	}
	return cached(e.cache, fmt.Sprintf("label values %s %d of %s", o.row.SHA256, o.sampleType, beside), func() (map[string]map[string]refine.Value, int64, error) {
		bytes := int64(0)
		for _, texts := range wanted {
			bytes += int64(len(texts)) * valueBytes
		}
		return refine.Values(whole, o.sampleType, wanted), bytes, nil
	})
}
