package refine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

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
	Shown   string // for people: of a number as go tool pprof -tags writes it, "4kB"; else the text
	Total   int64  // of the samples that carry it, in the sample type's unit
	Samples int    // how many samples carry it
}

// Labels lists the labels of p's samples by key, of each at most so many values. A
// sample type that p does not have gives nil.
func Labels(p *profile.Profile, sampleType, most int) []Label {
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return nil
	}
	keys := sums(p, sampleType, func(string, string) bool { return true })
	labels := make([]Label, 0, len(keys))
	for key, values := range keys {
		labels = append(labels, label(key, values, most))
	}
	slices.SortFunc(labels, func(a, b Label) int { return cmp.Compare(a.Key, b.Key) })
	return labels
}

// Values are those values of p's labels that are wanted, by key and text. What no
// sample carries is not among them.
func Values(p *profile.Profile, sampleType int, wanted map[string]map[string]bool) map[string]map[string]Value {
	all := map[string]map[string]Value{}
	if sampleType < 0 || sampleType >= len(p.SampleType) {
		return all
	}
	for key, values := range sums(p, sampleType, func(key, text string) bool { return wanted[key][text] }) {
		all[key] = map[string]Value{}
		for text, v := range values {
			all[key][text] = v.of(key)
		}
	}
	return all
}

// sum is a value of a label while the samples that carry it are counted.
type sum struct {
	tag
	total   int64
	samples int
}

func (s *sum) of(key string) Value {
	return Value{Text: s.text, Shown: s.shown(key), Total: s.total, Samples: s.samples}
}

func sums(p *profile.Profile, sampleType int, wanted func(key, text string) bool) map[string]map[string]*sum {
	keys := map[string]map[string]*sum{}
	for _, s := range p.Sample {
		each(s, func(key string, t tag) bool {
			if !wanted(key, t.text) {
				return true
			}
			values := keys[key]
			if values == nil {
				values = map[string]*sum{}
				keys[key] = values
			}
			v := values[t.text]
			if v == nil {
				v = &sum{tag: t}
				values[t.text] = v
			}
			v.total += s.Value[sampleType]
			v.samples++
			return true
		})
	}
	return keys
}

func label(key string, values map[string]*sum, most int) Label {
	all := make([]*sum, 0, len(values))
	for _, v := range values {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b *sum) int {
		return cmp.Or(cmp.Compare(magnitude(b.total), magnitude(a.total)), cmp.Compare(a.text, b.text))
	})
	l := Label{Key: key, More: max(0, len(all)-most)}
	for _, v := range all[:len(all)-l.More] {
		l.Values = append(l.Values, v.of(key))
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
	each(s, func(k string, t tag) bool {
		found = k == key && t.text == value
		return !found
	})
	return found
}

// each calls yield with the labels of a sample, a repeated one once, until it
// returns false.
func each(s *profile.Sample, yield func(key string, t tag) bool) {
	for key, values := range s.Label {
		seen := repeats(len(values))
		for _, v := range values {
			if !seen.before(v) && !yield(key, tag{text: v}) {
				return
			}
		}
	}
	for key, values := range s.NumLabel {
		units, seen := s.NumUnit[key], repeats(len(values)+len(s.Label[key]))
		for _, text := range s.Label[key] {
			seen.before(text)
		}
		for i, v := range values {
			t := tag{number: v, numeric: true}
			if i < len(units) {
				t.unit = units[i]
			}
			t.text = strings.TrimSuffix(strconv.FormatInt(v, 10)+" "+t.unit, " ")
			if !seen.before(t.text) && !yield(key, t) {
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
