package guard

import "github.com/google/pprof/profile"

// Bytes of what profiles are made of, as the runtime allots them.
const (
	sampleBytes   = 136 // with the reference to it
	locationBytes = 72
	functionBytes = 104
	mappingBytes  = 168
	lineBytes     = 32
	wordBytes     = 8   // a value, a frame of a stack
	mapBytes      = 400 // of the labels of one sample
	labelBytes    = 140 // with texts of a few words
	stringBytes   = 16
)

// Memory is about the bytes that a decoded profile takes. Its size as it is sent tells
// nothing: a million equal samples are 12 KB then.
func Memory(p *profile.Profile) int64 {
	n := int64(len(p.Location))*locationBytes + int64(len(p.Function))*functionBytes + int64(len(p.Mapping))*mappingBytes
	texts := map[string]bool{} // each is kept once
	for _, f := range p.Function {
		texts[f.Name], texts[f.SystemName], texts[f.Filename] = true, true, true
	}
	for _, l := range p.Location {
		n += int64(len(l.Line)) * lineBytes
	}
	for _, m := range p.Mapping {
		texts[m.File], texts[m.BuildID] = true, true
	}
	for _, c := range p.Comments {
		texts[c] = true
	}
	for _, s := range p.Sample {
		n += sampleBytes + int64(len(s.Location)+len(s.Value))*wordBytes + labelsBytes(s, texts)
	}
	for s := range texts {
		n += int64(len(s)) + stringBytes
	}
	return n
}

// labelsBytes is what the labels of a sample take. Long texts are noted: they are shared.
func labelsBytes(s *profile.Sample, texts map[string]bool) (n int64) {
	note := func(text string) {
		if len(text) > labelBytes/2 {
			texts[text] = true
		}
	}
	if len(s.Label) > 0 {
		n += mapBytes
	}
	for key, values := range s.Label {
		n += int64(len(values)) * labelBytes
		note(key)
		for _, v := range values {
			note(v)
		}
	}
	if len(s.NumLabel) > 0 {
		n += 2 * mapBytes // with the units
	}
	for key, values := range s.NumLabel {
		n += int64(len(values)) * labelBytes
		note(key)
		for _, unit := range s.NumUnit[key] {
			note(unit)
		}
	}
	return n
}

// memory is what a profile of these counts will take, but for its texts, which are no
// longer than what was inflated.
func (c *counts) memory() int64 {
	return int64(c.samples)*sampleBytes + int64(c.refs+c.values)*wordBytes + int64(c.maps)*mapBytes + int64(c.labels)*labelBytes +
		int64(c.locations)*locationBytes + int64(c.lines)*lineBytes + int64(c.functions)*functionBytes + int64(c.mappings)*mappingBytes
}
