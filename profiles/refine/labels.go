package refine

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/google/pprof/profile"
)

// Label is a key that samples of a profile carry, with its values.
type Label struct {
	Key    string
	Values []Value // the largest first
	More   int     // values that were left out
}

// Value is one value of a label.
type Value struct {
	Text    string // of a number: with its unit, "4096 bytes"
	Total   int64  // of the samples that carry it, in the sample type's unit
	Samples int    // how many samples carry it
}

// Labels lists the labels of p's samples by key, of each at most so many values. A
// sample type that p does not have gives nil.
func Labels(p *profile.Profile, sampleType, most int) []Label {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	keys := map[string]map[string]Value{}
	for _, s := range p.Sample {
		each(s, func(key, text string) bool {
			if keys[key] == nil {
				keys[key] = map[string]Value{}
			}
			v := keys[key][text]
			v.Text = text
			v.Total += s.Value[sampleType]
			v.Samples++
			keys[key][text] = v
			return true
		})
	}
	labels := make([]Label, 0, len(keys))
	for key, values := range keys {
		labels = append(labels, label(key, values, most))
	}
	slices.SortFunc(labels, func(a, b Label) int { return cmp.Compare(a.Key, b.Key) })
	return labels
}

func label(key string, values map[string]Value, most int) Label {
	l := Label{Key: key}
	for _, v := range values {
		l.Values = append(l.Values, v)
	}
	slices.SortFunc(l.Values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(magnitude(b.Total), magnitude(a.Total)), cmp.Compare(a.Text, b.Text))
	})
	if len(l.Values) > most {
		l.More = len(l.Values) - most
		l.Values = slices.Clip(l.Values[:most])
	}
	return l
}

// magnitude orders differences beside sums.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// has reports whether a sample carries a label.
func has(s *profile.Sample, key, value string) bool {
	found := false
	each(s, func(k, v string) bool {
		found = k == key && v == value
		return !found
	})
	return found
}

// each calls yield with the labels of a sample, a repeated one once, until it
// returns false.
func each(s *profile.Sample, yield func(key, value string) bool) {
	for key, values := range s.Label {
		seen := repeats(len(values))
		for _, v := range values {
			if !seen.before(v) && !yield(key, v) {
				return
			}
		}
	}
	for key, values := range s.NumLabel {
		units, seen := s.NumUnit[key], repeats(len(values))
		for i, v := range values {
			text := strconv.FormatInt(v, 10)
			if i < len(units) && units[i] != "" {
				text += " " + units[i]
			}
			if !seen.before(text) && !yield(key, text) {
				return
			}
		}
	}
}

// seen are the values of one key of one sample so far. A key may have a million.
type seen map[string]bool

// repeats is ready for n values; one alone repeats nothing.
func repeats(n int) seen {
	if n < 2 {
		return nil
	}
	return make(seen, n)
}

// before reports whether the value was there before, and notes it.
func (s seen) before(v string) bool {
	if s == nil {
		return false
	}
	was := s[v]
	s[v] = true
	return was
}
